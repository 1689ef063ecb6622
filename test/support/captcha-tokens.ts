/** What the stand-in is to answer for a token. */
export type TokenFacts = {
  provider: string;
  hostname: string;
  /** That of the widget: `site-key` unless told. */
  siteKey?: string;
  action?: string;
  /** Of reCAPTCHA's third version. */
  score?: number;
  expired?: boolean;
  /**
   * `hang` never answers, `drop` closes the connection, `lost-answer` does so after it has used the token up, `status`
   * is a 503, `html` a page, `internal-error` the provider's own word. With `once-`: the first time alone.
   */
  fault?: string;
};

/** The secrets that the stand-in knows. */
export const captchaSecrets: Record<string, string> = {
  turnstile: '0x4AAAAAAAkq7Zt9Lr3WfXc5GvB2nHs8JdYpQ1m',
  hcaptcha: 'ES_7f3a9c2e5b8d4160a1b2c3d4e5f60718',
  recaptcha: '6Lc9kQ4qAAAAAH7vTzWm2XnBp5RyD8sFgJ3LhK6c',
};

let made = 0;

/** A token of a widget that somebody has just solved. */
export function makeToken(facts: TokenFacts): string {
  made += 1;
  return btoa(JSON.stringify({ ...facts, made, at: crypto.randomUUID() })).replaceAll('=', '');
}

/** What a token stands for. Null for one that no widget made. */
export function readToken(token: string): TokenFacts | null {
  try {
    return JSON.parse(atob(token)) as TokenFacts;
  } catch {
    return null;
  }
}

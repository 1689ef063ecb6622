/** Protocol, host, port and path: credentials, a query or a fragment make clients fail, some at first use. */
const plain = /^(libsql|https?):\/\/([\w.-]+|\[[\da-f:.]+\])(:\d+)?(\/[\w.~/-]*)?$/i;

/** Where Sentry takes reports: https://docs.sentry.io/concepts/key-terms/dsn-explainer/. */
const dsn = /^https?:\/\/\w+@[\w.-]+(:\d+)?\/([\w.~/-]*\/)?\d+(\?\S*)?$/;

const contact = /^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/;

const local = /^(localhost|127\.[\d.]+|0\.0\.0\.0|\[::1?\]|\[::ffff:7f.*\])$/;

/** Kept for examples and tests, and for this machine: https://www.rfc-editor.org/rfc/rfc6761. */
const reserved = /(^|\.)(example(\.(com|net|org))?|invalid|test|localhost)$/;

/** Whether the database's client can open it: `libsql:` (which is https), `https:` or `http:`. */
export function isDatabaseAddress(text: string): boolean {
  return plain.test(text) && toUrl(text) !== null;
}

/** Whether it is the address of an HTTP service, without credentials or a query. */
export function isServiceAddress(text: string): boolean {
  return isDatabaseAddress(text) && !/^libsql:/i.test(text);
}

/** Whether it is `https://<public key>@<host>/<project>`, or that over http. Sentry's client logs any other one. */
export function isSentryDsn(text: string): boolean {
  return dsn.test(text) && toUrl(text) !== null;
}

/** Whether `/.well-known/security.txt` may name it: `mailto:` or `https:`. */
export function isContact(text: string): boolean {
  return contact.test(text) && URL.canParse(text);
}

/** Scheme, host and port of an address that is no more than that. Null for any other. */
export function parseOrigin(text: string): string | null {
  const url = /^https?:/i.test(text) ? toUrl(text) : null;
  return url !== null && url.href === `${url.origin}/` ? url.origin : null;
}

/** Whether an address is encrypted, and its host could be one on the internet. */
export function isPublicAddress(text: string): boolean {
  const url = toUrl(text);
  return url !== null && url.protocol === 'https:' && isPublicHost(url.hostname);
}

/** Whether a host is neither this machine nor kept for examples. */
export function isPublicHost(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  return !local.test(name) && !reserved.test(name);
}

function toUrl(text: string): URL | null {
  const web = text.replace(/^libsql:/i, 'https:');
  return URL.canParse(web) ? new URL(web) : null;
}

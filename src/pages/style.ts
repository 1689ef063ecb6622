const defaultColor = '#1f5f8b';

/** The look of our pages in their owner's colour. The colour only ever fills a surface, so that no text depends on it. */
export function styleFor(color: string | null): string {
  const accent = /^#[\da-f]{6}$/i.test(color ?? '') ? String(color) : defaultColor;
  return `:root{--accent:${accent};--on:${textColorOn(accent)};${rules}`;
}

/** Black or white, whichever is easier to read on a colour: its contrast is 4.5 at least (WCAG 2.2, 1.4.3). */
export function textColorOn(color: string): '#000' | '#fff' {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  // Where white and black are equally far: (L + 0.05)² = 1.05 × 0.05.
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000' : '#fff';
}

const rules = [
  'color-scheme:light dark;--back:#f5f6f8;--field:#fff;--text:#1b1d21;--line:#6f757e;--bad:#b3261e}',
  '@media(prefers-color-scheme:dark){:root{--back:#15171b;--field:#1f2228;--text:#eceef1;--line:#8b929d;--bad:#ffb4ab}}',
  '*{box-sizing:border-box}',
  'body{margin:0;background:var(--back);color:var(--text);font:1.0625rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}',
  'header{background:var(--accent);color:var(--on)}',
  'header p,main{max-width:36rem;margin:0 auto;padding:1rem 1.25rem;font-weight:600}',
  'main{padding-block:2rem 3rem;font-weight:400}',
  'h1{margin:0 0 .5rem;font-size:1.6rem;line-height:1.25}',
  'a{color:inherit}',
  '[role=alert]{border-inline-start:.25rem solid var(--bad);padding-inline-start:1rem}',
  '[role=alert] :last-child{margin-block-end:0}',
  'ul{padding-inline-start:1.25rem}',
  'form{margin-block:2rem}',
  'label{display:block;font-weight:600;margin-block:1.25rem .25rem}',
  'input,textarea{width:100%;font:inherit;color:inherit;background:var(--field);border:1px solid var(--line);border-radius:.4rem;padding:.6rem .75rem}',
  'textarea{min-height:9rem}',
  '[type=checkbox]{width:auto;margin-inline-end:.5rem;inline-size:1.2rem;block-size:1.2rem;vertical-align:-.2rem}',
  '[aria-invalid]{border:2px solid var(--bad)}',
  '.bad{margin:.25rem 0;color:var(--bad)}',
  '.button{display:inline-block;margin-block-start:1.5rem;font:inherit;font-weight:600;color:var(--on);background:var(--accent);border:1px solid var(--line);border-radius:.4rem;padding:.65rem 1.25rem;text-decoration:none;cursor:pointer}',
  'form .button:first-child{margin-block-start:0}',
  '.choice{margin-inline-start:2.15rem}',
  '.choice label{margin-inline-start:-2.15rem}',
  ':focus-visible{outline:3px solid var(--text);outline-offset:2px}',
].join('');

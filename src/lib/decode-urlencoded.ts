/**
 * Reads `application/x-www-form-urlencoded` (https://url.spec.whatwg.org/#urlencoded-parsing), but for one thing:
 * what is not UTF-8 gives null, where the standard would put replacement characters into people's names.
 */
export function decodeUrlencoded(text: string): [name: string, value: string][] | null {
  try {
    return text
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => {
        const at = pair.indexOf('=');
        return at < 0
          ? [decode(pair), '']
          : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))];
      });
  } catch {
    return null;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A percent sign that begins no byte stands for itself. */
function decode(text: string): string {
  return text.replaceAll('+', ' ').replaceAll(/(?:%[\da-f]{2})+/gi, (escapes) => {
    const bytes = escapes.slice(1).split('%');
    return utf8.decode(Uint8Array.from(bytes, (byte) => Number.parseInt(byte, 16)));
  });
}

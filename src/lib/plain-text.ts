/**
 * Text that any database holds and any program reads: well-formed, in NFC, without control characters but tab and
 * line breaks, which count as one character, as in a browser's textarea. What a visitor cannot see, they could not mend
 * either, so it is replaced and not refused.
 */
export function toPlainText(text: string): string {
  return (
    text
      .toWellFormed()
      .replaceAll(/\r\n?/g, '\n')
      // oxlint-disable-next-line no-control-regex -- these are the characters to replace
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, ' ')
      .normalize('NFC')
  );
}

/** Text as one line: line breaks become blanks, and so do marks that turn the direction of what follows. */
export function toOneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Bidi_Control}]+/gu, ' ').trim();
}

/** Text without the characters that nobody sees, such as those that come along when an address is pasted. */
export function withoutInvisible(text: string): string {
  return text.replaceAll(/\p{C}/gu, '').trim();
}

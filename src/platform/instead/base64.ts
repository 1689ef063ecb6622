// The libSQL client writes and reads blobs with it. workerd does both by itself, in less.

/** What is used of js-base64. */
export const Base64 = {
  fromUint8Array: (bytes: Uint8Array): string =>
    btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')),
  toUint8Array: (text: string): Uint8Array =>
    Uint8Array.from(atob(text), (character) => character.charCodeAt(0)),
};

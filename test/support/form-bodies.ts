/** A body and the headers that say what it is. */
export type Sent = { body: BodyInit; headers: Record<string, string> };

/** A part of a multipart body: its headers, or the name of its input, and its content. */
export type SentPart = { headers: string; content: string | Uint8Array };

const boundary = '----a boundary:/';

export function asJson(value: unknown): Sent {
  return asType('application/json', typeof value === 'string' ? value : JSON.stringify(value));
}

export function asUrlencoded(body: string | [string, string][]): Sent {
  const text = typeof body === 'string' ? body : new URLSearchParams(body).toString();
  return asType('application/x-www-form-urlencoded', text);
}

/** A multipart body, byte for byte. */
export function asMultipart(parts: SentPart[], end = `--${boundary}--\r\n`): Sent {
  const pieces = parts.flatMap(({ headers, content }) => [
    `--${boundary}\r\n${headers}\r\n\r\n`,
    content,
    '\r\n',
  ]);
  const bytes = [...pieces, end].map((piece) =>
    typeof piece === 'string' ? new TextEncoder().encode(piece) : piece,
  );
  return asType(`multipart/form-data; boundary="${boundary}"`, joined(bytes));
}

/** A part as browsers send the text of an input. */
export function textPart(name: string, content: string | Uint8Array): SentPart {
  return { headers: `Content-Disposition: form-data; name="${name}"`, content };
}

/** A part as browsers send a file. */
export function filePart(name: string, filename: string, content: string | Uint8Array): SentPart {
  const disposition = `Content-Disposition: form-data; name="${name}"; filename="${filename}"`;
  return { headers: `${disposition}\r\nContent-Type: application/octet-stream`, content };
}

/** The same body, of another type. */
export function asType(type: string, body: BodyInit): Sent {
  return { body, headers: { 'Content-Type': type } };
}

/** A body that arrives in pieces of so many bytes, without a Content-Length. */
export function inPieces(bytes: Uint8Array, size: number): ReadableStream<Uint8Array> {
  let at = 0;
  const source: UnderlyingSource<Uint8Array> = {
    pull(controller) {
      if (at >= bytes.length) controller.close();
      else controller.enqueue(bytes.slice(at, (at += size)));
    },
  };
  return new ReadableStream(source, { highWaterMark: 0 });
}

function joined(pieces: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

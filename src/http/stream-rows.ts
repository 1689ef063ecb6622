import * as z from 'zod/mini';
import { attachmentNamed } from '../lib/attachment.ts';
import { toIso } from '../lib/time.ts';
import { rowFormats, type RowFormat } from '../lib/write-rows.ts';
import type { AppContext } from './context.ts';
import { exposeError } from './problem.ts';

/** The query parameter that every export takes. */
export const formatQuery = z.strictObject({ format: z.optional(z.enum(rowFormats)) });

const contentTypes: Record<RowFormat, string> = {
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson',
};

/** The form that an export is wanted in: what the query says, else what `Accept` does, else CSV. */
export function wantedFormat(c: AppContext, asked: RowFormat | undefined): RowFormat {
  const accept = c.req.header('Accept') ?? '';
  return asked ?? (/\bndjson\b/i.test(accept) ? 'ndjson' : 'csv');
}

/**
 * Answers with the pieces of a file, each made when the caller has taken the one before. What fails before the first is
 * answered as any failure; later it breaks the body, so that nobody takes a part for the whole. HEAD makes none.
 */
export async function streamRows(
  c: AppContext,
  { name, format, pieces }: { name: string; format: RowFormat; pieces: AsyncGenerator<string> },
): Promise<Response> {
  const { deps } = c.var;
  const date = toIso(deps.now()).slice(0, 10);
  c.header('Content-Type', contentTypes[format]);
  c.header('Content-Disposition', attachmentNamed(`${name}-${date}.${format}`));
  if (c.req.method === 'HEAD') return c.body(null);
  const first = await pieces.next();
  return c.body(toStream(pieces, first, (error) => exposeError(error, c)));
}

function toStream(
  pieces: AsyncGenerator<string>,
  first: IteratorResult<string>,
  tell: (error: Error) => Error,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let next: IteratorResult<string> | null = first;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const piece = next ?? (await pieces.next());
          next = null;
          if (piece.done === true) controller.close();
          else controller.enqueue(encoder.encode(piece.value));
        } catch (error) {
          controller.error(tell(error as Error));
        }
      },
      cancel: async () => void (await pieces.return(undefined)),
    },
    // Nothing is made ahead.
    { highWaterMark: 0 },
  );
}

import { AppError, type ErrorCode } from '../errors.ts';
import { framesOf } from '../lib/frames.ts';

/** One line for each request. A field that is not here cannot be logged. */
export type RequestLine = {
  request_id: string;
  method: string;
  /** The route's pattern, never the path: a path can hold anything. */
  route: string;
  status: number;
  duration_ms: number;
  code?: ErrorCode;
  key_id?: string;
  /** Windows that could not be checked because Redis was away. */
  limits_skipped?: true;
  version: string;
};

/** Somebody was turned away. The address is a keyed hash of its bucket. */
export type SecurityLine = {
  event:
    | 'key_refused'
    | 'signature_refused'
    | 'origin_refused'
    | 'limit_exceeded'
    | 'host_refused'
    | 'insecure_transport';
  reason: string;
  request_id: string;
  route: string;
  ip_hash: string;
  key_id?: string;
};

/** Something of ours is wrong: what, in a word, and names of fields or errors, never their values. */
export type FaultLine = { fault: string; names: string[]; request_id?: string; stack?: string[] };

/** Work that no request asked for. */
export type TaskLine = { task: string; count: number };

/** A mail that went nowhere: the deployment has nobody to send it. Whose it was is not for the log. */
export type MailLine = { sent: false; provider: 'log' };

/** Writes one JSON line to the Worker's log for each call. */
export type Logger = {
  request(line: RequestLine): void;
  security(line: SecurityLine): void;
  fault(line: FaultLine): void;
  task(line: TaskLine): void;
  mail(line: MailLine): void;
};

/** The log of the platform: https://developers.cloudflare.com/workers/observability/logs/workers-logs/. */
export const consoleLogger: Logger = {
  request: (line) => write('request', line),
  security: (line) => write('security', line),
  fault: (line) => write('fault', line),
  task: (line) => write('task', line),
  mail: (line) => write('mail', line),
};

/** What a fault's line may say of an error: its name, the word for what failed, and the first frames. */
export function describeFault(error: unknown): Pick<FaultLine, 'names' | 'stack'> {
  const { name, frames } = framesOf(error);
  const reason = error instanceof AppError ? error.reason : null;
  return { names: reason === null ? [name] : [name, reason], stack: frames.slice(0, 8) };
}

function write(kind: string, line: object): void {
  console.log(JSON.stringify({ kind, at: new Date().toISOString(), ...line }));
}

/** One Redis command: its name, then its arguments. */
export type Command = [name: string, ...args: string[]];

/** What Redis answers. An error reply is a value here, because a pipeline goes on after one. */
export type Reply = null | number | string | Buffer | Error | Reply[];

/** Whatever holds the data: a real Redis behind a socket, or the in-process one. */
export type Store = {
  /** Rejects with StoreUnreachable, and only with that. */
  run(command: Command): Promise<Reply>;
  /** All or nothing: the replies in order, or the error for which Redis discarded everything. */
  transaction(commands: Command[]): Promise<Reply[] | Error>;
  close(): Promise<void>;
};

/** The store did not answer: it is down, starting, or too slow. */
export class StoreUnreachable extends Error {}

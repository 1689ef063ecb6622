/** Something that an operator can do. */
export type Command = {
  /** Its words, such as `keys issue`. */
  name: string;
  summary: string;
  /** Every word and option that it takes, and what that means. */
  takes: [what: string, meaning: string][];
  /** `asJson`: nobody watches, so nothing but the outcome is printed. */
  run(parameters: string[], asJson?: boolean): Promise<Outcome>;
};

/** What came of it. */
export type Outcome = {
  /** What `--json` prints: the shapes of the HTTP API. */
  json: object;
  /** What is printed without: the result alone, so that a script can take it. */
  text: string;
  /** What a person may want to know besides. */
  note?: string;
  /** Whether the result has been printed already, as it came. */
  printed?: boolean;
  /** Whether the exit code is 1, though nothing went wrong. */
  negative?: boolean;
};

/** A failure that the operator can do something about: the message says what. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
}

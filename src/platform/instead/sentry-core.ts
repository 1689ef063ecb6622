// What Toucan asks of @sentry/core for a report that is sent at once, and never again: an event, its envelope and a
// request. The whole one has sessions, spans, breadcrumbs, processors and queues for 11 KiB gzip more. Its events are the
// same: test/faults/sentry.test.ts passes without this alias, too.
import { randomHex } from '../../lib/random-hex.ts';
import { unused } from './unused.ts';

type Tags = Record<string, string>;
type Event = Record<string, unknown> & { type?: string; tags?: Tags };
type Hint = { event_id: string };
type Request = { body: string };
type Sdk = { name: string; version: string; packages: unknown[] };
type Options = {
  dsn: string;
  environment: string;
  release: string;
  _metadata: { sdk: Sdk };
  transport: (options: object) => Transport;
  transportOptions: object;
};
type Transport = { send: (body: string) => PromiseLike<unknown> };

/** The labels of a report; Toucan itself is one. */
export class Scope {
  #client: ServerRuntimeClient | undefined;
  #tags: Tags = {};

  setClient(client: ServerRuntimeClient): void {
    this.#client = client;
  }

  getClient(): ServerRuntimeClient | undefined {
    return this.#client;
  }

  setTags(tags: Tags): void {
    this.#tags = tags;
  }

  captureException(thrown: unknown): void {
    this.#client?.captureException(thrown, this.#tags);
  }

  captureEvent(event: Event): void {
    this.#client?.captureEvent({ ...event, tags: { ...this.#tags, ...event.tags } });
  }
}

/** Turns events into envelopes: https://develop.sentry.dev/sdk/data-model/envelopes/. */
export abstract class ServerRuntimeClient {
  protected readonly _options: Options;
  protected _integrations = {};
  readonly #transport: Transport;
  readonly #publicKey: string;

  constructor(options: Options) {
    const dsn = new URL(options.dsn);
    const { name, version } = options._metadata.sdk;
    const url = new URL(dsn.pathname.replace(/[^/]+$/, 'api/$&/envelope/'), dsn.origin);
    url.search = String(
      new URLSearchParams({
        sentry_key: dsn.username,
        sentry_version: '7',
        sentry_client: `${name}/${version}`,
      }),
    );
    this._options = options;
    this.#publicKey = dsn.username;
    this.#transport = options.transport({ ...options.transportOptions, url: url.href });
  }

  /** Toucan's: the name, the stack frames and how the error came to us. */
  abstract eventFromException(thrown: unknown, hint: Hint): PromiseLike<Event>;

  getOptions(): Options {
    return this._options;
  }

  captureException(thrown: unknown, tags: Tags): void {
    const { environment, release } = this._options;
    const trace_id = randomHex(16);
    // Sentry groups what failed in one trace by it.
    const trace = { environment, release, public_key: this.#publicKey, trace_id };
    const contexts = { trace: { trace_id, span_id: randomHex(8) } };
    void this.eventFromException(thrown, { event_id: randomHex(16) }).then((event) => {
      this.#send({ timestamp: Date.now() / 1_000, ...event, tags, contexts }, { trace });
    });
  }

  captureEvent(event: Event): void {
    this.#send({ event_id: randomHex(16), ...event }, {});
  }

  protected _isEnabled(): boolean {
    return true;
  }

  protected _prepareEvent(event: Event): Event {
    const { environment, release, _metadata } = this._options;
    return { ...event, environment, release, sdk: { ..._metadata.sdk, integrations: [] } };
  }

  #send(event: Event, more: { trace?: object }): void {
    const { name, version } = this._options._metadata.sdk;
    const header = {
      event_id: event['event_id'],
      sent_at: new Date().toISOString(),
      sdk: { name, version },
      ...more,
    };
    const lines = [header, { type: event.type ?? 'event' }, this._prepareEvent(event)];
    void this.#transport.send(lines.map((line) => JSON.stringify(line)).join('\n'));
  }
}

/** Toucan makes the request, and keeps the isolate alive for it. */
export function createTransport(
  _options: object,
  request: (request: Request) => PromiseLike<unknown>,
): Transport {
  return { send: (body) => request({ body }) };
}

export function getIntegrationsToSetup(): never[] {
  return [];
}

/** Toucan defines its own when it is loaded; none of them is asked for. */
export function defineIntegration<T>(integration: T): T {
  return integration;
}

export {
  unused as dedupeIntegration,
  unused as extraErrorDataIntegration,
  unused as rewriteFramesIntegration,
  unused as sessionTimingIntegration,
};

import * as fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, it } from 'vitest';
import { verifyWebhook, webhookKey } from '../../src/lib/standard-webhooks.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const now = 1_795_000_000_500;
const sent = new Date(now);
const encoder = new TextEncoder();
const genuine = new Webhook(secret);

type Message = { id: string; timestamp: string; signature: string; body: string };

/** A message as the library of Standard Webhooks signs it. */
function signed(body: string, { id = 'msg_1', at = sent, by = genuine } = {}): Message {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  return { id, timestamp, signature: by.sign(id, at, body), body };
}

function headersOf({ id, timestamp, signature }: Message, prefix = 'webhook'): Headers {
  return new Headers([
    [`${prefix}-id`, id],
    [`${prefix}-timestamp`, timestamp],
    [`${prefix}-signature`, signature],
  ]);
}

const verify = (message: Message, prefix?: string, by = secret) =>
  verifyWebhook(by, headersOf(message, prefix), encoder.encode(message.body), now);

/** What the library says of a message, whose clock is ours for a moment. */
function isTakenByLibrary(message: Message): boolean {
  const real = Date.now;
  Date.now = () => now;
  try {
    const headers = Object.fromEntries(headersOf(message));
    genuine.verify(message.body, headers, { jsonParse: false });
    return true;
  } catch {
    return false;
  } finally {
    Date.now = real;
  }
}

const ids = fc.stringMatching(/^[\w-]{1,40}$/);
const bodies = fc.string({ unit: 'binary', maxLength: 200 });

describe('the signature of a webhook', () => {
  it('is taken as the library of the standard makes it, under either name', async ({ expect }) => {
    const property = fc.asyncProperty(
      fc.record({ id: ids, body: bodies, age: fc.integer({ min: -300, max: 300 }) }),
      fc.constantFrom('svix', 'webhook'),
      async ({ id, body, age }, prefix) => {
        const message = signed(body, { id, at: new Date(now - age * 1_000) });
        expect(await verify(message, prefix)).toEqual({ id });
      },
    );
    await fc.assert(property);
  });

  it('is refused where anything is not as it was signed', async ({ expect }) => {
    const changes: Partial<Message>[] = [
      ...[{ id: 'msg_2' }, { timestamp: String(Math.floor(now / 1_000) - 1) }],
      ...[{ body: '{ }' }, { body: '\u{feff}{}' }, { body: '' }],
      { signature: genuine.sign('msg_1', sent, '{}').slice(0, -1) },
      { signature: genuine.sign('msg_1', sent, '{}').replace('v1,', 'v1a,') },
      { signature: genuine.sign('msg_1', sent, '{}').replace('v1,', '') },
    ];
    for (const change of changes) {
      const outcome = await verify({ ...signed('{}'), ...change });
      expect(outcome, JSON.stringify(change)).toEqual({ refused: 'wrong_signature' });
    }
    const other = `whsec_${btoa('x'.repeat(24))}`;
    expect(await verify(signed('{}'), 'svix', other)).toEqual({ refused: 'wrong_signature' });
    expect(await verify(signed('\u{feff}{}'))).toEqual({ id: 'msg_1' });
  });

  it('may be one of several, while the sender changes its secret', async ({ expect }) => {
    const message = signed('{}');
    const older = signed('{}', { by: new Webhook(`whsec_${btoa('x'.repeat(24))}`) }).signature;
    const of = (signature: string) => verify({ ...message, signature });
    expect(await of(`${older} ${message.signature}`)).toEqual({ id: 'msg_1' });
    expect(await of(`${message.signature} ${older} v1a,AAAA  ,`)).toEqual({ id: 'msg_1' });
    expect(await of(`${older} v1,`)).toEqual({ refused: 'wrong_signature' });
  });

  it.for([
    [301, false],
    [300, true],
    [-300, true],
    [-301, false],
  ] as const)('of %d s ago is fresh: %s', async ([age, isFresh], { expect }) => {
    const message = signed('{}', { at: new Date(now - age * 1_000) });
    expect(await verify(message)).toEqual(isFresh ? { id: 'msg_1' } : { refused: 'stale' });
    expect(isTakenByLibrary(message)).toBe(isFresh);
  });

  it('is not parted otherwise than it was made', async ({ expect }) => {
    const message = signed('1.{}', { id: 'msg_1' });
    const parted = { ...message, id: `msg_1.${message.timestamp}`, body: '{}' };
    expect(await verify(parted)).toEqual({ refused: 'unsigned' });
  });

  it('is never taken from headers that the library would not take', async ({ expect }) => {
    const genuineOne = signed('{"type":"a"}');
    const text = fc.string({ maxLength: 30 });
    const oneOf = (right: string, ...others: string[]) =>
      fc.oneof(fc.constant(right), fc.constantFrom(...others), text);
    const message = fc.record({
      id: oneOf(genuineOne.id, '', 'msg_1.1', 'msg 1'),
      timestamp: oneOf(genuineOne.timestamp, '', '1', `${genuineOne.timestamp}abc`, '1e9', 'NaN'),
      signature: oneOf(
        genuineOne.signature,
        ...['', 'v1', 'v1,', 'v1,=', `v2,${genuineOne.signature.slice(3)}`],
        ` ${genuineOne.signature}  v1,${'A'.repeat(44)}`,
      ),
      body: oneOf(genuineOne.body, '', '{}'),
    });
    let taken = 0;
    const property = fc.asyncProperty(message, async (sentOne) => {
      fc.pre(canBeHeaders(sentOne));
      const outcome = await verify(sentOne);
      if ('refused' in outcome) return;
      taken += 1;
      expect(isTakenByLibrary(sentOne)).toBe(true);
    });
    await fc.assert(property, { numRuns: 1_000 });
    expect(taken).toBeGreaterThan(0);
  });

  it('is missed where a header is', async ({ expect }) => {
    const message = signed('{}');
    for (const name of ['id', 'timestamp', 'signature']) {
      const headers = headersOf(message);
      headers.delete(`webhook-${name}`);
      const outcome = await verifyWebhook(secret, headers, encoder.encode('{}'), now);
      expect(outcome).toEqual({ refused: 'unsigned' });
    }
    // Half of the one and half of the other is neither.
    const mixed = headersOf(message);
    mixed.set('svix-id', message.id);
    expect(await verifyWebhook(secret, mixed, encoder.encode('{}'), now)).toEqual({
      refused: 'unsigned',
    });
  });
});

function canBeHeaders(message: Message): boolean {
  try {
    headersOf(message);
    return true;
  } catch {
    return false;
  }
}

describe('the secret of a webhook', () => {
  it('is whsec_ and 24 bytes or more in base64', ({ expect }) => {
    const property = fc.property(fc.uint8Array({ minLength: 1, maxLength: 70 }), (bytes) => {
      const text = btoa(String.fromCharCode(...bytes));
      const key = webhookKey(`whsec_${text}`);
      expect(key).toEqual(bytes.length >= 24 ? Uint8Array.from(bytes) : null);
      expect(webhookKey(text)).toBeNull();
    });
    fc.assert(property);
  });

  it('is never read from another text, nor does that throw', ({ expect }) => {
    const part = fc.constantFrom('whsec_', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', '=', '==', 'a', '_');
    const text = fc.oneof(
      fc.string(),
      fc.array(part, { maxLength: 6 }).map((parts) => parts.join('')),
    );
    const property = fc.property(text, (given) => {
      const key = webhookKey(given);
      if (key === null) return;
      expect(`whsec_${btoa(String.fromCharCode(...key))}`).toBe(given);
    });
    fc.assert(property, { numRuns: 500 });
  });
});

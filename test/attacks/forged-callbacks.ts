import {
  createHash,
  createHmac,
  generateKeyPairSync,
  sign,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';

/** What comes over the wire: a header that is given twice has two values, one that is left out none. */
export type Sent = {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
};

/** What a forger may know of a callback, and the key of fal, which makes what fal would not. */
export type Genuine = {
  readonly requestId: string;
  /** A body that fal could have sent. */
  readonly body: Buffer;
  /** Seconds since 1970. */
  readonly now: number;
  readonly key: KeyObject;
  readonly published: JsonWebKey;
};

type Fields = {
  readonly requestId: string;
  readonly userId: string;
  readonly timestamp: string;
  readonly signature: string;
};

const name = (field: string): string => `x-fal-webhook-${field}`;
const user = 'user';

/** What fal signs: four lines, the last of them a digest of the bytes. */
const messageOf = (
  { requestId, body, now }: Pick<Genuine, 'requestId' | 'body'> & { readonly now: number | string },
  userId = user,
): Buffer =>
  Buffer.from(
    `${requestId}\n${userId}\n${now}\n${createHash('sha256').update(body).digest('hex')}`,
  );

export const signatureOf = (
  known: Omit<Genuine, 'now' | 'published'> & { readonly now: number | string },
  userId?: string,
): string => sign(null, messageOf(known, userId), known.key).toString('hex');

/** A callback as fal sends it, with single fields replaced. */
export function send(known: Genuine, changed: Partial<Fields> = {}, body = known.body): Sent {
  const fields = {
    requestId: known.requestId,
    userId: user,
    timestamp: String(known.now),
    signature: signatureOf(known),
    ...changed,
  };
  return {
    body,
    headers: {
      [name('request-id')]: fields.requestId,
      [name('user-id')]: fields.userId,
      [name('timestamp')]: fields.timestamp,
      [name('signature')]: fields.signature,
    },
  };
}

const without = ({ body, headers }: Sent, field: string): Sent => ({
  body,
  headers: { ...headers, [name(field)]: undefined },
});

const given = (known: Genuine, field: string, ...values: string[]): Sent => {
  const { body, headers } = send(known);
  return { body, headers: { ...headers, [name(field)]: values } };
};

/** Signed for this time, and saying so. */
const at = (known: Genuine, now: number | string): Sent =>
  send(known, { timestamp: String(now), signature: signatureOf({ ...known, now }) });

/** The order of the group that Ed25519 computes in: a signature plus this is the same one, written otherwise. */
const order = 2n ** 252n + 27742317777372353535851937790883648493n;

function rewritten(signature: string): string {
  const bytes = Buffer.from(signature, 'hex');
  const scalar =
    BigInt(`0x${Buffer.from(bytes.subarray(32).toReversed()).toString('hex')}`) + order;
  const hex = scalar.toString(16).padStart(64, '0');
  return Buffer.concat([bytes.subarray(0, 32), Buffer.from(hex, 'hex').toReversed()]).toString(
    'hex',
  );
}

const stranger = generateKeyPairSync('ed25519').privateKey;
const otherCurve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const asPublished = ({ published }: Genuine): Buffer => Buffer.from(published.x ?? '', 'base64url');

/** Each way to forge a callback of fal; all must be refused. */
export const falForgeries: Readonly<Record<string, (known: Genuine) => Sent>> = {
  'no header at all': ({ body }) => ({ body, headers: {} }),
  'no request id': (known) => without(send(known), 'request-id'),
  'no user id': (known) => without(send(known), 'user-id'),
  'no time': (known) => without(send(known), 'timestamp'),
  'no signature': (known) => without(send(known), 'signature'),
  'an empty request id': (known) => send(known, { requestId: '' }),
  'an empty user id': (known) => send(known, { userId: '' }),
  'an empty time': (known) => send(known, { timestamp: '' }),
  'an empty signature': (known) => send(known, { signature: '' }),
  'words for a signature': (known) => send(known, { signature: 'trust me' }),
  'a signature of zeros': (known) => send(known, { signature: '0'.repeat(128) }),
  'the key of a stranger': (known) =>
    send(known, { signature: signatureOf({ ...known, key: stranger }) }),
  'another algorithm of the same length': (known) => {
    const made = sign('sha256', messageOf(known), { key: otherCurve, dsaEncoding: 'ieee-p1363' });
    return send(known, { signature: made.toString('hex') });
  },
  'an HMAC with the published key': (known) =>
    send(known, {
      signature: createHmac('sha512', asPublished(known)).update(messageOf(known)).digest('hex'),
    }),
  'an HMAC with the published text': (known) =>
    send(known, {
      signature: createHmac('sha512', known.published.x ?? '')
        .update(messageOf(known))
        .digest('hex'),
    }),
  'a hash of the message': (known) =>
    send(known, { signature: createHash('sha512').update(messageOf(known)).digest('hex') }),
  '301 s old': (known) => at(known, known.now - 301),
  '301 s ahead': (known) => at(known, known.now + 301),
  'a day old': (known) => at(known, known.now - 86_400),
  'a time of milliseconds': (known) => at(known, known.now * 1000),
  'a time below zero': (known) => at(known, -known.now),
  'a time with a fraction': (known) => at(known, `${known.now}.0`),
  'a time as a power': (known) => at(known, `${known.now}e0`),
  'a time in hex': (known) => at(known, `0x${known.now.toString(16)}`),
  'a time that is none': (known) => at(known, 'NaN'),
  'a time without an end': (known) => at(known, 'Infinity'),
  'another time than the one that is signed': (known) =>
    send(known, { timestamp: String(known.now + 1) }),
  'another request id than the one that is signed': (known) =>
    send(known, { requestId: `${known.requestId}x` }),
  'another user id than the one that is signed': (known) => send(known, { userId: 'other' }),
  'an id that takes the line of the user': (known) =>
    send(known, { requestId: `${known.requestId}\\n${user}`, userId: '' }),
  'another body': (known) =>
    send(known, {}, Buffer.from(known.body.toString().replace('a.mp4', 'b.mp4'))),
  'one byte more': (known) => send(known, {}, Buffer.concat([known.body, Buffer.from(' ')])),
  'one byte less': (known) => send(known, {}, known.body.subarray(0, -1)),
  'no body': (known) => send(known, {}, Buffer.alloc(0)),
  'a body written anew': (known) =>
    send(known, {}, Buffer.from(JSON.stringify(JSON.parse(known.body.toString()), null, 2))),
  'a body with a mark of byte order': (known) =>
    send(known, {}, Buffer.concat([Buffer.from('\u{FEFF}'), known.body])),
  'a body in UTF-16': (known) => send(known, {}, Buffer.from(known.body.toString(), 'utf16le')),
  'a signature over the body alone': (known) =>
    send(known, { signature: sign(null, known.body, known.key).toString('hex') }),
  'a signature over the digest alone': (known) => {
    const digest = createHash('sha256').update(known.body).digest();
    return send(known, { signature: sign(null, digest, known.key).toString('hex') });
  },
  'a signature without the time': (known) =>
    send(known, { signature: signatureOf({ ...known, now: '' }) }),
  'the signature of another request': (known) =>
    send(known, { signature: signatureOf({ ...known, requestId: 'another' }) }),
  'the signature of another user': (known) =>
    send(known, { signature: signatureOf(known, 'other') }),
  'a signature cut short': (known) => send(known, { signature: signatureOf(known).slice(0, 126) }),
  'a signature of half the length': (known) =>
    send(known, { signature: signatureOf(known).slice(0, 64) }),
  'a signature with more after it': (known) =>
    send(known, { signature: `${signatureOf(known)}00` }),
  'a signature with a sign before it': (known) =>
    send(known, { signature: `0x${signatureOf(known)}` }),
  'a signature with its scheme': (known) => send(known, { signature: `v1=${signatureOf(known)}` }),
  'a signature in base64': (known) =>
    send(known, { signature: Buffer.from(signatureOf(known), 'hex').toString('base64') }),
  'the same signature in other numbers': (known) =>
    send(known, { signature: rewritten(signatureOf(known)) }),
  'one digit changed': (known) => {
    const signature = signatureOf(known);
    return send(known, {
      signature: `${signature.startsWith('0') ? '1' : '0'}${signature.slice(1)}`,
    });
  },
  'two signatures in one header, the good one first': (known) =>
    send(known, { signature: `${signatureOf(known)},${'0'.repeat(128)}` }),
  'two signatures in one header, the good one last': (known) =>
    send(known, { signature: `${'0'.repeat(128)},${signatureOf(known)}` }),
  'the signature twice, the good one first': (known) =>
    given(known, 'signature', signatureOf(known), '0'.repeat(128)),
  'the signature twice, the good one last': (known) =>
    given(known, 'signature', '0'.repeat(128), signatureOf(known)),
  'the same signature twice': (known) =>
    given(known, 'signature', signatureOf(known), signatureOf(known)),
  'the time twice': (known) => given(known, 'timestamp', String(known.now), String(known.now)),
  'the request id twice': (known) => given(known, 'request-id', known.requestId, 'another'),
  'the user id twice': (known) => given(known, 'user-id', user, 'other'),
};

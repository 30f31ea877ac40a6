import { createHmac } from 'node:crypto';

/** What somebody else than the payment service sends. */
type Forged = { readonly body: string | Buffer; readonly signature?: string };

type Known = {
  /** A message that the service could have sent. */
  readonly body: string;
  readonly secret: string;
  /** Seconds since 1970. */
  readonly now: number;
};

const sign = (secret: string, at: number | string, body: string): string =>
  createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
const header = (at: number | string, signature: string): string => `t=${at},v1=${signature}`;

/** Twenty ways to forge a message; each must be refused. */
export const forgeries: Readonly<Record<string, (known: Known) => Forged>> = {
  'no signature': ({ body }) => ({ body }),
  'an empty signature': ({ body }) => ({ body, signature: '' }),
  'words for a signature': ({ body }) => ({ body, signature: 'trust me' }),
  'no time': ({ body, secret, now }) => ({ body, signature: `v1=${sign(secret, now, body)}` }),
  'no version': ({ body, now }) => ({ body, signature: `t=${now}` }),
  'an older scheme': ({ body, secret, now }) => ({
    body,
    signature: `t=${now},v0=${sign(secret, now, body)}`,
  }),
  'another secret': ({ body, now }) => ({
    body,
    signature: header(now, sign('whsec_x', now, body)),
  }),
  'an empty secret': ({ body, now }) => ({ body, signature: header(now, sign('', now, body)) }),
  'the signature of another body': ({ body, secret, now }) => ({
    body,
    signature: header(now, sign(secret, now, `${body} `)),
  }),
  'a changed amount': ({ body, secret, now }) => ({
    body: body.replace(/"id": ?"evt_/, '"id":"evt_9'),
    signature: header(now, sign(secret, now, body)),
  }),
  'written anew': ({ body, secret, now }) => ({
    body: JSON.stringify(JSON.parse(body)),
    signature: header(now, sign(secret, now, body)),
  }),
  'a time that is swapped': ({ body, secret, now }) => ({
    body,
    signature: header(now, sign(secret, now - 1, body)),
  }),
  'too old': ({ body, secret, now }) => ({
    body,
    signature: header(now - 301, sign(secret, now - 301, body)),
  }),
  'too early': ({ body, secret, now }) => ({
    body,
    signature: header(now + 301, sign(secret, now + 301, body)),
  }),
  'a time that is none': ({ body, secret }) => ({
    body,
    signature: header('soon', sign(secret, 'soon', body)),
  }),
  'a time of milliseconds': ({ body, secret, now }) => ({
    body,
    signature: header(now * 1000, sign(secret, now * 1000, body)),
  }),
  'a signature cut short': ({ body, secret, now }) => ({
    body,
    signature: header(now, sign(secret, now, body).slice(0, 32)),
  }),
  'a signature in base64': ({ body, secret, now }) => ({
    body,
    signature: header(now, Buffer.from(sign(secret, now, body), 'hex').toString('base64')),
  }),
  'an empty body': ({ secret, now }) => ({
    body: '',
    signature: header(now, sign(secret, now, 'x')),
  }),
  'the secret itself': ({ body, secret, now }) => ({ body, signature: header(now, secret) }),
};

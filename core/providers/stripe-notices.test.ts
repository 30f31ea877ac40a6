import { createHmac } from 'node:crypto';

import { describe, expect, test } from 'vitest';

import { isFault } from '../fault.ts';
import { stripeEvents } from '../stripe-messages.ts';
import { readEvent } from './stripe-notices.ts';
import { createStripePayments } from './stripe.ts';

const now = new Date('2026-11-22T08:00:00.999Z');
const second = Math.floor(now.getTime() / 1000);
const secret = 'whsec_current';
const older = 'whsec_older';

const paymentsWith = (webhookSecrets: readonly string[]) =>
  createStripePayments({ secretKey: 'sk_test', webhookSecrets, url: 'http://127.0.0.1:9' });
const payments = paymentsWith([secret]);

const eventOf = (type: string, object: object): object => ({
  id: 'evt_1',
  object: 'event',
  api_version: '2026-10-28.endive',
  created: second - 7,
  type,
  data: { object },
  livemode: false,
});

/** Written as no serialiser of ours writes it, so that the bytes matter. */
const text = JSON.stringify(eventOf('invoice.paid', { id: 'in_1', name: 'Zoë 张' }), null, 2)
  .replace('"livemode": false', '"livemode" :false, "fee": 1.0, "note": "\\u004fk"')
  .concat('\n');
const body = Buffer.from(text);

const hmac = (content: string | Buffer, key = secret, time: number | string = second): string =>
  createHmac('sha256', key).update(`${time}.`).update(content).digest('hex');
const headerOf = (content: string | Buffer, key = secret, time = second): string =>
  `t=${time},v1=${hmac(content, key, time)}`;

const read = (signature: string | undefined, content: Buffer = body, service = payments) =>
  service.readNotice({ body: content, signature, now });

const genuine = {
  id: 'evt_1',
  type: 'invoice.paid',
  subject: { kind: 'invoice', id: 'in_1' },
  createdAt: new Date('2026-11-22T07:59:53.000Z'),
};

describe('a message that is taken', () => {
  test.each<[string, string]>([
    ['just signed', headerOf(body)],
    ['with an older scheme beside', `${headerOf(body)},v0=${hmac(body, 'other')}`],
    ['signed with two secrets at once', `t=${second},v1=${hmac(body, older)},v1=${hmac(body)}`],
    ['299 s old', headerOf(body, secret, second - 299)],
    ['300 s old', headerOf(body, secret, second - 300)],
    ['299 s ahead', headerOf(body, secret, second + 299)],
    ['300 s ahead', headerOf(body, secret, second + 300)],
  ])('%s', async (_what, signature) => {
    expect(await read(signature)).toEqual(genuine);
  });

  test('while the secret is changed either one is good, and afterwards only the new one', async () => {
    const both = paymentsWith([secret, older]);
    expect(await read(headerOf(body), body, both)).toEqual(genuine);
    expect(await read(headerOf(body, older), body, both)).toEqual(genuine);
    await expect(read(headerOf(body, older))).rejects.toThrow('not valid');
  });
});

const half = hmac(body).slice(0, 32);
const reserialised = Buffer.from(JSON.stringify(JSON.parse(text)));
const parsed = Buffer.from(JSON.stringify(JSON.parse(text), null, 2));
const tampered = Buffer.from(text.replace('in_1', 'in_2'));
const latin = Buffer.from(text, 'latin1');
const replaced = Buffer.from(text.replace('Zoë', 'Zo\uFFFD'));
const at = replaced.indexOf(Buffer.from('\uFFFD'));
const broken = Buffer.concat([
  replaced.subarray(0, at),
  Buffer.from([0xff]),
  replaced.subarray(at + 3),
]);
const other = Buffer.from(JSON.stringify(eventOf('invoice.paid', { id: 'in_9' })));

describe('a forgery', () => {
  const forgeries: [string, string | undefined, Buffer?][] = [
    ['without a header', undefined],
    ['with an empty header', ''],
    ['with a header of no shape', 'sha256=abc'],
    ['without a time', `v1=${hmac(body)}`],
    ['with a time that is none', `t=soon,v1=${hmac(body, secret, 'soon')}`],
    ['with a time that says NaN, signed as such', `t=NaN,v1=${hmac(body, secret, 'NaN')}`],
    ['with no time, signed as such', `t=,v1=${hmac(body, secret, 'NaN')}`],
    ['with a time below zero', headerOf(body, secret, -1)],
    ['with a time of thirteen digits', headerOf(body, secret, second * 1000)],
    ['with words after the time', `t=${second}x,v1=${hmac(body)}`],
    ['without a signature', `t=${second}`],
    ['with an empty signature', `t=${second},v1=`],
    ['of the wrong secret', headerOf(body, 'whsec_stranger')],
    ['of no secret', headerOf(body, ' ')],
    ['of the secret before the last', headerOf(body, older)],
    ['with a changed body', headerOf(body), tampered],
    ['with one byte more', headerOf(body), Buffer.concat([body, Buffer.from(' ')])],
    ['with one byte less', headerOf(body), body.subarray(0, -1)],
    [
      'with a mark of byte order before it',
      headerOf(body),
      Buffer.concat([Buffer.from('\uFEFF'), body]),
    ],
    ['re-serialised', headerOf(body), reserialised],
    ['parsed, and written as it was indented', headerOf(body), parsed],
    [
      'with a body that was taken as a string for another',
      headerOf(body),
      Buffer.from('[object Object]'),
    ],
    ['301 s old', headerOf(body, secret, second - 301)],
    ['301 s ahead', headerOf(body, secret, second + 301)],
    ['an hour ahead', headerOf(body, secret, second + 3600)],
    ['of the old scheme only', `t=${second},v0=${hmac(body)}`],
    ['of a scheme to come only', `t=${second},v2=${hmac(body)}`],
    ['with half a signature', `t=${second},v1=${half}`],
    ['with a signature twice as long', `t=${second},v1=${hmac(body)}${hmac(body)}`],
    ['with a signature in capitals', `t=${second},v1=${hmac(body).toUpperCase()}`],
    [
      'with a signature in base64',
      `t=${second},v1=${Buffer.from(hmac(body), 'hex').toString('base64')}`,
    ],
    ['with a signature of letters that are none', `t=${second},v1=${'é'.repeat(64)}`],
    ['with the signature of another body', headerOf(other)],
    [
      'with a body without its time',
      `t=${second},v1=${createHmac('sha256', secret).update(body).digest('hex')}`,
    ],
    [
      'with another time than the one that is signed',
      `t=${second},v1=${hmac(body, secret, second - 1)}`,
    ],
    ['stale, with a fresh time before it', `t=${second},${headerOf(body, secret, second - 900)}`],
    ['stale, with a fresh time after it', `${headerOf(body, secret, second - 900)},t=${second}`],
    ['with the header twice, the good one first', `${headerOf(body)}, ${headerOf(other, 'x')}`],
    ['with the header twice, the good one last', `${headerOf(other, 'x')}, ${headerOf(body)}`],
    ['with an empty body', headerOf(''), Buffer.alloc(0)],
    ['with a body of 1 MiB', headerOf(body), Buffer.alloc(1024 * 1024, '{')],
    ['in another encoding', headerOf(latin), latin],
    ['with bytes that are no UTF-8 for a replaced letter', headerOf(replaced), broken],
  ];

  test.each<[string, string | undefined, Buffer?]>(forgeries)(
    '%s is refused',
    async (_what, signature, content) => {
      const answer = read(signature, content).catch((error: unknown) => error);
      expect(isFault(await answer, 'link_not_valid')).toBe(true);
    },
  );

  test('says the same whatever is wrong with it', async () => {
    const said = await Promise.all(
      forgeries.map(([, signature, content]) =>
        read(signature, content).then(
          () => 'taken',
          (error: unknown) => (error instanceof Error ? [error.message, error.cause] : error),
        ),
      ),
    );
    expect(new Set(said.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(said.length).toBeGreaterThan(40);
  });

  test.each<[string, string]>([
    ['that is no JSON', 'not json at all'],
    ['that is no event', '{"id":"in_1","object":"invoice"}'],
    ['that is null', 'null'],
    [
      'without a time',
      JSON.stringify({ ...eventOf('invoice.paid', { id: 'in_1' }), created: null }),
    ],
    [
      'with an id of 256 letters',
      JSON.stringify({ ...eventOf('invoice.paid', {}), id: 'e'.repeat(256) }),
    ],
    ['of the thin kind', '{"id":"evt_1","object":"v2.core.event","type":"v1.invoice.paid"}'],
  ])('nor is a signed body %s', async (_what, content) => {
    const answer = read(headerOf(content), Buffer.from(content)).catch((error: unknown) => error);
    expect(isFault(await answer, 'link_not_valid')).toBe(true);
  });

  test('no secret at all takes nothing', async () => {
    for (const none of [[], [''], [' ']])
      for (const key of ['', ' ', secret])
        await expect(read(headerOf(body, key), body, paymentsWith(none))).rejects.toThrow(
          'not valid',
        );
  });
});

describe('where to look', () => {
  const session = { id: 'cs_1', payment_intent: 'pi_1' };
  const refund = { id: 're_1', payment_intent: 'pi_1' };

  test.each<[string, object, object | null]>([
    ['checkout.session.completed', session, { kind: 'checkout', id: 'cs_1' }],
    ['checkout.session.expired', session, { kind: 'checkout', id: 'cs_1' }],
    ['customer.subscription.paused', { id: 'sub_1' }, { kind: 'subscription', id: 'sub_1' }],
    ['invoice.payment_failed', { id: 'in_1' }, { kind: 'invoice', id: 'in_1' }],
    ['charge.refunded', { id: 'ch_1', payment_intent: 'pi_1' }, { kind: 'payment', id: 'pi_1' }],
    ['charge.refund.updated', refund, { kind: 'payment', id: 'pi_1' }],
    [
      'charge.dispute.closed',
      { id: 'du_1', payment_intent: 'pi_1' },
      { kind: 'payment', id: 'pi_1' },
    ],
    [
      'refund.failed',
      { ...refund, payment_intent: { id: 'pi_2' } },
      { kind: 'payment', id: 'pi_2' },
    ],
    ['refund.created', { id: 're_1', payment_intent: null }, null],
    ['charge.dispute.created', { id: 'du_1' }, null],
    ['invoice.upcoming', {}, null],
    ['invoice_payment.paid', { id: 'inpay_1' }, null],
    ['charge.succeeded', { id: 'ch_1', payment_intent: 'pi_1' }, null],
    ['customer.created', { id: 'cus_1' }, null],
  ])('%s', (type, object, subject) => {
    expect(readEvent(eventOf(type, object))).toEqual({ ...genuine, type, subject });
  });

  test('every type that is asked for says where, and Stripe takes twenty in one question', () => {
    const object = { id: 'x_1', payment_intent: 'pi_1' };
    const found = stripeEvents.map((type) => readEvent(eventOf(type, object)).subject);
    expect(found).not.toContain(null);
    expect(stripeEvents.length).toBeLessThanOrEqual(20);
    expect(new Set(stripeEvents).size).toBe(stripeEvents.length);
  });
});

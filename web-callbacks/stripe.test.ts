import { createHmac } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';

import { receivePaymentNotice } from '../core/billing/receive.ts';
import { createWorld, type World } from '../test/kit/world.ts';

const secret = 'whsec_this_one_is_new';
const older = 'whsec_and_this_one_is_older';
const mebibyte = 1024 * 1024;

let world: World;
beforeAll(async () => {
  world = await createWorld({
    settings: {
      STRIPE_SECRET_KEY: 'sk_test_of_the_web',
      STRIPE_WEBHOOK_SECRET: `${secret}, ${older}`,
      STRIPE_API_URL: 'http://127.0.0.1:9',
    },
  });
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.services.database.sql`delete from payment_notices`;
  await world.services.database.sql`delete from pgboss.job where name = 'payment.notice'`;
});

const second = () => Math.floor(world.now().getTime() / 1000);
const eventOf = (id: string, extra: object = {}) =>
  JSON.stringify({
    id,
    object: 'event',
    type: 'invoice.paid',
    created: second() - 3,
    data: { object: { id: 'in_1', object: 'invoice' } },
    ...extra,
  });
const sign = (content: string, key = secret, time = second()) =>
  `t=${time},v1=${createHmac('sha256', key).update(`${time}.${content}`).digest('hex')}`;

/** Delivers as Stripe does; without a signature of its own it is signed as it should be. */
const send = (content: string, headers: Readonly<Record<string, string>> = {}) =>
  fetch(`${world.publicUrl}/webhooks/stripe`, {
    method: 'POST',
    body: content,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'stripe-signature': sign(content),
      ...headers,
    },
  });
const answerOf = async (response: Response): Promise<unknown> => [
  response.status,
  await response.json(),
];

const rowsSchema = z.array(
  z.object({
    id: z.string(),
    type: z.string(),
    subject_kind: z.string().nullable(),
    subject_id: z.string().nullable(),
    source: z.string(),
    created_at: z
      .date()
      .or(z.string())
      .transform((moment) => new Date(moment).toISOString()),
    handled_at: z.null(),
  }),
);
const stored = async () =>
  rowsSchema.parse(await world.services.database.sql`select * from payment_notices order by id`);
const queued = async () => {
  const rows = await world.services.database.sql`
    select data->'payload'->>'notice' as notice from pgboss.job
    where name = 'payment.notice' order by 1`;
  return z
    .array(z.object({ notice: z.string() }))
    .parse(rows)
    .map(({ notice }) => notice);
};
const nothing = async () => {
  expect([await stored(), await queued()]).toEqual([[], []]);
};

test('a message is stored and queued, and nothing is done about it yet', async () => {
  expect(await answerOf(await send(eventOf('evt_1')))).toEqual([200, { status: 'accepted' }]);
  expect(await stored()).toEqual([
    {
      id: 'evt_1',
      type: 'invoice.paid',
      subject_kind: 'invoice',
      subject_id: 'in_1',
      source: 'webhook',
      created_at: '2026-11-22T07:59:57.000Z',
      handled_at: null,
    },
  ]);
  expect(await queued()).toEqual(['evt_1']);
});

test('the same message again is a duplicate, with another signature and from the nightly look as well', async () => {
  await send(eventOf('evt_1'));
  expect(await answerOf(await send(eventOf('evt_1')))).toEqual([200, { status: 'duplicate' }]);
  const retry = eventOf('evt_1');
  const later = { 'stripe-signature': sign(retry, older, second() + 60) };
  expect(await answerOf(await send(retry, later))).toEqual([200, { status: 'duplicate' }]);
  const notice = { id: 'evt_1', type: 'x', subject: null, createdAt: world.now() };
  expect(await receivePaymentNotice(world.services, notice, 'reconcile')).toBe('duplicate');
  expect((await stored()).map(({ type, source }) => [type, source])).toEqual([
    ['invoice.paid', 'webhook'],
  ]);
  expect(await queued()).toEqual(['evt_1']);
});

test('sixty-four deliveries of one message at once are taken in once', async () => {
  const answers = await Promise.all(Array.from({ length: 64 }, () => send(eventOf('evt_1'))));
  const bodies = await Promise.all(answers.map((one) => one.text()));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  expect(bodies.filter((body) => body === '{"status":"accepted"}')).toHaveLength(1);
  expect([(await stored()).length, await queued()]).toEqual([1, ['evt_1']]);
});

test('a message about nothing of ours is kept, so that it is not asked about again', async () => {
  const content = eventOf('evt_1', { type: 'customer.created' });
  expect(await answerOf(await send(content))).toEqual([200, { status: 'accepted' }]);
  expect((await stored()).map(({ subject_kind: kind }) => kind)).toEqual([null]);
});

test('the raw bytes count: a body that re-serialises differently is taken', async () => {
  const spaced = eventOf('evt_1').replace(/^\{/u, '{\n  "note" :  "\\u004fK", "fee": 1.0,');
  expect(JSON.stringify(JSON.parse(spaced))).not.toBe(spaced);
  expect((await send(spaced)).status).toBe(200);
});

test.each<[string, (content: string) => readonly [string, Readonly<Record<string, string>>?]]>([
  ['with an empty signature', (content) => [content, { 'stripe-signature': '' }]],
  [
    'signed by a stranger',
    (content) => [content, { 'stripe-signature': sign(content, 'whsec_x') }],
  ],
  ['of another body', (content) => [content, { 'stripe-signature': sign(`${content} `) }]],
  [
    '301 s old',
    (content) => [content, { 'stripe-signature': sign(content, secret, second() - 301) }],
  ],
  [
    '301 s ahead',
    (content) => [content, { 'stripe-signature': sign(content, secret, second() + 301) }],
  ],
  [
    'signed with an empty secret',
    (content) => [content, { 'stripe-signature': sign(content, '') }],
  ],
  [
    'signed with both secrets as one',
    (content) => [content, { 'stripe-signature': sign(content, `${secret}, ${older}`) }],
  ],
  ['with no body', () => ['', { 'stripe-signature': sign('') }]],
  ['with a signed body that is no JSON', () => ['not json at all']],
  [
    'with the header twice',
    (content) => [content, { 'stripe-signature': `${sign(content)}, ${sign(content, 'whsec_x')}` }],
  ],
])('a message %s gets 400 and leaves nothing', async (_what, forge) => {
  const [content, headers] = forge(eventOf('evt_1'));
  const response = await send(content, headers);
  expect(await answerOf(response)).toEqual([400, { status: 'refused', code: 'link_not_valid' }]);
  expect(response.headers.get('cache-control')).toBe('no-store');
  await nothing();
});

test('a message without the header gets 400', async () => {
  const response = await fetch(`${world.publicUrl}/webhooks/stripe`, {
    method: 'POST',
    body: eventOf('evt_1'),
  });
  expect(response.status).toBe(400);
  await nothing();
});

test('the limits of age: 300 s are taken on both sides', async () => {
  for (const [id, time] of [
    ['evt_1', second() - 300],
    ['evt_2', second() + 300],
  ] as const) {
    const content = eventOf(id);
    const response = await send(content, { 'stripe-signature': sign(content, secret, time) });
    expect(response.status).toBe(200);
  }
});

test('a body of 1 MiB is taken, and one byte more is refused before anything reads it', async () => {
  const padded = (bytes: number) => {
    const bare = eventOf('evt_1', { padding: '' }).length;
    return eventOf('evt_1', { padding: 'x'.repeat(bytes - bare) });
  };
  expect((await send(padded(mebibyte + 1))).status).toBe(413);
  await nothing();
  expect((await send(padded(mebibyte))).status).toBe(200);
});

test('a compressed body is refused: the signature is over the bytes that came', async () => {
  expect((await send(eventOf('evt_1'), { 'content-encoding': 'gzip' })).status).toBe(415);
  await nothing();
});

test('only POST is there', async () => {
  expect((await fetch(`${world.publicUrl}/webhooks/stripe`)).status).toBe(404);
});

test('what cannot be queued is not stored either, and gets 500, so that Stripe comes again', async () => {
  const { sql } = world.services.database;
  const before = world.logs.length;
  await sql`alter table pgboss.job add constraint no_more check (name <> 'payment.notice') not valid`;
  const response = await send(eventOf('evt_1'));
  await sql`alter table pgboss.job drop constraint no_more`;
  expect(await answerOf(response)).toEqual([500, { status: 'failed', code: 'internal' }]);
  await nothing();
  expect(await answerOf(await send(eventOf('evt_1')))).toEqual([200, { status: 'accepted' }]);
  expect(world.logs.slice(before).join('\n')).not.toMatch(/whsec_|sk_test_of_the_web/u);
});

test('neither the key nor either secret can stand in the log', () => {
  const before = world.logs.length;
  world.services.log.warn({ said: `${older} ${secret}` }, 'of sk_test_of_the_web');
  const lines = world.logs.slice(before).join('\n');
  expect(lines.match(/\[redacted\]/gu)).toHaveLength(3);
  expect(lines).not.toMatch(/whsec_|sk_test_/u);
});

test('without our database the answer is 500, so that Stripe comes again', async () => {
  await world.services.database.close();
  const response = await send(eventOf('evt_1'));
  expect(await answerOf(response)).toEqual([500, { status: 'failed', code: 'database_down' }]);
});

import assert from 'node:assert/strict';

import type postgres from 'postgres';

import {
  type LedgerCheck,
  refusal,
  runners,
  type Scene,
  tally,
  untilWaiting,
} from './ledger-checks.ts';
import { type Answer, type Call, raised } from './ledger-model.ts';

const repeat = (count: number, callAt: (index: number) => Call): Call[] =>
  Array.from({ length: count }, (_, index) => callAt(index));

/** A wallet with units of the month and of packs, and a hold that takes some of both. */
async function openMixed(
  scene: Scene,
): Promise<{ month: number; packs: number; fromPacks: number }> {
  const [month, packs] = [scene.random.whole(2, 9), scene.random.whole(4, 9)];
  const fromPacks = scene.random.whole(1, packs - 1);
  await scene.wallet('ann', { month, packs, begun: 1 });
  await scene.applied('hold', { amount: month + fromPacks });
  return { month, packs, fromPacks };
}

const keys: readonly LedgerCheck[] = [
  {
    id: 'J01',
    name: 'a key used again for another request is refused, whatever differs',
    async run(scene) {
      const amount = scene.random.whole(2, 4);
      await scene.wallet('ann', { month: 9, packs: 9 });
      for (const name of ['bob', 'eve']) await scene.wallet(name, { packs: 9 });
      const first: Partial<Call> = { amount, key: 'one', asker: 'ann' };
      await scene.applied('hold', first);
      const pack: Partial<Call> = { amount, key: 'pack', lasting: true };
      await scene.applied('grant', pack);
      const month: Partial<Call> = { amount, key: 'month', month: 2 };
      await scene.applied('renew', month);
      const gift: Partial<Call> = { amount, key: 'gift', to: 'bob' };
      await scene.applied('give', gift);
      const moved = await scene.movements();
      const others: readonly (readonly [string, Partial<Call>])[] = [
        ['hold', { ...first, amount: amount + 1 }],
        ['hold', { ...first, reference: 'another' }],
        ['hold', { ...first, wallet: 'bob' }],
        ['hold', { ...first, asker: 'bob' }],
        ['expire', { key: 'one', amount }],
        ['capture', { key: 'one' }],
        ['grant', { ...pack, lasting: false }],
        ['grant', { ...pack, amount: amount + 1 }],
        ['grant', { ...pack, reference: 'another' }],
        ['grant', { ...pack, wallet: 'bob' }],
        ['take_back', pack],
        ['renew', { ...month, month: 3 }],
        ['renew', { ...month, amount: amount + 1 }],
        ['grant', { key: 'month', amount }],
        ['give', { ...gift, to: 'eve' }],
        ['give', { ...gift, amount: amount + 1 }],
      ];
      for (const [verb, other] of others)
        assert.equal(
          await scene.outcome(verb, other),
          'key_reused',
          `${verb} ${JSON.stringify(other)}`,
        );
      for (const [verb, same] of [
        ['hold', first],
        ['grant', pack],
        ['renew', month],
        ['give', gift],
      ] as const)
        assert.equal(await scene.outcome(verb, same), 'replay', verb);
      assert.equal(await scene.movements(), moved);
    },
  },
  {
    id: 'J02',
    name: 'one key used on two wallets at once moves in one of them',
    async run(scene) {
      for (const name of ['ann', 'bob']) await scene.wallet(name);
      const mine = scene.make('grant', { amount: 3, key: 'shared' });
      const other = scene.make('grant', { amount: 3, key: 'shared', wallet: 'bob' });
      let second: Promise<Answer> | undefined;
      await scene.meanwhile(async (connection) => {
        assert.equal((await scene.ledger.call(connection, mine)).outcome, 'applied');
        let isAnswered = false;
        second = scene.send(other).finally(() => {
          isAnswered = true;
        });
        await untilWaiting(connection, () => (isAnswered ? 0 : 1));
      });
      assert.notEqual((await second)?.outcome, 'applied');
      await scene.has({ available: 3 });
      await scene.has({ available: 0 }, 'bob');
    },
  },
  {
    id: 'J03',
    name: 'only positive whole amounts move, and nonsense is refused by name',
    async run(scene) {
      const { random } = scene;
      await scene.wallet('ann', { month: 9 });
      await scene.wallet('bob');
      await scene.applied('hold', { amount: 4 });
      const moved = await scene.movements();
      const bad = [null, 0, -1, -random.whole(2, 1000)];
      const nonsense: readonly (readonly [string, string, Partial<Call>])[] = [
        ...['grant', 'hold', 'expire', 'take_back'].flatMap((verb) =>
          bad.map((amount) => ['22023', verb, { amount, reference: 'x' }] as const),
        ),
        ...bad.slice(1).map((amount) => ['22023', 'give', { amount, to: 'bob' }] as const),
        ...bad.slice(1).map((amount) => ['22023', 'renew', { amount, month: 1 }] as const),
        ...['capture', 'release', 'refund'].flatMap((verb) =>
          [4, 0, -4].map((amount) => ['22023', verb, { amount }] as const),
        ),
        ['22023', 'mint', { amount: 1 }],
        ['22023', 'give', { amount: 1, to: 'ann' }],
        ['23505', 'hold', { amount: 1 }],
      ];
      for (const [code, verb, over] of nonsense)
        assert.deepEqual(
          await scene.post(verb, over),
          raised(code),
          `${verb} ${JSON.stringify(over)}`,
        );
      const moments = [`'2026-02-01', '2026-02-01'`, `'2026-02-02', '2026-02-01'`, `null, now()`];
      for (const given of moments) {
        const statement = `select quota_renew($1, 1, 'x', 'x', now(), ${given})`;
        assert.equal(await refusal(scene.sql.unsafe(statement, [scene.id('ann')])), '22023', given);
      }
      for (const given of ['null, 1, $1, $1', '$1, 1, null, $1', '$1, 1, $1, null']) {
        const statement = `select quota_post('grant', ${given}, now()) where $1::text is not null`;
        assert.equal(await refusal(scene.sql.unsafe(statement, [scene.id('ann')])), '22004', given);
      }
      assert.equal(await scene.movements(), moved);
      await scene.has({ available: 5, held: 4 });
    },
  },
  {
    id: 'J04',
    name: 'nobody without a wallet is told that it worked',
    async run(scene) {
      await scene.wallet('ann', { month: 3 });
      const moved = await scene.movements();
      const stranger = { wallet: 'nobody', amount: scene.random.whole(1, 3) };
      for (const verb of ['grant', 'hold', 'expire', 'take_back'])
        assert.deepEqual(await scene.post(verb, stranger), raised('P0002'), verb);
      for (const [verb, over] of [
        ['capture', { wallet: 'nobody' }],
        ['renew', { ...stranger, month: 1 }],
        ['give', { ...stranger, to: 'ann' }],
        ['give', { amount: 1, to: 'nobody' }],
      ] as const)
        assert.deepEqual(await scene.post(verb, over), raised('P0002'), verb);
      assert.equal(await scene.movements(), moved);
    },
  },
];

const holds: readonly LedgerCheck[] = [
  {
    id: 'J05',
    name: 'captures and releases at once settle a hold once',
    async run(scene) {
      const amount = scene.random.whole(1, 9);
      await scene.wallet('ann', { month: 9 });
      await scene.applied('hold', { amount });
      const answers = await scene.race(
        repeat(runners, (index) => scene.make(index % 2 ? 'capture' : 'release')),
      );
      assert.deepEqual(tally(answers), { applied: 1, settled: runners - 1 });
      const { held, available, spent } = await scene.balances();
      assert.deepEqual([held, available + spent], [0, 9]);
    },
  },
  {
    id: 'J06',
    name: 'a hold belongs to its wallet',
    async run(scene) {
      const amount = scene.random.whole(1, 9);
      await scene.wallet('ann', { month: 9 });
      await scene.wallet('eve', { month: 9 });
      await scene.applied('hold', { amount });
      for (const verb of ['capture', 'release', 'refund'])
        assert.equal(await scene.outcome(verb, { wallet: 'eve' }), 'hold_missing', verb);
      assert.equal(await scene.outcome('release', { reference: 'no such video' }), 'hold_missing');
      await scene.has({ held: amount, available: 9 - amount });
      await scene.has({ available: 9, spent: 0 }, 'eve');
    },
  },
  {
    id: 'J07',
    name: 'a hold is settled for its own amount, from its own state, and refunded once',
    async run(scene) {
      const amount = scene.random.whole(2, 9);
      await scene.wallet('ann', { month: 9 });
      await scene.applied('hold', { amount });
      assert.equal(await scene.outcome('refund'), 'settled');
      assert.equal((await scene.applied('capture')).amount, amount);
      for (const verb of ['release', 'capture'])
        assert.equal(await scene.outcome(verb), 'settled', verb);
      await scene.applied('refund');
      for (const verb of ['refund', 'capture', 'release'])
        assert.equal(await scene.outcome(verb), 'settled', verb);
      await scene.has({ granted: 9, available: 9, held: 0, spent: 0 });
    },
  },
  {
    id: 'J08',
    name: 'each verb moves between its own two balances and says what is left',
    async run(scene) {
      await scene.wallet('ann', { month: 9 });
      await scene.wallet('bob');
      const given = scene.random.whole(1, 3);
      const moves = [
        ['hold', { amount: 4 }, { available: 5, held: 4 }],
        ['release', {}, { available: 9, held: 0 }],
        ['hold', { amount: 2, reference: '2' }, { available: 7, held: 2 }],
        ['capture', { reference: '2' }, { available: 7, held: 0, spent: 2 }],
        ['expire', { amount: 7 }, { available: 0, expired: 7 }],
        ['grant', { amount: 3, lasting: true }, { granted: 12, available: 3, lasting: 3 }],
        ['give', { amount: given, to: 'bob' }, { available: 3 - given, given, granted: 12 }],
        ['refund', { reference: '2' }, { available: 5 - given, spent: 0 }],
        ['take_back', { amount: 2 }, { available: 3 - given, returned: 2 }],
      ] as const;
      for (const [verb, over, expected] of moves) {
        const answer = await scene.applied(verb, over);
        await scene.has(expected);
        const { available, held } = await scene.balances();
        assert.deepEqual([answer.available, answer.held], [available, held], verb);
      }
      await scene.has({ granted: given, available: given, lasting: given }, 'bob');
    },
  },
  {
    id: 'J09',
    name: 'a server pays for what a member asks for, and the hold names the member',
    async run(scene) {
      const amount = scene.random.whole(1, 4);
      await scene.wallet('ann', { month: 5 });
      await scene.wallet('club', { packs: 5, isServer: true });
      await scene.applied('hold', { wallet: 'club', amount, asker: 'ann' });
      const [hold] = await scene.sql`
        select wallet_id, account_id from quota_holds where reference = ${scene.id('video')}`;
      assert.deepEqual({ ...hold }, { wallet_id: scene.id('club'), account_id: scene.id('ann') });
      assert.equal(await scene.outcome('release'), 'hold_missing');
      await scene.has({ available: 5, held: 0 });
      await scene.applied('release', { wallet: 'club' });
      await scene.has({ available: 5, lasting: 5, held: 0 }, 'club');
      const unasked = { wallet: 'club', amount: 1, reference: 'of nobody' };
      assert.equal(await scene.outcome('hold', unasked), 'raised:23502');
    },
  },
];

const months: readonly LedgerCheck[] = [
  {
    id: 'J10',
    name: 'units of the month go first',
    async run(scene) {
      const { packs, fromPacks } = await openMixed(scene);
      await scene.has({ available: packs - fromPacks, lasting: packs - fromPacks });
      await scene.applied('grant', { amount: 2 });
      await scene.applied('hold', { amount: 1, reference: 'of the month' });
      await scene.has({ lasting: packs - fromPacks });
      await scene.applied('hold', { amount: 2, reference: 'of both' });
      await scene.has({ available: packs - fromPacks - 1, lasting: packs - fromPacks - 1 });
    },
  },
  {
    id: 'J22',
    name: 'holds at once take the month first and then packs, to the last unit',
    async run(scene) {
      const month = scene.random.whole(1, 5);
      const packs = scene.random.whole(1, 5);
      await scene.wallet('ann', { month, packs });
      const answers = await scene.race(
        repeat(12, (index) => scene.make('hold', { amount: 1, reference: `one of ${index}` })),
      );
      assert.deepEqual(tally(answers), { applied: month + packs, short: 12 - month - packs });
      await scene.has({ available: 0, lasting: 0, held: month + packs });
      const [drawn] = await scene.sql<{ lasting: number }[]>`
        select sum(lasting)::int as lasting from quota_holds where wallet_id = ${scene.id('ann')}`;
      assert.equal(drawn?.lasting, packs);
    },
  },
  {
    id: 'J11',
    name: 'packs survive a month, and the rest of the month before does not',
    async run(scene) {
      const [month, packs, next] = [2, 3, 4].map((low) => scene.random.whole(low, 9));
      await scene.wallet('ann', { month: month ?? 0, packs: packs ?? 0, begun: 1 });
      const answer = await scene.applied('renew', { amount: next ?? 0, month: 2 });
      assert.equal(answer.amount, month);
      await scene.has({
        available: (packs ?? 0) + (next ?? 0),
        lasting: packs ?? 0,
        expired: month ?? 0,
      });
      await scene.sound();
    },
  },
  {
    id: 'J12',
    name: 'a month begins once: one of eight at once, and no duplicate later',
    async run(scene) {
      const amount = scene.random.whole(5, 9);
      await scene.wallet('ann', { month: 3, begun: 1 });
      const answers = await scene.race(
        repeat(runners, () => scene.make('renew', { amount, month: 2 })),
      );
      assert.deepEqual(tally(answers), { applied: 1, stale: runners - 1 });
      await scene.has({ available: amount, expired: 3, granted: 3 + amount });
      const march = scene.make('renew', { amount, month: 3 });
      assert.deepEqual(tally(await scene.race(repeat(runners, () => march))), {
        applied: 1,
        replay: runners - 1,
      });
      await scene.has({ available: amount, expired: 3 + amount });
    },
  },
  {
    id: 'J13',
    name: 'a month that is not newer starts nothing',
    async run(scene) {
      const begun = scene.random.whole(3, 30);
      await scene.wallet('ann', { month: 5, packs: 2, begun });
      const moved = await scene.movements();
      for (const month of [begun, begun - 1, begun - 3]) {
        const answer = await scene.post('renew', { amount: 9, month });
        assert.deepEqual(answer, { outcome: 'stale', available: 7, held: 0, amount: 0 });
      }
      assert.equal(await scene.movements(), moved);
      await scene.has({ available: 7, lasting: 2, expired: 0 });
      await scene.applied('renew', { amount: 9, month: begun + 1 });
    },
  },
  {
    id: 'J14',
    name: 'a new month leaves open holds alone',
    async run(scene) {
      const { month, packs, fromPacks } = await openMixed(scene);
      await scene.applied('renew', { amount: 5, month: 2 });
      await scene.has({ held: month + fromPacks, expired: 0, available: packs - fromPacks + 5 });
      assert.equal((await scene.applied('capture')).amount, month + fromPacks);
      await scene.has({ held: 0, spent: month + fromPacks, lasting: packs - fromPacks });
      await scene.sound();
    },
  },
  {
    id: 'J15',
    name: 'what is released comes back as what it was, into the month that runs',
    async run(scene) {
      const { month, packs } = await openMixed(scene);
      await scene.applied('release');
      await scene.has({ available: month + packs, lasting: packs });
      await scene.applied('hold', { amount: month + 1, reference: 'over the boundary' });
      await scene.applied('renew', { amount: 5, month: 2 });
      await scene.has({ available: 5 + packs - 1, lasting: packs - 1, expired: 0 });
      await scene.applied('release', { reference: 'over the boundary' });
      await scene.has({ available: 5 + packs + month, lasting: packs });
      await scene.applied('renew', { amount: 1, month: 3 });
      await scene.has({ available: packs + 1, lasting: packs, expired: 5 + month });
    },
  },
  {
    id: 'J16',
    name: 'what is refunded comes back as what it was',
    async run(scene) {
      const { month, packs } = await openMixed(scene);
      await scene.applied('capture');
      await scene.applied('refund');
      await scene.has({ available: month + packs, lasting: packs, spent: 0 });
    },
  },
  {
    id: 'J17',
    name: 'only units of the month expire',
    async run(scene) {
      const [month, packs] = [scene.random.whole(1, 9), scene.random.whole(1, 9)];
      await scene.wallet('ann', { month, packs });
      const tooMuch = await scene.post('expire', { amount: month + 1 });
      assert.deepEqual(tooMuch, {
        outcome: 'short',
        available: month + packs,
        held: 0,
        amount: month + 1,
      });
      await scene.applied('expire', { amount: month });
      await scene.has({ available: packs, lasting: packs, expired: month });
      assert.equal(await scene.outcome('expire', { amount: 1 }), 'short');
      await scene.wallet('bob', { month, packs });
      const answers = await scene.race(
        repeat(12, () => scene.make('expire', { wallet: 'bob', amount: 1 })),
      );
      assert.deepEqual(tally(answers), { applied: month, short: 12 - month });
    },
  },
];

const returns: readonly LedgerCheck[] = [
  {
    id: 'J18',
    name: 'what is taken back stops at what there is of its kind, and says how much it was',
    async run(scene) {
      const [month, packs] = [scene.random.whole(2, 9), scene.random.whole(2, 9)];
      await scene.wallet('ann', { month, packs });
      await scene.applied('hold', { amount: 1 });
      const wanted = packs + scene.random.whole(1, 100);
      const back = await scene.applied('take_back', { amount: wanted, lasting: true });
      assert.deepEqual(back, { outcome: 'applied', available: month - 1, held: 1, amount: packs });
      assert.deepEqual(await scene.post('take_back', { amount: 1, lasting: true }), {
        outcome: 'short',
        available: month - 1,
        held: 1,
        amount: 0,
      });
      assert.equal((await scene.applied('take_back', { amount: wanted })).amount, month - 1);
      await scene.has({ available: 0, lasting: 0, returned: packs + month - 1, held: 1 });
      await scene.wallet('bob', { month, packs });
      const answers = await scene.race(
        repeat(12, () => scene.make('take_back', { wallet: 'bob', amount: 1, lasting: true })),
      );
      assert.deepEqual(tally(answers), { applied: packs, short: 12 - packs });
      await scene.sound();
    },
  },
  {
    id: 'J19',
    name: 'a gift takes packs only, and all of it arrives',
    async run(scene) {
      const [month, packs] = [scene.random.whole(2, 9), scene.random.whole(2, 9)];
      await scene.wallet('ann', { month, packs });
      await scene.wallet('club', { isServer: true });
      assert.deepEqual(await scene.post('give', { amount: packs + 1, to: 'club' }), {
        outcome: 'short',
        available: packs,
        held: 0,
        amount: packs + 1,
      });
      await scene.applied('give', { amount: packs, to: 'club', key: 'gift' });
      assert.equal(
        await scene.outcome('give', { amount: packs, to: 'club', key: 'gift' }),
        'replay',
      );
      await scene.has({ available: month, lasting: 0, given: packs });
      await scene.has({ granted: packs, available: packs, lasting: packs }, 'club');
      assert.equal(await scene.outcome('give', { amount: 1, to: 'club' }), 'short');
      await scene.sound();
    },
  },
  {
    id: 'J20',
    name: 'two that give to each other do not wait for ever',
    async run(scene) {
      const packs = scene.random.whole(2, 9);
      for (const name of ['ann', 'bob']) await scene.wallet(name, { packs });
      const gifts = [
        scene.make('give', { wallet: 'ann', to: 'bob', amount: 1 }),
        scene.make('give', { wallet: 'bob', to: 'ann', amount: 2 }),
      ];
      let running: Promise<Answer[]> | undefined;
      const lock = (connection: postgres.Sql, name: string) =>
        connection`select 1 from wallets where id = ${scene.id(name)} for update`;
      // Each is let through to its first wallet before anybody can have a second one.
      await scene.meanwhile(async (ofBob) => {
        await lock(ofBob, 'bob');
        await scene.meanwhile(async (ofAnn) => {
          await lock(ofAnn, 'ann');
          running = Promise.all(gifts.map((gift) => scene.send(gift)));
          await untilWaiting(ofAnn, () => 2);
        });
        await untilWaiting(ofBob, () => 2);
      });
      assert.deepEqual(tally((await running) ?? []), { applied: 2 });
      await scene.has({ available: packs + 1, given: 1 });
      await scene.has({ available: packs - 1, given: 2 }, 'bob');
    },
  },
  {
    id: 'J21',
    name: 'the tables refuse what the functions would never write',
    async run(scene) {
      await scene.wallet('ann', { month: 9, packs: 3 });
      await scene.applied('hold', { amount: 4 });
      const ann = scene.id('ann');
      const wallet = (change: string) => `update wallets set ${change} where id = '${ann}'`;
      const used = await scene.sql<{ key: string }[]>`
        select key from quota_transfers where wallet_id = ${ann} limit 1`;
      const attempts = [
        [
          '23505',
          `insert into quota_transfers
            (at, wallet_id, verb, debit, credit, amount, reference, key, request_hash)
            values (now(), '${ann}', 'grant', 'source', 'available', 1, 'x', '${used[0]?.key}', 'x')`,
        ],
        ['23514', wallet('available = available + 1')],
        ['23514', wallet('lasting = available + 1')],
        ['23514', wallet('lasting = -1')],
        ['23514', wallet(`server_id = 'x'`)],
        ['23514', wallet('account_id = null')],
        ...['available', 'held', 'spent', 'expired', 'returned', 'given'].map(
          (side) =>
            [
              '23514',
              wallet(`granted = granted - ${side} - 1, lasting = 0, ${side} = -1`),
            ] as const,
        ),
        [
          '23514',
          `insert into quota_holds (reference, wallet_id, account_id, amount, status, created_at)
            values ('x:${ann}', '${ann}', '${ann}', 0, 'held', now())`,
        ],
      ] as const;
      for (const [code, attempt] of attempts)
        assert.equal(await refusal(scene.sql.unsafe(attempt)), code, attempt);
      await scene.sound();
    },
  },
];

/** What this product promises of its ledger beyond the fifteen. */
export const promises: readonly LedgerCheck[] = [...keys, ...holds, ...months, ...returns];

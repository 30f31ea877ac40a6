import assert from 'node:assert/strict';

import postgres from 'postgres';

import {
  type LedgerCheck,
  NotOffered,
  refusal,
  runners,
  type Scene,
  tally,
} from './ledger-checks.ts';
import { type Call, LedgerModel } from './ledger-model.ts';

const repeat = (count: number, callAt: (index: number) => Call): Call[] =>
  Array.from({ length: count }, (_, index) => callAt(index));

/** Every movement that there is, once, with amounts of the seed. */
async function liveALittle(scene: Scene): Promise<void> {
  const { random } = scene;
  await scene.wallet('ann', { month: random.whole(20, 30), packs: random.whole(10, 20) });
  await scene.wallet('club', { isServer: true });
  const video = (reference: string) => ({ reference, amount: random.whole(1, 5) });
  for (const reference of ['paid', 'failed', 'refunded', 'open'])
    await scene.applied('hold', video(reference));
  await scene.applied('capture', { reference: 'paid' });
  await scene.applied('release', { reference: 'failed' });
  await scene.applied('capture', { reference: 'refunded' });
  await scene.applied('refund', { reference: 'refunded' });
  await scene.applied('give', { amount: random.whole(1, 4), to: 'club', reference: 'gift' });
  await scene.applied('take_back', { amount: random.whole(1, 4), lasting: true });
  await scene.applied('expire', { amount: 1, reference: 'month' });
  await scene.applied('renew', { amount: random.whole(5, 20), month: 3, reference: 'month' });
}

type Row = {
  readonly id: number;
  readonly wallet: string;
  readonly verb: string;
  readonly debit: string;
  readonly credit: string;
  readonly amount: number;
  readonly lasting: number;
  readonly reference: string;
  readonly key: string;
};

const journalOf = (scene: Scene): Promise<Row[]> =>
  scene.sql<Row[]>`
    select id::int as id, wallet_id as wallet, verb, debit, credit, amount, lasting, reference, key
    from quota_transfers where wallet_id like ${`${scene.world}%`} order by id`.then((rows) => [
    ...rows,
  ]);

/** Races withdrawals of one unit where `available` are left. */
export async function drain(scene: Scene, available: number, count: number) {
  await scene.wallet('ann', { month: available });
  const calls = repeat(count, (index) =>
    scene.make('hold', { amount: 1, reference: `video ${index}` }),
  );
  return { tally: tally(await scene.race(calls)), balances: await scene.balances() };
}

/** Changes that somebody with the keys of the database could make behind the ledger's back. */
const tamperings = (world: string): readonly string[] => {
  const one = (verb: string) =>
    `id = (select max(id) from quota_transfers where wallet_id like '${world}%' and verb = '${verb}')`;
  const columns = 'at, wallet_id, verb, debit, credit, amount, lasting, reference';
  return [
    `update quota_transfers set amount = amount + 1 where ${one('grant')}`,
    `update quota_transfers set wallet_id = '${world}club' where ${one('grant')}`,
    `update quota_transfers set lasting = 0 where ${one('take_back')}`,
    `delete from quota_transfers where ${one('expire')}`,
    `delete from quota_transfers where ${one('receive')}`,
    `with gone as (delete from quota_transfers where ${one('receive')} returning amount)
      update wallets w set granted = w.granted - gone.amount, available = w.available - gone.amount,
        lasting = w.lasting - gone.amount from gone where w.id = '${world}club'`,
    `insert into quota_transfers (${columns}, key, request_hash)
      select ${columns}, key || ' again', request_hash from quota_transfers where ${one('grant')}`,
    `update wallets set granted = granted + 1, available = available + 1 where id = '${world}ann'`,
    `update wallets set lasting = lasting - 1 where id = '${world}ann'`,
    `update quota_holds set status = 'held', settled_at = null where reference = '${world}paid'`,
    `update quota_holds set amount = amount + 1 where reference = '${world}failed'`,
    `delete from quota_holds where reference = '${world}open'`,
  ];
};

/** A view that cannot be changed is no place where anything could be tampered with. */
const unchangeable = new Set(['55000', '0A000', '42809']);

async function isNoticed(scene: Scene, statement: string): Promise<boolean> {
  const undo = new Error('undone');
  let noticed = false;
  const attempt = scene.sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    await tx.unsafe(statement);
    noticed = (await scene.ledger.breaches(tx, scene.world)).length > 0;
    throw undo;
  });
  await attempt.catch((error: unknown) => {
    if (error instanceof postgres.PostgresError && unchangeable.has(error.code))
      throw new NotOffered(error.message);
    if (error !== undo) throw error;
  });
  return noticed;
}

/**
 * The fifteen invariants of the Ledger Conformance Kit, in its order. Its third asks for a chain of
 * hashes: this ledger has none, and shows instead that the replay finds what was changed. Its
 * eleventh speaks of currencies: here they are units of the month and units of packs.
 */
export const conformance: readonly LedgerCheck[] = [
  {
    id: 'K01',
    name: 'every movement is balanced',
    async run(scene) {
      await liveALittle(scene);
      const sums: Record<string, number> = {};
      for (const { debit, credit, amount } of await journalOf(scene)) {
        assert.notEqual(debit, credit);
        sums[debit] = (sums[debit] ?? 0) - amount;
        sums[credit] = (sums[credit] ?? 0) + amount;
      }
      const total = Object.values(sums).reduce((sum, one) => sum + one, 0);
      assert.deepEqual([total, sums['transit']], [0, 0]);
      for (const name of ['ann', 'club']) {
        const { granted, lasting: _, ...parts } = await scene.balances(name);
        assert.equal(
          granted,
          Object.values(parts).reduce((sum, one) => sum + one, 0),
        );
      }
    },
  },
  {
    id: 'K02',
    name: 'the journal is append-only',
    async run(scene) {
      await scene.wallet('ann', { month: 9 });
      await scene.applied('hold', { amount: scene.random.whole(1, 9) });
      const before = await journalOf(scene);
      const mine = `where wallet_id = '${scene.id('ann')}'`;
      const attempts = [
        `delete from quota_transfers ${mine}`,
        `update quota_transfers set amount = 1 ${mine}`,
        'truncate quota_transfers',
      ];
      for (const attempt of attempts)
        assert.equal(await refusal(scene.sql.unsafe(attempt)), '42501', attempt);
      await scene.applied('capture');
      const after = await journalOf(scene);
      assert.deepEqual(after.slice(0, before.length), before);
      assert.equal(after.length, before.length + 1);
    },
  },
  {
    id: 'K03',
    name: 'what is changed behind its back is found by the replay',
    async run(scene) {
      await liveALittle(scene);
      await scene.sound();
      for (const statement of tamperings(scene.world))
        assert(await isNoticed(scene, statement), `nobody noticed: ${statement}`);
      await scene.sound();
    },
  },
  {
    id: 'K04',
    name: 'a duplicate is a no-op, and is said to be one',
    async run(scene) {
      const amount = scene.random.whole(2, 9);
      await scene.wallet('ann', { month: 9 });
      const calls = [
        scene.make('hold', { amount }),
        scene.make('capture'),
        scene.make('refund'),
        scene.make('grant', { amount, lasting: true, reference: 'pack' }),
        scene.make('expire', { amount: 1, reference: 'month' }),
        scene.make('take_back', { amount: 1, lasting: true, reference: 'pack' }),
      ];
      for (const call of calls) {
        const first = await scene.send(call);
        assert.equal(first.outcome, 'applied', call.verb);
        const moved = await scene.movements();
        for (let again = 0; again < 2; again += 1)
          assert.deepEqual(await scene.send(call), { ...first, outcome: 'replay' }, call.verb);
        assert.equal(await scene.movements(), moved);
      }
      assert.equal((await scene.send(calls[0] ?? scene.make('hold'))).outcome, 'replay');
      await scene.has({ available: 7 + amount, held: 0 });
    },
  },
  {
    id: 'K05',
    name: 'of 64 duplicates at once one is applied, and 63 are told so',
    async run(scene) {
      const amount = scene.random.whole(1, 50);
      await scene.wallet('ann');
      const call = scene.make('grant', { amount });
      const answers = await scene.race(repeat(64, () => call));
      assert.deepEqual(tally(answers), { applied: 1, replay: 63 });
      await scene.has({ granted: amount, available: amount });
      const hold = scene.make('hold', { amount });
      const held = await scene.race(repeat(64, () => hold));
      assert.deepEqual(tally(held), { applied: 1, replay: 63 });
      await scene.has({ available: 0, held: amount });
    },
  },
  {
    id: 'K06',
    name: 'no update is lost on a hot wallet',
    async run(scene) {
      await scene.wallet('ann');
      const amounts = Array.from({ length: 32 }, () => scene.random.whole(1, 9));
      const answers = await scene.race(
        amounts.map((amount) => scene.make('grant', { amount, lasting: amount > 5 })),
      );
      assert.deepEqual(tally(answers), { applied: 32 });
      const sum = (from: readonly number[]) => from.reduce((total, one) => total + one, 0);
      await scene.has({
        granted: sum(amounts),
        available: sum(amounts),
        lasting: sum(amounts.filter((amount) => amount > 5)),
      });
    },
  },
  {
    id: 'K07',
    name: 'what there is stays the same while wallets give to each other at once',
    async run(scene) {
      const names = ['ann', 'bob', 'club'] as const;
      const packs = scene.random.whole(5, 12);
      for (const name of names) await scene.wallet(name, { packs, isServer: name === 'club' });
      const answers = await scene.race(
        repeat(24, (index) =>
          scene.make('give', {
            wallet: names[index % 3] ?? 'ann',
            to: names[(index + 1 + (index % 2)) % 3] ?? 'bob',
            amount: scene.random.whole(1, 4),
            reference: 'gift',
          }),
        ),
      );
      const counts = tally(answers);
      assert.equal((counts['applied'] ?? 0) + (counts['short'] ?? 0), 24, JSON.stringify(counts));
      const all = await Promise.all(names.map((name) => scene.balances(name)));
      const total = (side: 'available' | 'lasting') =>
        all.reduce((sum, balances) => sum + balances[side], 0);
      assert.deepEqual([total('available'), total('lasting')], [packs * 3, packs * 3]);
    },
  },
  {
    id: 'K08',
    name: 'a wallet is what its journal adds up to, after every movement',
    async run(scene) {
      await liveALittle(scene);
      await scene.sound();
    },
  },
  {
    id: 'K09',
    name: 'twenty withdrawals at once never overdraw',
    async run(scene) {
      const available = scene.random.whole(3, runners);
      const { tally: counts, balances } = await drain(scene, available, 20);
      assert.deepEqual(counts, { applied: available, short: 20 - available });
      assert.deepEqual([balances.available, balances.held], [0, available]);
    },
  },
  {
    id: 'K10',
    name: 'many small movements do not drift, and none is a part of a unit',
    async run(scene) {
      await scene.wallet('ann', { month: 100 });
      const videos = Array.from({ length: 40 }, (_, index) => `video ${index}`);
      for (const verb of ['hold', 'capture', 'refund'])
        await Promise.all(
          videos.map((reference) =>
            scene.applied(verb, { reference, amount: verb === 'hold' ? 1 : null }),
          ),
        );
      await scene.has({ granted: 100, available: 100, held: 0, spent: 0 });
      for (const amount of [0.5, 1.5, 0.1 + 0.2])
        assert.match(await scene.outcome('grant', { amount }), /^raised:22/);
      await scene.has({ granted: 100, available: 100 });
    },
  },
  {
    id: 'K11',
    name: 'units of the month and of packs are never mixed up',
    async run(scene) {
      const [month, packs] = [scene.random.whole(2, 9), scene.random.whole(2, 9)];
      await scene.wallet('ann', { month, packs });
      await scene.has({ available: month + packs, lasting: packs });
      assert.equal(await scene.outcome('expire', { amount: month + 1 }), 'short');
      await scene.applied('take_back', { amount: 1, lasting: true });
      await scene.has({ lasting: packs - 1, returned: 1 });
      await scene.applied('take_back', { amount: 1 });
      await scene.has({ lasting: packs - 1, returned: 2 });
      await scene.applied('hold', { amount: month });
      await scene.applied('capture');
      await scene.applied('refund');
      await scene.has({ available: month + packs - 2, lasting: packs - 1 });
    },
  },
  {
    id: 'K12',
    name: 'a reversal compensates and deletes nothing',
    async run(scene) {
      const amount = scene.random.whole(1, 9);
      await scene.wallet('ann', { month: 9 });
      await scene.applied('hold', { amount });
      await scene.applied('capture');
      const before = await journalOf(scene);
      await scene.applied('refund');
      const after = await journalOf(scene);
      assert.deepEqual(after.slice(0, before.length), before);
      const verbs = after.map((row) => row.verb);
      assert.deepEqual(verbs, ['grant', 'hold', 'capture', 'refund']);
      const [reversal] = after.slice(before.length);
      assert.deepEqual([reversal?.debit, reversal?.credit], ['spent', 'available']);
      assert.equal(reversal?.amount, amount);
      await scene.has({ available: 9, spent: 0 });
    },
  },
  {
    id: 'K13',
    name: 'wallets and holds are rebuilt from the journal alone',
    async run(scene) {
      await liveALittle(scene);
      const rebuilt = new LedgerModel();
      for (const name of ['ann', 'club']) rebuilt.openWallet(scene.id(name));
      for (const row of await journalOf(scene)) rebuilt.move(row);
      for (const name of ['ann', 'club'])
        assert.deepEqual(rebuilt.balances(scene.id(name)), await scene.balances(name));
      const holds = await scene.sql`
        select reference, wallet_id as wallet, amount, lasting, status from quota_holds
        where reference like ${`${scene.world}%`}`;
      assert.equal(holds.length, rebuilt.holds.size);
      for (const { reference, ...hold } of holds)
        assert.deepEqual(rebuilt.holds.get(String(reference)), hold);
    },
  },
  {
    id: 'K14',
    name: 'a wallet has one order, and no moment of it is negative',
    async run(scene) {
      const month = scene.random.whole(4, 8);
      await scene.wallet('ann', { month });
      const answers = await scene.race([
        ...repeat(4, () => scene.make('grant', { amount: 1 })),
        ...repeat(12, (index) => scene.make('hold', { amount: 1, reference: `video ${index}` })),
      ]);
      const rows = (await journalOf(scene)).slice(1);
      assert.equal(rows.length, tally(answers)['applied']);
      let left = month;
      for (const { credit } of rows) {
        left += credit === 'available' ? 1 : -1;
        assert(left >= 0, 'a moment of the replay is negative');
      }
      // Each was answered with the balance of its own place in the order.
      const told = answers.filter(({ outcome }) => outcome === 'applied');
      const totals = told.map(({ available, held }) => `${available} ${held}`);
      let [available, held] = [month, 0];
      const expected = rows.map(({ verb }) => {
        available += verb === 'grant' ? 1 : -1;
        held += verb === 'hold' ? 1 : 0;
        return `${available} ${held}`;
      });
      assert.deepEqual(totals.toSorted(), expected.toSorted());
    },
  },
  {
    id: 'K15',
    name: 'a duplicate of what was refused is not told as applied',
    async run(scene) {
      const month = scene.random.whole(2, 9);
      await scene.wallet('ann', { month });
      const dear = scene.make('hold', { amount: month + 1 });
      for (let attempt = 0; attempt < 3; attempt += 1)
        assert.deepEqual(await scene.send(dear), {
          outcome: 'short',
          available: month,
          held: 0,
          amount: month + 1,
        });
      assert.equal(await scene.movements(), 1);
      await scene.has({ available: month, held: 0 });
      // What was refused has used its key for nothing: it may be asked again.
      await scene.applied('grant', { amount: 1 });
      assert.equal((await scene.send(dear)).outcome, 'applied');
      assert.equal((await scene.send(dear)).outcome, 'replay');
    },
  },
];

import assert from 'node:assert/strict';

import { fc } from '@fast-check/vitest';
import type postgres from 'postgres';

import type { Ledger } from './ledger-calls.ts';
import { balancesOf, type LedgerCheck, newWorld, openingOf, openWallet } from './ledger-checks.ts';
import { type Answer, type Call, LedgerModel } from './ledger-model.ts';

// What callers do: mostly the obvious, sometimes with a key or reference used before, and nonsense.

const people = ['ann', 'bob'] as const;
const wallet = fc.oneof(
  { weight: 10, arbitrary: fc.constant('ann') },
  { weight: 3, arbitrary: fc.constant('bob') },
  { weight: 3, arbitrary: fc.constant('club') },
  { weight: 1, arbitrary: fc.constant('nobody') },
);
const oddAmount = fc.constantFrom(null, 0, -1, -7, 1, 3);
const verb = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('hold', 'capture') },
  { weight: 4, arbitrary: fc.constantFrom('refund', 'release', 'give') },
  { weight: 3, arbitrary: fc.constantFrom('grant', 'expire', 'take_back', 'renew') },
  { weight: 1, arbitrary: fc.constant('mint') },
);
const settling = new Set(['capture', 'release', 'refund']);

const drawn = fc.record({
  verb,
  usual: fc.integer({ min: 1, max: 5 }),
  odd: fc.option(oddAmount, { freq: 12, nil: undefined }),
  reference: fc.constantFrom('v1', 'v2', 'v3'),
  key: fc.option(fc.constantFrom('k1', 'k2', 'k3', 'k4'), { freq: 3 }),
  attempt: fc.constantFrom(1, 1, 1, 2),
  lasting: fc.boolean(),
  asker: fc.option(fc.constantFrom(...people), { freq: 2, nil: undefined }),
  to: fc.constantFrom('ann', 'bob', 'club'),
  month: fc.constantFrom(1, 1, 2, 3),
});

const callOf = (whose: fc.Arbitrary<string>): fc.Arbitrary<Call> =>
  fc
    .tuple(whose, drawn)
    .map(([of, { usual, odd, attempt, lasting, asker, to, month, ...rest }]) => {
      const amount = odd === undefined ? (settling.has(rest.verb) ? null : usual) : odd;
      const key = rest.key ?? `${of}:${rest.verb}:${rest.reference}:${attempt}`;
      const call = { verb: rest.verb, reference: rest.reference, wallet: of, amount, key };
      if (rest.verb === 'grant' || rest.verb === 'take_back') return { ...call, lasting };
      if (rest.verb === 'hold' && asker !== undefined) return { ...call, asker };
      if (rest.verb === 'renew') return { ...call, amount: amount ?? 0, month };
      return rest.verb === 'give' ? { ...call, amount: amount ?? 0, to } : call;
    });

/** One call, or several at once: on one wallet, and gifts of others into it under keys of their own. */
type Step = readonly Call[];
const inward = fc
  .tuple(fc.constantFrom('bob', 'club'), fc.integer({ min: 1, max: 3 }), fc.integer())
  .map(([from, amount, number]): Call => ({
    verb: 'give',
    wallet: from,
    amount,
    reference: 'gift',
    key: `gift:${number}`,
    to: 'ann',
  }));
const stepOf: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: callOf(wallet).map((call) => [call]) },
  {
    weight: 2,
    arbitrary: fc.array(
      fc.oneof(
        { weight: 6, arbitrary: callOf(fc.constant('ann')) },
        { weight: 1, arbitrary: inward },
      ),
      { minLength: 2, maxLength: 8 },
    ),
  },
);

const inWorld = (world: string, call: Call): Call => ({
  ...call,
  wallet: world + call.wallet,
  reference: world + call.reference,
  key: world + call.key,
  ...(call.to === undefined ? {} : { to: world + call.to }),
  ...(call.asker === undefined ? {} : { asker: world + call.asker }),
});

type Telling = { readonly sql: postgres.Sql; readonly ledger: Ledger; readonly world: string };

/** Checks what several calls at once were answered: as if they had come one by one, in some order. */
async function checkBurst(
  { sql, ledger, world }: Telling,
  model: LedgerModel,
  calls: Step,
): Promise<Answer[]> {
  const rowsOf = () => sql<{ id: number; key: string }[]>`
    select id::int as id, key from quota_transfers where wallet_id like ${`${world}%`} order by id`;
  const before = (await rowsOf()).at(-1)?.id ?? 0;
  const answers = await Promise.all(calls.map((call) => ledger.call(sql, call)));
  const journal = (await rowsOf()).filter(({ id }) => id > before);
  const made = calls.map((call, index) => ({ call, answer: answers[index] }));
  const applied = made.filter(({ answer }) => answer?.outcome === 'applied');
  const moments = [model.copy()];
  const written: string[] = [];
  for (const { key } of journal) {
    const match = applied.find(({ call }) => call.key === key);
    if (!match) continue;
    written.push(...model.decide(match.call).rows.map((row) => row.key));
    assert.deepEqual(match.answer, model.post(match.call), 'the order of the journal explains it');
    moments.push(model.copy());
  }
  assert.equal(moments.length, applied.length + 1, 'who was told that it moved finds it written');
  assert.deepEqual(
    journal.map(({ key }) => key).toSorted(),
    written.toSorted(),
    'the journal holds what was told, and nothing else',
  );
  for (const { call, answer } of made) {
    if (answer?.outcome === 'applied') continue;
    const possible = moments.map((moment) => moment.answer(call));
    assert(
      possible.some((one) => JSON.stringify(one) === JSON.stringify(answer)),
      `${JSON.stringify(call)} was answered ${JSON.stringify(answer)}, which fits no moment`,
    );
  }
  return answers;
}

export type PropertyOptions = {
  readonly numRuns: number;
  readonly seed?: number;
  /** Stops at the first counterexample instead of looking for the smallest. */
  readonly endOnFailure?: boolean;
};

/** Luck meets a refund only now and then, so that every run begins with one. */
const refunded: Step[] = [
  { verb: 'hold', amount: 1 },
  { verb: 'capture', amount: null },
  { verb: 'refund', amount: null },
].map((call) => [{ ...call, wallet: 'ann', reference: 'first', key: `first ${call.verb}` }]);

/** Any history, alone and in bursts, is answered and stored as the model says; returns what occurred. */
export async function checkHistories(
  sql: postgres.Sql,
  ledger: Ledger,
  options: PropertyOptions,
): Promise<Map<string, number>> {
  const seen = new Map<string, number>();
  const history = fc.asyncProperty(fc.array(stepOf, { minLength: 12, maxLength: 24 }), (steps) =>
    checkHistory({ sql, ledger, world: newWorld() }, steps, seen),
  );
  await fc.assert(history, { ...options, examples: [[refunded]] });
  return seen;
}

async function checkHistory(
  telling: Telling,
  steps: readonly Step[],
  seen: Map<string, number>,
): Promise<void> {
  const { sql, ledger, world } = telling;
  const model = new LedgerModel();
  for (const name of [...people, 'club']) {
    const id = world + name;
    const isServer = name === 'club';
    await openWallet(sql, id, 0, { isServer, ledger });
    model.openWallet(id, isServer);
    const opening = { ...openingOf(id, 9), lasting: name !== 'ann' };
    assert.deepEqual(await ledger.call(sql, opening), model.post(opening));
  }
  for (const step of steps) {
    const calls = step.map((call) => inWorld(world, call));
    const [only] = calls;
    const isAlone = only !== undefined && calls.length === 1;
    const answers = isAlone
      ? [await ledger.call(sql, only)]
      : await checkBurst(telling, model, calls);
    if (isAlone) assert.deepEqual(answers, [model.post(only)], JSON.stringify(only));
    for (const [index, { outcome }] of answers.entries()) {
      const kind = outcome === 'applied' ? `applied ${calls[index]?.verb}` : outcome;
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
    }
  }
  for (const name of model.wallets.keys())
    assert.deepEqual(await balancesOf(sql, name), model.balances(name), `the wallet of ${name}`);
  assert.deepEqual(await ledger.breaches(sql, world), []);
}

/** Histories of one seed as a promise like the others. */
export const everyHistory: LedgerCheck = {
  id: 'H01',
  name: 'every history is answered and stored as the model says, alone and in bursts',
  run: async ({ sql, ledger, random }) => {
    const seed = random.whole(1, 1_000_000);
    await checkHistories(sql, ledger, { numRuns: 6, seed, endOnFailure: true });
  },
};

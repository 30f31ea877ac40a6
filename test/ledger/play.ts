import assert from 'node:assert/strict';

import type postgres from 'postgres';

import { type Ledger, product } from '../kit/ledger-calls.ts';
import { balancesOf, openWallet } from '../kit/ledger-checks.ts';
import { type Answer, type Call, LedgerModel } from '../kit/ledger-model.ts';
import { type Crew, isLost } from './crew.ts';
import type { Deed, Fate } from './deeds.ts';

export type Tally = Map<string, number>;

type Stage = {
  readonly crew: Crew;
  readonly ledger: Ledger;
  readonly world: string;
  readonly tally: Tally;
  /** What the ledger must be like; replaced as a whole when a transaction is done. */
  model: LedgerModel;
};

/**
 * Plays one sequence in a world of its own and compares every answer, every balance and the journal
 * with the model. @throws AssertionError at the first difference.
 */
export async function playSequence(
  crew: Crew,
  world: string,
  deeds: readonly Deed[],
  { ledger = product, tally = new Map<string, number>() }: { ledger?: Ledger; tally?: Tally } = {},
): Promise<void> {
  const stage: Stage = { crew, ledger, world, tally, model: new LedgerModel() };
  for (const name of ['ann', 'bob', 'club']) {
    const isServer = name === 'club';
    await openWallet(crew.worker, world + name, 0, { isServer, ledger });
    stage.model.openWallet(world + name, isServer);
    await playWell(stage, [
      inWorld(world, {
        verb: 'grant',
        wallet: name,
        amount: 10,
        reference: 'sign-up',
        key: `sign-up ${name}`,
        lasting: isServer,
      }),
    ]);
  }
  for (const deed of deeds) {
    const calls = deed.calls.map((call) => inWorld(world, call));
    count(tally, deed.name);
    for (const fate of deed.fates) await playFate(stage, calls, fate);
    await playWell(stage, calls);
  }
  await compare(stage);
}

const count = (tally: Tally, what: string): void => {
  tally.set(what, (tally.get(what) ?? 0) + 1);
};

const inWorld = (world: string, call: Call): Call => ({
  ...call,
  reference: world + call.reference,
  key: world + call.key,
  wallet: world + call.wallet,
  ...(call.to === undefined ? {} : { to: world + call.to }),
  ...(call.asker === undefined ? {} : { asker: world + call.asker }),
});

/** A raised statement ends its transaction, so nothing of it may be left. */
const isRaised = ({ outcome }: Answer): boolean => outcome.startsWith('raised:');

/** The calls in one transaction of one connection; null: undone on the way. */
async function transact(
  { ledger }: Stage,
  sql: postgres.Sql,
  calls: readonly Call[],
  after = calls.length + 1,
): Promise<Answer[] | null> {
  const answers: Answer[] = [];
  await sql.unsafe('begin');
  for (const [index, call] of calls.entries()) {
    if (index === after) break;
    const answer = await ledger.call(sql, call);
    answers.push(answer);
    if (isRaised(answer)) break;
  }
  const isOver = after <= calls.length || answers.some(isRaised);
  await sql.unsafe(isOver ? 'rollback' : 'commit');
  return after <= calls.length ? null : answers;
}

/** What the model answers to the calls of one transaction, and the model after it. */
function expected(model: LedgerModel, calls: readonly Call[]) {
  const next = model.copy();
  const answers: Answer[] = [];
  for (const call of calls) {
    const answer = next.post(call);
    answers.push(answer);
    if (isRaised(answer)) return { answers, model };
  }
  return { answers, model: next };
}

async function playWell(stage: Stage, calls: readonly Call[]): Promise<void> {
  const answers =
    calls.length === 1
      ? await Promise.all(calls.map((call) => stage.ledger.call(stage.crew.worker, call)))
      : await transact(stage, stage.crew.worker, calls);
  const { answers: wanted, model } = expected(stage.model, calls);
  assert.deepEqual(answers, wanted, JSON.stringify(calls));
  stage.model = model;
  for (const { outcome } of wanted) count(stage.tally, `answer ${outcome}`);
}

async function playFate(stage: Stage, calls: readonly Call[], fate: Fate): Promise<void> {
  count(stage.tally, `fate ${fate.how}`);
  switch (fate.how) {
    case 'well':
      return playWell(stage, calls);
    case 'undone':
      assert.equal(
        await transact(stage, stage.crew.worker, calls, fate.after % (calls.length + 1)),
        null,
      );
      return;
    case 'killed':
      return killBetween(stage, calls, fate.after % (calls.length + 1));
    case 'killed_waiting':
      return killWaiting(stage, calls);
    case 'killed_racing':
      return killRacing(stage, calls);
    case 'twice_at_once':
      return playTwice(stage, calls);
  }
}

/** The connection ends between two statements of the transaction, or before its commit. */
async function killBetween(stage: Stage, calls: readonly Call[], after: number): Promise<void> {
  const { worker } = stage.crew;
  await worker.unsafe('begin');
  for (const call of calls.slice(0, after)) {
    const answer = await stage.ledger.call(worker, call);
    if (isRaised(answer)) break;
  }
  await lose(worker.unsafe('select pg_terminate_backend(pg_backend_pid())'));
  await stage.crew.revive();
}

async function lose(work: PromiseLike<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isLost(error)) throw error;
    return;
  }
  assert.fail('the connection outlived its end');
}

/**
 * The connection ends while a statement waits for a wallet that a rival holds. A hold that moves nothing
 * is told so without waiting.
 */
async function killWaiting(stage: Stage, calls: readonly Call[]): Promise<void> {
  const { crew, ledger, world } = stage;
  const [call] = calls;
  assert(call);
  await crew.rival.unsafe('begin');
  await crew.rival`select 1 from wallets where id like ${`${world}%`} order by id for update`;
  const told: Answer[] = [];
  const waiting = ledger.call(crew.worker, call).then(
    (answer) => void told.push(answer),
    (error: unknown) => assert(isLost(error), String(error)),
  );
  await crew.untilWorkerWaits(() => told.length > 0);
  await crew.killWorker();
  await waiting;
  await crew.rival.unsafe('rollback');
  await crew.revive();
  for (const answer of told) {
    assert.equal(call.verb, 'hold', 'a locked wallet was moved');
    assert.deepEqual(answer, stage.model.copy().post(call));
    assert.notEqual(answer.outcome, 'applied', 'a locked wallet was moved');
  }
}

/** Nobody knows whether it was done; the same call again tells, and moves nothing twice. */
async function killRacing(stage: Stage, calls: readonly Call[]): Promise<void> {
  const [call] = calls;
  assert(call);
  const { crew, ledger } = stage;
  const killed = ledger.call(crew.worker, call).catch((error: unknown) => {
    if (!isLost(error)) throw error;
    return null;
  });
  await crew.killWorker();
  const first = await killed;
  await crew.revive();
  const again = await ledger.call(crew.worker, call);
  const { answers, model } = expected(stage.model, [call]);
  const replayed = model.copy().post(call);
  if (first) assert.deepEqual(first, answers[0]);
  const possible = first ? [replayed] : [answers[0], replayed];
  assert(
    possible.some((one) => JSON.stringify(one) === JSON.stringify(again)),
    `${JSON.stringify(call)} after a lost answer: ${JSON.stringify(again)}, not one of ${JSON.stringify(possible)}`,
  );
  count(
    stage.tally,
    first ? 'end after the answer' : `end before the answer, then ${again.outcome}`,
  );
  stage.model = model;
}

/** Two connections at once: as if one had come after the other. */
async function playTwice(stage: Stage, calls: readonly Call[]): Promise<void> {
  const { worker, rival } = stage.crew;
  const both = await Promise.all([transact(stage, worker, calls), transact(stage, rival, calls)]);
  const first = expected(stage.model, calls);
  const second = expected(first.model, calls);
  const wanted = [first.answers, second.answers].map((one) => JSON.stringify(one));
  assert.deepEqual(both.map((one) => JSON.stringify(one)).toSorted(), wanted.toSorted());
  stage.model = second.model;
}

/** Wallets, journal and holds are those of the model, and every rule holds. */
async function compare({ crew, ledger, model, world }: Stage): Promise<void> {
  for (const id of model.wallets.keys())
    assert.deepEqual(await balancesOf(crew.worker, id), model.balances(id), id);
  const like = `${world}%`;
  const keys = await crew.worker<{ key: string }[]>`
    select key from quota_transfers where wallet_id like ${like}`;
  assert.deepEqual(keys.map(({ key }) => key).toSorted(), [...model.posted.keys()].toSorted());
  const holds = await crew.worker<{ reference: string; status: string }[]>`
    select reference, status from quota_holds where reference like ${like}`;
  assert.deepEqual(
    new Map(holds.map(({ reference, status }) => [reference, status])),
    new Map([...model.holds].map(([reference, { status }]) => [reference, status])),
  );
  assert.deepEqual(await ledger.breaches(crew.worker, world), []);
}

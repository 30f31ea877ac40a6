import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { openDatabase } from '../../drizzle/client.ts';
import { createManualClock } from '../../sandbox/clock.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { accountUpdate } from '../account/update.ts';
import type { Context } from '../context.ts';
import { isFault } from '../fault.ts';
import { perform } from '../operation.ts';
import { videoGenerate } from '../video/generate.ts';
import { decideApproval } from './decide.ts';
import { waitForDecision } from './wait.ts';

let world: World;
let model: Context;
let prompts = 0;
let id: string;
let prompt: string;
let clock: ReturnType<typeof createManualClock>;
beforeAll(async () => {
  world = await createWorld();
  model = await world.context('mcp', 'owner');
});
afterAll(() => world.close());
beforeEach(async () => {
  clock = createManualClock(world.now());
  prompt = `A paper boat crosses the city, take ${(prompts += 1)}`;
  id = await ask();
});

async function ask(): Promise<string> {
  const outcome = await perform(videoGenerate, { prompt }, model);
  if (outcome.ok || !isFault(outcome.fault, 'approval_required')) throw new Error('not asked');
  return outcome.fault.params.id;
}
const decide = (approved: boolean, services = world.app) =>
  decideApproval(services, { id, approved, by: model.actor.accountId, surface: 'web' });

/** Begins to wait; `isWaiting` once it has looked and found nothing. */
function begin(how: { patienceMs?: number; signal?: AbortSignal; about?: string } = {}) {
  const { patienceMs = 40_000, signal = new AbortController().signal, about = id } = how;
  const plans: number[] = [];
  const timers = {
    schedule(delayMs: number, task: () => void) {
      plans.push(delayMs);
      return clock.schedule(delayMs, task);
    },
  };
  const decision = waitForDecision({ ...world.app, timers }, about, { signal, patienceMs });
  // It is looked for by those who wait, too.
  decision.catch(() => undefined);
  return { decision, isWaiting: () => vi.waitFor(() => expect(plans).toHaveLength(2)) };
}

describe('what is decided', () => {
  it.each([
    [true, 'approved'],
    [false, 'declined'],
  ])('before (%s) is answered at once', async (approved, expected) => {
    await decide(approved);
    expect(await begin().decision).toBe(expected);
  });

  it.each([
    [true, 'approved'],
    [false, 'declined'],
  ])('while it is waited for (%s) is answered, by another process too', async (approved, said) => {
    const { decision, isWaiting } = begin();
    await isWaiting();
    const database = openDatabase(world.databaseUrl, 2);
    await decide(approved, { ...world.app, database });
    expect(await decision).toBe(said);
    await database.close();
  });

  it('wakes everybody who waits for it, and nobody else', async () => {
    const own = Array.from({ length: 20 }, () => begin());
    prompt = 'Another paper boat crosses another city';
    const other = begin({ about: await ask() });
    await Promise.all([...own, other].map(({ isWaiting }) => isWaiting()));
    await decide(true);
    expect(await Promise.all(own.map(({ decision }) => decision))).toStrictEqual(
      Array(20).fill('approved'),
    );
    clock.advance(40_000);
    expect(await other.decision).toBe('pending');
  });

  it('and used already counts as approved', async () => {
    await decide(true);
    await perform(videoGenerate, { prompt }, model, { approvalId: id });
    expect(await begin().decision).toBe('approved');
  });

  it('by what the person has allowed beforehand wakes as well', async () => {
    const { decision, isWaiting } = begin();
    await isWaiting();
    await world.must(accountUpdate, { leash: 1 }, await world.context('terminal', 'owner'));
    expect(await perform(videoGenerate, { prompt }, model)).toMatchObject({ ok: true });
    expect(await decision).toBe('approved');
    await world.must(accountUpdate, { leash: 0 }, await world.context('terminal', 'owner'));
  });

  it('and not heard of is found by looking again', async () => {
    const { decision, isWaiting } = begin();
    await isWaiting();
    await world.app.database.sql`update approvals set status = 'approved' where id = ${id}`;
    clock.advance(10_000);
    expect(await decision).toBe('approved');
  });
});

describe('nothing is decided', () => {
  it.each([5000, 10_001, 40_000])(
    'the waiting ends after %i ms, not before',
    async (patienceMs) => {
      let answer = '';
      const { decision, isWaiting } = begin({ patienceMs });
      void decision.then((said) => (answer = said));
      await isWaiting();
      clock.advance(patienceMs - 1);
      // Whatever it does now takes a statement at most.
      for (let turn = 0; turn < 3; turn += 1) await world.app.database.sql`select 1`;
      expect(answer).toBe('');
      clock.advance(1);
      expect(await decision).toBe('pending');
    },
  );

  it.each([0, -1])('with a patience of %i ms it is looked at once', async (patienceMs) => {
    const { decision } = begin({ patienceMs });
    await vi.waitFor(() => {
      clock.advance(1);
      return expect(Promise.race([decision, Promise.resolve('')])).resolves.toBe('pending');
    });
    await decide(true);
    expect(await begin({ patienceMs }).decision).toBe('approved');
  });

  it('about an id that is none, or a question that has expired, it is not waited', async () => {
    expect(await begin({ about: 'apr_none' }).decision).toBe('pending');
    await world.advance(899);
    const { decision, isWaiting } = begin();
    await isWaiting();
    await world.advance(1);
    clock.advance(10_000);
    expect(await decision).toBe('pending');
    expect(await begin().decision).toBe('pending');
  });

  it('the waiting ends with its signal', async () => {
    const gone = new Error('the client has gone');
    await expect(begin({ signal: AbortSignal.abort(gone) }).decision).rejects.toBe(gone);
    const hand = new AbortController();
    const { decision, isWaiting } = begin({ signal: hand.signal });
    await isWaiting();
    hand.abort(gone);
    await expect(decision).rejects.toBe(gone);
  });
});

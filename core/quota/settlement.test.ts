// The rule does not know `test.prop` of @fast-check/vitest.
import { fc, test } from '@fast-check/vitest';
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openDatabase, type Database, type Tx } from '../../drizzle/client.ts';
import { compensations, quotaHolds, quotaTransfers } from '../../drizzle/schema/quota.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import { copyDatabase } from '../../test/kit/database.ts';
import {
  brokenInvariants,
  balancesOf,
  openWallet,
  untilWaiting,
} from '../../test/kit/ledger-checks.ts';
import { addVideo, Chain, settlementEvents, walks } from '../../test/kit/ledger-settlement.ts';
import { holdQuota } from './ledger.ts';
import {
  decideSettlement,
  settleVideo,
  takeFreeRetry,
  type SettlementEffect,
  type SettlementEvent,
  type SettlementState,
} from './settlement.ts';

const holds = ['held', 'captured', 'released', 'refunded', null] as const;
const compensationStates = ['retry_open', 'retry_used', 'revoked', 'refunded', null] as const;

const states: SettlementState[] = holds.flatMap((hold) =>
  compensationStates.flatMap((compensation) =>
    [false, true].flatMap((isRetry) =>
      [false, true].map((delivered) => ({ hold, compensation, isRetry, delivered })),
    ),
  ),
);

/**
 * The table of the settlement, one line per row that has an effect; `*` is any. What no row names
 * has no effect.
 */
const table = `
  video  hold      compensation  arrived  event           effects
  root   held      *             *        success         capture
  root   held      *             *        provider_error  release
  root   held      *             *        refused         release
  root   held      *             *        cancelled       release
  root   held      *             *        cancelled_late  capture
  root   held      *             *        timeout         capture+open_retry
  root   captured  retry_open    no       success         revoke_retry
  root   captured  retry_open    no       provider_error  refund_root
  root   captured  retry_open    no       refused         refund_root
  retry  *         retry_used    no       provider_error  refund_root
  retry  *         retry_used    no       refused         refund_root
  retry  *         retry_used    no       cancelled       refund_root
`;

const rows = table
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.trim().split(/\s+/));

function expectedEffects(state: SettlementState, event: SettlementEvent): string {
  const facts = [
    state.isRetry ? 'retry' : 'root',
    state.hold ?? 'none',
    state.compensation ?? 'none',
    state.delivered ? 'yes' : 'no',
    event,
  ];
  const row = rows.find((cells) =>
    facts.every((fact, at) => cells[at] === '*' || cells[at] === fact),
  );
  return row?.[5] ?? '';
}

describe('the settlement table', () => {
  it('is followed in every state and for every event', () => {
    const cases = states.flatMap((state) => settlementEvents.map((event) => ({ state, event })));
    const decided = cases.map(({ state, event }) => ({
      state,
      event,
      effects: decideSettlement(state, event).join('+'),
    }));
    const expected = cases.map(({ state, event }) => ({
      state,
      event,
      effects: expectedEffects(state, event),
    }));
    expect(decided).toEqual(expected);
    expect(cases).toHaveLength(600);
    expect(decided.filter(({ effects }) => effects !== '')).toHaveLength(78);
  });
});

const step = fc.oneof(
  fc.record({
    video: fc.constantFrom('root', 'retry'),
    event: fc.constantFrom(...settlementEvents),
  }),
  fc.constant('take the retry' as const),
);

describe('any sequence of ends', () => {
  test.prop([fc.array(step, { minLength: 1, maxLength: 14 })], { numRuns: 5000 })(
    'charges once at most, and makes good once at most',
    (steps) => {
      const chain = new Chain(decideSettlement);
      for (const one of steps) {
        if (one === 'take the retry') chain.takeRetry();
        else chain.end(one.video, one.event);
      }
      const { status } = chain;
      expect(chain.count('capture') + chain.count('release')).toBeLessThanOrEqual(1);
      expect(chain.count('open_retry')).toBeLessThanOrEqual(1);
      expect(chain.count('refund_root')).toBeLessThanOrEqual(1);
      expect(chain.count('refund_root') + chain.count('revoke_retry')).toBeLessThanOrEqual(1);
      // Quota comes back only where it was taken, and not for what had arrived.
      if (chain.count('refund_root') > 0) expect(chain.count('capture')).toBe(1);
      expect(chain.refundsAfterDelivery).toBe(0);
      // A refund and a delivered free retry would be two compensations.
      if (chain.count('refund_root') > 0) expect(status.retry).not.toBe('ready');
      // A root that is delivered before anything else happened was paid for.
      if (chain.count('release') > 0) expect(chain.count('capture')).toBe(0);
    },
  );
});

const at = new Date('2026-11-22T08:00:00Z');
let database: Database;
let drop: () => Promise<void>;
let last = 0;

beforeAll(async () => {
  const copy = await copyDatabase();
  drop = copy.drop;
  database = openDatabase(copy.url, 10);
});

afterAll(async () => {
  expect(await brokenInvariants(database.sql)).toEqual([]);
  await database.close();
  await drop();
});

type Video = { readonly id: string; readonly rootId: string; readonly accountId: string };

async function add(id: string, rootId: string, accountId: string): Promise<Video> {
  const video = { id, rootId, accountId };
  await addVideo(database.db, video);
  return video;
}

/** An account with 9 units left and one held for a root video, and a retry that is not used yet. */
async function openChain(): Promise<{ root: Video; retry: Video }> {
  const account = `acc${(last += 1)}`;
  await openWallet(database.sql, account, 10);
  const root = await add(`${account}:root`, `${account}:root`, account);
  await holdQuota(database.db, {
    walletId: account,
    accountId: account,
    videoId: root.id,
    amount: 1,
    at,
  });
  return { root, retry: await add(`${account}:retry`, root.id, account) };
}

/** An end as the product makes it: under the lock of the video's row, with its status. */
async function end(video: Video, event: SettlementEvent): Promise<readonly SettlementEffect[]> {
  return database.db.transaction(async (tx) => {
    await tx.select().from(videos).where(eq(videos.id, video.id)).for('update');
    const effects = await settleVideo(tx, video, event, at);
    if (event === 'success')
      await tx
        .update(videos)
        .set({ status: 'ready', fileKey: 'a.mp4' })
        .where(eq(videos.id, video.id));
    return effects;
  });
}

const take = (root: Video): Promise<boolean> =>
  database.db.transaction((tx) => takeFreeRetry(tx, root, at));

async function bookOf(root: Video): Promise<string> {
  const { available, held, spent } = await balancesOf(database.sql, root.accountId);
  const [row] = await database.db
    .select({ status: compensations.status })
    .from(compensations)
    .where(eq(compensations.rootVideoId, root.id));
  const [hold] = await database.db
    .select({ status: quotaHolds.status })
    .from(quotaHolds)
    .where(eq(quotaHolds.reference, root.id));
  return `${available} left, ${held} held, ${spent} spent, ${hold?.status}, ${row?.status ?? '-'}`;
}

describe('the settlement on the database', () => {
  it.each(walks)('$name', async ({ moves, book }) => {
    const chain = await openChain();
    for (const move of moves) {
      if (move === 'take') await take(chain.root);
      else await end(chain[move[0]], move[1]);
    }
    expect(await bookOf(chain.root)).toBe(book);
  });

  it('lets one of eight ends at once settle the video', async () => {
    const { root } = await openChain();
    const ends = ['success', 'timeout', 'cancelled_late', 'cancelled'] as const;
    const settled = await Promise.all([...ends, ...ends].map((event) => end(root, event)));
    const [first] = settled.filter(
      (effects) => effects.includes('capture') || effects.includes('release'),
    );
    expect(
      settled.filter((effects) => effects[0] === 'capture' || effects[0] === 'release'),
    ).toEqual([first]);
    const moved = await database.db
      .select()
      .from(quotaTransfers)
      .where(and(eq(quotaTransfers.reference, root.id)));
    expect(moved.filter(({ verb }) => verb === 'capture' || verb === 'release')).toHaveLength(1);
    expect(await brokenInvariants(database.sql)).toEqual([]);
  });

  it('opens one retry for eight time-outs at once', async () => {
    const { root } = await openChain();
    const settled = await Promise.all(Array.from({ length: 8 }, () => end(root, 'timeout')));
    expect(settled.flat().toSorted()).toEqual(['capture', 'open_retry']);
  });

  it('gives the free retry to one of eight askers, and to nobody else', async () => {
    const { root } = await openChain();
    await end(root, 'timeout');
    expect(await take({ ...root, accountId: 'somebody else' })).toBe(false);
    const taken = await Promise.all(Array.from({ length: 8 }, () => take(root)));
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect(await take(root)).toBe(false);
  });

  it('lets a late delivery and the taking of the retry come in one order or the other', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { root } = await openChain();
      await end(root, 'timeout');
      const [effects, taken] = await Promise.all([end(root, 'success'), take(root)]);
      expect(effects).toEqual(taken ? [] : ['revoke_retry']);
    }
  });

  it('refunds once when a retry and its root fail at once', async () => {
    const { root, retry } = await openChain();
    await end(root, 'timeout');
    await take(root);
    const failed = [retry, root, retry, root].map((video) => end(video, 'provider_error'));
    expect((await Promise.all(failed)).flat()).toEqual(['refund_root']);
    expect(await bookOf(root)).toBe('10 left, 0 held, 0 spent, refunded, refunded');
  });

  it('does not lock up when a retry fails while its root arrives late', async () => {
    const { root, retry } = await openChain();
    await end(root, 'timeout');
    await take(root);
    let ends: Promise<(readonly SettlementEffect[])[]> = Promise.resolve([]);
    await database.sql.begin(async (referee) => {
      await referee`select 1 from compensations where root_video_id = ${root.id} for update`;
      const failing = end(retry, 'provider_error');
      await untilWaiting(referee, () => 1);
      ends = Promise.all([failing, end(root, 'success')]);
      ends.catch(() => undefined); // Awaited below.
      await untilWaiting(referee, () => 2);
    });
    expect(await ends).toEqual([['refund_root'], []]);
  });

  it('goes back with the transaction around it', async () => {
    const { root } = await openChain();
    const broken = database.db.transaction(async (tx: Tx) => {
      await settleVideo(tx, root, 'timeout', at);
      throw new Error('the rest failed');
    });
    await expect(broken).rejects.toThrow('the rest failed');
    expect(await bookOf(root)).toBe('9 left, 1 held, 0 spent, held, -');
  });
});

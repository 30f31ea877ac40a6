// The rule does not know `test.prop` of @fast-check/vitest.
import { fc, test } from '@fast-check/vitest';
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openDatabase, type Database, type Tx } from '../../drizzle/client.ts';
import { compensations, quotaHolds, quotaTransfers } from '../../drizzle/schema/quota.ts';
import { quotes, videos } from '../../drizzle/schema/videos.ts';
import { copyDatabase } from '../../test/kit/database.ts';
import {
  brokenInvariants,
  balancesOf,
  openWallet,
  untilWaiting,
} from '../../test/kit/ledger-checks.ts';
import { holdQuota } from './ledger.ts';
import {
  decideSettlement,
  settleVideo,
  takeFreeRetry,
  type SettlementEffect,
  type SettlementEvent,
  type SettlementState,
} from './settlement.ts';

const events = [
  'success',
  'provider_error',
  'refused',
  'cancelled',
  'cancelled_late',
  'timeout',
] as const;
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
    const cases = states.flatMap((state) => events.map((event) => ({ state, event })));
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

/** A root and its retry as the product moves them, with what was paid and given back. */
class Chain {
  hold: SettlementState['hold'] = 'held';
  compensation: SettlementState['compensation'] = null;
  readonly status: Record<'root' | 'retry', 'none' | 'running' | 'timed_out' | 'ready' | 'failed'> =
    {
      root: 'running',
      retry: 'none',
    };
  readonly effects: SettlementEffect[] = [];
  refundsAfterDelivery = 0;

  get delivered(): boolean {
    return this.status.root === 'ready' || this.status.retry === 'ready';
  }

  /** An end of a video, wanted or not: duplicates and strays reach the settlement as well. */
  end(video: 'root' | 'retry', event: SettlementEvent): void {
    if (this.status[video] === 'none') return;
    const { hold, compensation, delivered } = this;
    const isRetry = video === 'retry';
    for (const effect of decideSettlement({ hold, compensation, isRetry, delivered }, event))
      this.#apply(effect);
    const now = this.status[video];
    if (now !== 'running' && now !== 'timed_out') return;
    if (event === 'success') this.status[video] = 'ready';
    else if (event === 'timeout') this.status[video] = 'timed_out';
    else this.status[video] = 'failed';
  }

  takeRetry(): void {
    if (this.compensation !== 'retry_open') return;
    this.compensation = 'retry_used';
    this.status.retry = 'running';
  }

  #apply(effect: SettlementEffect): void {
    this.effects.push(effect);
    if (effect === 'refund_root' && this.delivered) this.refundsAfterDelivery += 1;
    const after = {
      capture: () => (this.hold = 'captured'),
      release: () => (this.hold = 'released'),
      open_retry: () => (this.compensation = 'retry_open'),
      revoke_retry: () => (this.compensation = 'revoked'),
      refund_root: () => {
        this.hold = 'refunded';
        this.compensation = 'refunded';
      },
    };
    after[effect]();
  }

  count(effect: SettlementEffect): number {
    return this.effects.filter((one) => one === effect).length;
  }
}

const step = fc.oneof(
  fc.record({ video: fc.constantFrom('root', 'retry'), event: fc.constantFrom(...events) }),
  fc.constant('take the retry' as const),
);

describe('any sequence of ends', () => {
  test.prop([fc.array(step, { minLength: 1, maxLength: 14 })], { numRuns: 5000 })(
    'charges once at most, and makes good once at most',
    (steps) => {
      const chain = new Chain();
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

async function addVideo(id: string, rootId: string, accountId: string): Promise<Video> {
  const row = { accountId, prompt: 'a cat', model: 'kling', seconds: 15, shape: 'portrait' };
  const quote = { ...row, id: `quote:${id}`, shots: [], quota: 1, estimatedUsd: null };
  await database.db.insert(quotes).values({ ...quote, createdAt: at, expiresAt: at });
  const made = { id, rootId, quoteId: quote.id, quota: 1, status: 'generating' as const };
  await database.db.insert(videos).values({ ...row, ...made, createdAt: at });
  return { id, rootId, accountId };
}

/** An account with 9 units left and one held for a root video, and a retry that is not used yet. */
async function openChain(): Promise<{ root: Video; retry: Video }> {
  const account = `acc${(last += 1)}`;
  await openWallet(database.sql, account, 10);
  const root = await addVideo(`${account}:root`, `${account}:root`, account);
  await holdQuota(database.db, { accountId: account, videoId: root.id, amount: 1, at });
  return { root, retry: await addVideo(`${account}:retry`, root.id, account) };
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

type Move = readonly ['root' | 'retry', SettlementEvent] | 'take';

const walks: readonly { name: string; moves: readonly Move[]; book: string }[] = [
  {
    name: 'a delivery is paid',
    moves: [['root', 'success']],
    book: '9 left, 0 held, 1 spent, captured, -',
  },
  {
    name: 'a failure costs nothing',
    moves: [['root', 'provider_error']],
    book: '10 left, 0 held, 0 spent, released, -',
  },
  {
    name: 'a refused prompt costs nothing',
    moves: [['root', 'refused']],
    book: '10 left, 0 held, 0 spent, released, -',
  },
  {
    name: 'a cancellation costs nothing',
    moves: [['root', 'cancelled']],
    book: '10 left, 0 held, 0 spent, released, -',
  },
  {
    name: 'a cancellation of what the provider works on is paid, and opens no retry',
    moves: [['root', 'cancelled_late'], 'take', ['root', 'provider_error']],
    book: '9 left, 0 held, 1 spent, captured, -',
  },
  {
    name: 'a late cancellation of a retry gives nothing back',
    moves: [['root', 'timeout'], 'take', ['retry', 'cancelled_late'], 'take'],
    book: '9 left, 0 held, 1 spent, captured, retry_used',
  },
  {
    name: 'an early cancellation of a retry is refunded',
    moves: [['root', 'timeout'], 'take', ['retry', 'cancelled'], ['retry', 'cancelled_late']],
    book: '10 left, 0 held, 0 spent, refunded, refunded',
  },
  {
    name: 'a time-out is paid and opens a retry',
    moves: [['root', 'timeout']],
    book: '9 left, 0 held, 1 spent, captured, retry_open',
  },
  {
    name: 'a late delivery revokes the open retry',
    moves: [['root', 'timeout'], ['root', 'success'], 'take'],
    book: '9 left, 0 held, 1 spent, captured, revoked',
  },
  {
    name: 'a late failure turns the open retry into a refund',
    moves: [['root', 'timeout'], ['root', 'provider_error'], 'take'],
    book: '10 left, 0 held, 0 spent, refunded, refunded',
  },
  {
    name: 'a late delivery leaves a used retry alone',
    moves: [['root', 'timeout'], 'take', ['root', 'success'], ['retry', 'success']],
    book: '9 left, 0 held, 1 spent, captured, retry_used',
  },
  {
    name: 'a late failure after a used retry changes nothing',
    moves: [['root', 'timeout'], 'take', ['root', 'provider_error'], ['retry', 'success']],
    book: '9 left, 0 held, 1 spent, captured, retry_used',
  },
  {
    name: 'a retry that times out is final',
    moves: [['root', 'timeout'], 'take', ['retry', 'timeout'], 'take'],
    book: '9 left, 0 held, 1 spent, captured, retry_used',
  },
  {
    name: 'a retry that fails is refunded, once',
    moves: [
      ['root', 'timeout'],
      'take',
      ['retry', 'provider_error'],
      ['retry', 'provider_error'],
      ['root', 'provider_error'],
    ],
    book: '10 left, 0 held, 0 spent, refunded, refunded',
  },
  {
    name: 'a retry that fails after its root arrived is not refunded',
    moves: [['root', 'timeout'], 'take', ['root', 'success'], ['retry', 'provider_error']],
    book: '9 left, 0 held, 1 spent, captured, retry_used',
  },
  {
    name: 'a failure that is told of a retry which arrived is not refunded',
    moves: [['root', 'timeout'], 'take', ['retry', 'success'], ['retry', 'provider_error']],
    book: '9 left, 0 held, 1 spent, captured, retry_used',
  },
  {
    name: 'duplicates of every end change nothing',
    moves: [['root', 'success'], ...events.map((event) => ['root', event] as const), 'take'],
    book: '9 left, 0 held, 1 spent, captured, -',
  },
];

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

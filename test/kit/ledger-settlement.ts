import assert from 'node:assert/strict';

import { eq } from 'drizzle-orm';

import { isFault } from '../../core/fault.ts';
import type {
  decideSettlement,
  SettlementEffect,
  SettlementEvent,
  SettlementState,
} from '../../core/quota/settlement.ts';
import { compensations, quotaHolds } from '../../drizzle/schema/quota.ts';
import { quotes, videos } from '../../drizzle/schema/videos.ts';
import type { Db } from '../../drizzle/client.ts';
import type { Random } from '../../sandbox/apify/random.ts';
import { at, drizzleOf, type VideoLedger } from './ledger-calls.ts';
import { type LedgerCheck, NotOffered, type Scene } from './ledger-checks.ts';

export const settlementEvents = [
  'success',
  'provider_error',
  'refused',
  'cancelled',
  'cancelled_late',
  'timeout',
] as const;

/** A root and its retry as the product moves them, with what was paid and given back. */
export class Chain {
  hold: SettlementState['hold'] = 'held';
  compensation: SettlementState['compensation'] = null;
  readonly status: Record<'root' | 'retry', 'none' | 'running' | 'timed_out' | 'ready' | 'failed'> =
    {
      root: 'running',
      retry: 'none',
    };
  readonly effects: SettlementEffect[] = [];
  refundsAfterDelivery = 0;
  readonly #decide: typeof decideSettlement;

  constructor(decide: typeof decideSettlement) {
    this.#decide = decide;
  }

  get delivered(): boolean {
    return this.status.root === 'ready' || this.status.retry === 'ready';
  }

  /** An end of a video, wanted or not: duplicates and strays reach the settlement as well. */
  end(video: 'root' | 'retry', event: SettlementEvent): void {
    if (this.status[video] === 'none') return;
    const { hold, compensation, delivered } = this;
    const isRetry = video === 'retry';
    for (const effect of this.#decide({ hold, compensation, isRetry, delivered }, event))
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

  /** What a wallet of 10 units shows after a video of one. */
  get book(): string {
    const [held, spent] = [this.hold === 'held' ? 1 : 0, this.hold === 'captured' ? 1 : 0];
    const left = 10 - held - spent;
    return `${left} left, ${held} held, ${spent} spent, ${this.hold}, ${this.compensation ?? '-'}`;
  }
}

export type Move = readonly ['root' | 'retry', SettlementEvent] | 'take';

/** Ways a video and its retry can end, each with what the wallet of 10 units shows afterwards. */
export const walks: readonly {
  readonly name: string;
  readonly moves: readonly Move[];
  readonly book: string;
}[] = [
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
    moves: [
      ['root', 'success'],
      ...settlementEvents.map((event) => ['root', event] as const),
      'take',
    ],
    book: '9 left, 0 held, 1 spent, captured, -',
  },
];

/** The rows that a video needs to be settled. */
export async function addVideo(
  db: Db,
  video: { readonly id: string; readonly rootId: string; readonly accountId: string },
): Promise<void> {
  const { id, rootId, accountId } = video;
  const createdAt = new Date(at);
  const row = { accountId, prompt: 'a cat', model: 'kling', seconds: 15, shape: 'portrait' };
  const quote = { ...row, id: `quote:${id}`, shots: [], quota: 1, estimatedUsd: null };
  await db.insert(quotes).values({ ...quote, createdAt, expiresAt: createdAt });
  const made = { id, rootId, quoteId: quote.id, quota: 1, status: 'generating' as const };
  await db.insert(videos).values({ ...row, ...made, createdAt });
}

const videosOf = ({ ledger }: Scene): VideoLedger => {
  if (!ledger.videos) throw new NotOffered('this ledger knows no videos');
  return ledger.videos;
};

/** Any ends in any order, duplicates and strays as well. */
function drawChain(random: Random, decide: typeof decideSettlement): Chain {
  const chain = new Chain(decide);
  for (let step = random.whole(1, 14); step > 0; step -= 1) {
    if (random.whole(0, 5) === 0) chain.takeRetry();
    else chain.end(random.pick('root', 'retry'), random.pick(...settlementEvents));
  }
  return chain;
}

const inAllChains = (scene: Scene, promise: (chain: Chain) => void): void => {
  const { decide } = videosOf(scene);
  for (let count = 0; count < 300; count += 1) promise(drawChain(scene.random, decide));
};

/** Ann has asked, and the club pays. */
async function openVideo(scene: Scene, amount: number) {
  const root = { id: scene.id('video'), rootId: scene.id('video'), accountId: scene.id('ann') };
  await scene.wallet('ann', { month: 9 });
  await scene.wallet('eve', { month: 9 });
  await scene.wallet('club', { packs: 9, isServer: true });
  const db = drizzleOf(scene.sql);
  await addVideo(db, root);
  await videosOf(scene).hold(db, {
    walletId: scene.id('club'),
    accountId: root.accountId,
    videoId: root.id,
    amount,
    at: new Date(at),
  });
  return { db, root };
}

/** What the settlement of videos promises. */
export const settlementChecks: readonly LedgerCheck[] = [
  {
    id: 'V01',
    name: 'a video is charged once at most',
    run: async (scene) =>
      inAllChains(scene, (chain) => {
        assert(chain.count('capture') + chain.count('release') <= 1);
        if (chain.status.root === 'ready' && chain.effects.length === 1)
          assert.deepEqual(chain.effects, ['capture']);
      }),
  },
  {
    id: 'V02',
    name: 'a video is made good once at most: a refund, or a free retry',
    run: async (scene) =>
      inAllChains(scene, (chain) => {
        assert(chain.count('open_retry') <= 1);
        assert(chain.count('refund_root') + chain.count('revoke_retry') <= 1);
        if (chain.count('refund_root') > 0) {
          assert.equal(chain.count('capture'), 1);
          assert.notEqual(chain.status.retry, 'ready');
        }
      }),
  },
  {
    id: 'V03',
    name: 'what has arrived is not refunded',
    run: async (scene) =>
      inAllChains(scene, (chain) => assert.equal(chain.refundsAfterDelivery, 0)),
  },
  {
    id: 'V04',
    name: 'every way that a video can end has its price',
    async run(scene) {
      const { decide } = videosOf(scene);
      for (const { name, moves, book } of walks) {
        const chain = new Chain(decide);
        for (const move of moves) {
          if (move === 'take') chain.takeRetry();
          else chain.end(...move);
        }
        assert.equal(chain.book, book, name);
      }
    },
  },
  {
    id: 'V05',
    name: 'a video is settled in the wallet that has paid for it',
    async run(scene) {
      const amount = scene.random.whole(1, 9);
      const { db, root } = await openVideo(scene, amount);
      await scene.has({ available: 9, held: 0 });
      await scene.has({ available: 9 - amount, held: amount }, 'club');
      const [hold] = await db
        .select({ walletId: quotaHolds.walletId, accountId: quotaHolds.accountId })
        .from(quotaHolds)
        .where(eq(quotaHolds.reference, root.id));
      assert.deepEqual(hold, { walletId: scene.id('club'), accountId: scene.id('ann') });
      const end = scene.random.pick<SettlementEvent>('success', 'provider_error', 'timeout');
      await db.transaction((tx) => videosOf(scene).settle(tx, root, end, new Date(at)));
      const isPaid = end !== 'provider_error';
      await scene.has({ held: 0, spent: isPaid ? amount : 0 }, 'club');
      await scene.has({ available: 9, held: 0, spent: 0 });
      await scene.sound();
    },
  },
  {
    id: 'V06',
    name: 'a free retry is taken once, and by its owner',
    async run(scene) {
      const { db, root } = await openVideo(scene, 1);
      const { settle, takeRetry } = videosOf(scene);
      const take = (accountId: string) =>
        db.transaction((tx) => takeRetry(tx, { id: root.id, accountId }, new Date(at)));
      assert.equal(await take(root.accountId), false);
      await db.transaction((tx) => settle(tx, root, 'timeout', new Date(at)));
      assert.equal(await take(scene.id('eve')), false);
      const taken = await Promise.all(Array.from({ length: 6 }, () => take(root.accountId)));
      assert.equal(taken.filter(Boolean).length, 1);
      assert.equal(await take(root.accountId), false);
      const [row] = await db
        .select({ status: compensations.status })
        .from(compensations)
        .where(eq(compensations.rootVideoId, root.id));
      assert.equal(row?.status, 'retry_used');
    },
  },
  {
    id: 'V07',
    name: 'who has too little is told what is needed and what is there',
    async run(scene) {
      const available = scene.random.whole(1, 9);
      await scene.wallet('ann', { month: available });
      const order = {
        walletId: scene.id('ann'),
        accountId: scene.id('ann'),
        videoId: scene.id('video'),
        at: new Date(at),
      };
      const hold = (amount: number) =>
        videosOf(scene).hold(drizzleOf(scene.sql), { ...order, amount });
      const short: unknown = await hold(available + 1).catch((error: unknown) => error);
      assert(isFault(short, 'quota_short'), 'a hold of more than there is was let through');
      assert.deepEqual([short.params.needed, short.params.available], [available + 1, available]);
      assert.equal((await hold(available)).outcome, 'applied');
      await assert.rejects(hold(available), /: replay$/);
      await scene.has({ available: 0, held: available });
    },
  },
];

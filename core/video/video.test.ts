import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { quotes } from '../../drizzle/schema/videos.ts';
import {
  availableOf,
  eventKinds,
  makeReadyVideo,
  moneyOf,
  quickWish,
  refused,
  settled,
  storedKeys,
  submitsOf,
  videoRow,
} from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { decideApproval } from '../consent/decide.ts';
import type { Context } from '../context.ts';
import { faultWords, isFault } from '../fault.ts';
import { isMediaLink } from '../media-link.ts';
import { catalogue } from '../messages/catalogue.ts';
import { perform } from '../operation.ts';
import { postTransfer } from '../quota/ledger.ts';
import { videoGenerate } from './generate.ts';
import { videoList } from './list.ts';
import { videoQuote } from './quote.ts';
import { videoShow } from './show.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(async () => {
  await settled(world);
  await world.close();
});

const { prompt } = quickWish;

/** Asks so many times, and a person approves each. */
async function approvedTimes(
  times: number,
  wish: Readonly<Record<string, unknown>>,
  context: Context,
): Promise<string[]> {
  const by = context.actor.accountId;
  const ids: string[] = [];
  for (let asked = 0; asked < times; asked += 1) {
    const outcome = await perform(videoGenerate, wish, context);
    if (outcome.ok || !isFault(outcome.fault, 'approval_required'))
      throw new Error('nobody was asked');
    ids.push(outcome.fault.params.id);
  }
  for (const id of ids)
    await decideApproval(world.app, { id, approved: true, by, surface: 'terminal' });
  return ids;
}

describe('a quote', () => {
  const quoteOf = async (account: string) => {
    const context = await world.context('terminal', account);
    const { quote } = await world.must(videoQuote, quickWish, context);
    return { context, quote: z.string().parse(quote) };
  };

  test('says what it takes and buys one video of exactly that', async () => {
    const context = await world.context('terminal', 'planner');
    const wish = { prompt, model: 'veo', seconds: 30 };
    const { quote, ...said } = await world.must(videoQuote, wish, context);
    expect(said).toMatchObject({
      model: 'veo',
      seconds: 30,
      shape: '9:16',
      quota: 1,
      estimated_usd: 12,
      expires_at: '2026-11-22T08:15:00.000Z',
    });
    expect(await availableOf(world, 'planner')).toBe(100);
    const { video } = await world.must(videoGenerate, { quote }, context);
    const row = await videoRow(world, z.string().parse(video));
    expect(row).toMatchObject({ prompt, model: 'veo', seconds: 30, shape: '9:16', quota: 1 });
  });

  test('holds for 15 minutes and not a second more', async () => {
    const below = await quoteOf('below');
    const at = await quoteOf('at');
    await world.advance(899);
    const started = await world.perform(videoGenerate, { quote: below.quote }, below.context);
    expect(started.ok).toBe(true);
    await world.advance(1);
    expect(await refused(world, videoGenerate, { quote: at.quote }, at.context)).toMatchObject({
      code: 'quote_expired',
      field: 'quote',
    });
    await world.advance(1);
    expect(await refused(world, videoGenerate, { quote: at.quote }, at.context)).toMatchObject({
      code: 'quote_expired',
    });
    expect(await availableOf(world, 'at')).toBe(100);
    await world.drain();
  });

  test('that expires between the approval and the call buys nothing', async () => {
    const { context, quote } = await quoteOf('slow');
    const asked = await perform(videoGenerate, { quote }, context);
    if (asked.ok || !('id' in asked.fault.params)) throw new Error('nobody was asked');
    const by = context.actor.accountId;
    const id = z.string().parse(asked.fault.params.id);
    await world.advance(890);
    await decideApproval(world.app, { id, approved: true, by, surface: 'terminal' });
    await world.advance(10);
    const late = await perform(videoGenerate, { quote }, context, { approvalId: id });
    expect(late).toMatchObject({ ok: false, fault: { code: 'quote_expired' } });
  });

  test('belongs to its account', async () => {
    const { quote } = await quoteOf('mine');
    const other = await world.context('terminal', 'theirs');
    expect(await refused(world, videoGenerate, { quote }, other)).toMatchObject({
      code: 'not_found',
      field: 'quote',
    });
  });

  test('whose price changed after the approval buys nothing at the old one', async () => {
    const { context, quote } = await quoteOf('priced');
    const asked = await perform(videoGenerate, { quote }, context);
    if (asked.ok || !('id' in asked.fault.params)) throw new Error('nobody was asked');
    const id = z.string().parse(asked.fault.params.id);
    const by = context.actor.accountId;
    await decideApproval(world.app, { id, approved: true, by, surface: 'terminal' });
    await world.app.database.db.update(quotes).set({ quota: 2 }).where(eq(quotes.id, quote));
    const again = await perform(videoGenerate, { quote }, context, { approvalId: id });
    expect(again).toMatchObject({ ok: false, fault: { code: 'approval_not_valid' } });
    expect(await availableOf(world, 'priced')).toBe(100);
  });

  test('needs nothing beside it', async () => {
    const { context, quote } = await quoteOf('twice');
    expect(await refused(world, videoGenerate, { quote, prompt }, context)).toMatchObject({
      code: 'invalid_input',
      field: 'prompt',
    });
    expect(await refused(world, videoGenerate, {}, context)).toMatchObject({
      code: 'invalid_input',
      field: 'quote',
    });
  });
});

describe('a prompt', () => {
  test.each([
    ['Latin', 'b'],
    ['Chinese', '纸'],
    ['emoji', '🚤'],
  ])('has 10 to 500 characters, also in %s', async (_, letter) => {
    const context = await world.context('terminal', 'writer');
    const quoteOf = (length: number) =>
      world.perform(videoQuote, { ...quickWish, prompt: letter.repeat(length) }, context);
    for (const length of [10, 500]) expect(await quoteOf(length)).toMatchObject({ ok: true });
    for (const length of [9, 501]) {
      expect(await quoteOf(length)).toMatchObject({
        ok: false,
        fault: { code: 'invalid_input', field: 'prompt' },
      });
    }
    const padded = `  ${letter.repeat(9)}  `;
    const short = await refused(world, videoQuote, { ...quickWish, prompt: padded }, context);
    expect(short.message).toContain('prompt: Too small: expected string to have >=10 characters');
  });

  test('has its bounds in the schema that models and Discord draw', () => {
    const { properties } = z.toJSONSchema(videoQuote.input, { io: 'input' });
    expect(properties?.['prompt']).toMatchObject({ minLength: 10, maxLength: 500 });
  });

  test.each([
    ['en', 'A cheerful boat, then a gory b.e.h.e.a.d.i.n.g in close-up', 'Nothing was charged'],
    ['zh', '一只纸船漂过街道，随后是血腥的砍 头特写镜头', '没有产生任何费用'],
  ] as const)(
    'that may not be made is refused before anything is spent (%s)',
    async (locale, unsafe, free) => {
      const context = await world.context('terminal', `writer-${locale}`, locale);
      const before = world.emulators.fal.submits.length;
      for (const operation of [videoQuote, videoGenerate]) {
        const outcome = await world.perform(operation, { ...quickWish, prompt: unsafe }, context);
        expect(outcome).toMatchObject({
          ok: false,
          fault: { code: 'prompt_refused', field: 'prompt', charged: false },
        });
        expect(
          outcome.ok
            ? ''
            : faultWords(catalogue(locale), outcome.fault.code, outcome.fault.params).message,
        ).toContain(free);
      }
      await world.drain();
      expect(await availableOf(world, `writer-${locale}`)).toBe(100);
      expect(world.emulators.fal.submits).toHaveLength(before);
    },
  );
});

test('a video is made for one unit, from the approval to the file', async () => {
  const id = await makeReadyVideo(world, 'maker');
  expect(await availableOf(world, 'maker')).toBe(99);
  expect(await moneyOf(world, id)).toEqual({ moves: ['hold', 'capture'], compensation: null });
  expect(await eventKinds(world, id)).toEqual([
    'queued',
    'generating',
    'shot_delivered',
    'shot_delivered',
    'assembling',
    'ready',
  ]);
  expect(await submitsOf(world, id)).toHaveLength(2);
  const context = await world.context('terminal', 'maker');
  const shown = await world.must(videoShow, { video: id }, context);
  expect(shown).toMatchObject({ status: 'ready', percent: 100, seconds: 15, why: null });
  expect(shown['duration_seconds']).toBeCloseTo(15, 1);
  const file = await fetch(z.string().parse(shown['url']));
  expect((await file.arrayBuffer()).byteLength).toBe(shown['bytes']);
  expect(storedKeys(world).some((key) => key.startsWith('drafts/'))).toBe(false);
  await settled(world);
  const other = await world.context('terminal', 'nosy');
  expect(await refused(world, videoShow, { video: id }, other)).toMatchObject({
    code: 'not_found',
  });
  expect(await world.must(videoList, {}, other)).toEqual({ videos: [], older: null });
});

test('the signed address of a file is for that file and ends after a day', async () => {
  const context = await world.context('terminal', 'maker');
  const { videos } = await world.must(videoList, {}, context);
  const [{ video }] = z.tuple([z.object({ video: z.string() })]).parse(videos);
  const { url } = await world.must(videoShow, { video }, context);
  const link = new URL(z.string().parse(url));
  const parts = [
    link.pathname.replace('/media/', ''),
    link.searchParams.get('exp') ?? '',
    link.searchParams.get('sig') ?? '',
  ] as const;
  expect(isMediaLink(world.app, ...parts)).toBe(true);
  expect(isMediaLink(world.app, 'videos/vid_other.mp4', parts[1], parts[2])).toBe(false);
  expect(isMediaLink(world.app, parts[0], String(Number(parts[1]) + 1), parts[2])).toBe(false);
  await world.advance(86_399);
  expect(isMediaLink(world.app, ...parts)).toBe(true);
  await world.advance(1);
  expect(isMediaLink(world.app, ...parts)).toBe(false);
});

test.each([1, 2, 3])(
  'a hundred approved requests at once on 10 units make 10 videos (round %i)',
  async (round) => {
    const account = `crowd${round}`;
    const context = await world.context('terminal', account);
    const { accountId } = context.actor;
    const reference = `test:${round}`;
    const rest = {
      verb: 'expire',
      walletId: accountId,
      amount: 90,
      reference,
      key: reference,
    } as const;
    await postTransfer(world.app.database.db, { ...rest, at: world.now() });
    const approvals = await approvedTimes(100, quickWish, context);
    const outcomes = await Promise.all(
      approvals.map((approvalId) => perform(videoGenerate, quickWish, context, { approvalId })),
    );
    const codes = outcomes.map((outcome) => (outcome.ok ? 'started' : outcome.fault.code));
    expect(codes.filter((code) => code === 'started')).toHaveLength(10);
    expect(codes.filter((code) => code === 'quota_short')).toHaveLength(90);
    expect(await availableOf(world, account)).toBe(0);
    const { videos } = await world.must(videoList, { limit: 50 }, context);
    expect(videos).toHaveLength(10);
    await settled(world);
  },
);

test('one approval that is used by ten calls at once starts one video', async () => {
  const context = await world.context('terminal', 'double');
  const [id = ''] = await approvedTimes(1, quickWish, context);
  const outcomes = await Promise.all(
    Array.from({ length: 10 }, () =>
      perform(videoGenerate, quickWish, context, { approvalId: id }),
    ),
  );
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  expect(await availableOf(world, 'double')).toBe(99);
});

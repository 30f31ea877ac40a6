import { fc, test as property } from '@fast-check/vitest';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { accounts } from '../../drizzle/schema/people.ts';
import { wallets } from '../../drizzle/schema/quota.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import {
  acceptedLink,
  askMerge,
  brokenRules,
  buyPack,
  buyPlan,
  endOf,
  faultCode,
  holdVideo,
  link,
  makeLink,
  walletRow,
} from '../../test/kit/linked-accounts.ts';
import { quickWish } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { decideApproval } from '../consent/decide.ts';
import type { Context } from '../context.ts';
import { isFault } from '../fault.ts';
import { perform } from '../operation.ts';
import { postTransfer } from '../quota/ledger.ts';
import { tokenCreate } from '../token/create.ts';
import { videoGenerate } from '../video/generate.ts';
import { videoQuote } from '../video/quote.ts';
import { answerLink } from './answer.ts';
import { accountMerge } from './merge.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const db = () => world.app.database.db;
const idOf = ({ actor }: Context) => actor.accountId;

let people = 0;
/** Somebody new, a second younger than who came before. */
async function somebody(): Promise<Context> {
  people += 1;
  await world.advance(1);
  return world.context('terminal', `person ${people}`);
}

/** An approval of its person for the merge of an accepted link. */
async function approveMerge(context: Context, id: string): Promise<string> {
  const approvalId = await askMerge(context, id);
  const by = idOf(context);
  await decideApproval(world.app, { id: approvalId, approved: true, by, surface: 'terminal' });
  return approvalId;
}

describe('at the same moment', () => {
  let first: Context;
  let second: Context;
  beforeEach(async () => {
    first = await somebody();
    second = await somebody();
  });

  test('a link is accepted by one account only', async () => {
    const others = [second, await somebody(), await somebody()];
    const made = await makeLink(world, first);
    const codes = await Promise.all(
      others.map((by) =>
        faultCode(answerLink(world.app, { ...made, accountId: idOf(by), accept: true })),
      ),
    );
    expect(codes.filter((code) => code === null)).toHaveLength(1);
    expect(codes.filter((code) => code === 'link_not_valid')).toHaveLength(2);
  });

  test('two links about the same accounts make one account, once', async () => {
    const there = await acceptedLink(world, first, second);
    const back = await acceptedLink(world, second, first);
    const [one, other] = [await approveMerge(first, there), await approveMerge(second, back)];
    const ends = await Promise.all([
      perform(accountMerge, { link: there }, first, { approvalId: one }),
      perform(accountMerge, { link: back }, second, { approvalId: other }),
    ]);
    expect(ends.filter((end) => end.ok)).toHaveLength(1);
    expect(ends.find((end) => !end.ok)).toMatchObject({ fault: { code: 'link_not_valid' } });
    const [row] = await db()
      .select()
      .from(accounts)
      .where(eq(accounts.id, idOf(second)));
    expect(row?.mergedInto).toBe(idOf(first));
    expect(await walletRow(world, first)).toMatchObject({ available: 100 });
    expect(await brokenRules(world)).toEqual([]);
  });

  test('links in a ring leave no account that is part of none', async () => {
    const ring = [first, second, await somebody()];
    const asked = await Promise.all(
      ring.map(async (by, index) => {
        const next = ring[(index + 1) % ring.length] ?? by;
        const id = await acceptedLink(world, by, next);
        return { by, id, approvalId: await approveMerge(by, id) };
      }),
    );
    const ends = await Promise.all(
      asked.map(({ by, id, approvalId }) =>
        perform(accountMerge, { link: id }, by, { approvalId }),
      ),
    );
    expect(ends.filter((end) => end.ok)).toHaveLength(1);
    const codes = ends.map(endOf).filter((end) => end !== 'ok');
    expect(codes).toEqual(['link_not_valid', 'link_not_valid']);
    expect(await brokenRules(world)).toEqual([]);
  });

  test.each([1, 2, 3, 4])('a video is refused, or the merge is (%i)', async () => {
    const id = await acceptedLink(world, first, second);
    const approvalId = await approveMerge(first, id);
    const { quote } = await world.must(videoQuote, quickWish, second);
    const asked = await perform(videoGenerate, { quote }, second);
    if (asked.ok || !isFault(asked.fault, 'approval_required')) throw new Error('nobody asked');
    const start = { id: asked.fault.params.id, approved: true, by: idOf(second) } as const;
    await decideApproval(world.app, { ...start, surface: 'terminal' });
    const [merged, made] = await Promise.all([
      perform(accountMerge, { link: id }, first, { approvalId }),
      perform(videoGenerate, { quote }, second, { approvalId: start.id }),
    ]);
    expect(endOf(merged) === 'ok').not.toBe(endOf(made) === 'ok');
    const ended = endOf(merged) === 'ok' ? first : second;
    const left = await db()
      .select()
      .from(videos)
      .where(eq(videos.accountId, idOf(ended)));
    expect(left).toHaveLength(made.ok ? 1 : 0);
    const went = await walletRow(world, second);
    expect(went.held).toBe(made.ok ? 1 : 0);
    expect(await brokenRules(world)).toEqual([]);
  });

  test('what is written for the account that goes moves along, or is refused', async () => {
    const id = await acceptedLink(world, first, second);
    const approvalId = await approveMerge(first, id);
    const writes = Array.from({ length: 8 }, (_, index) =>
      perform(tokenCreate, { name: `program ${index}` }, second),
    );
    const merged = await perform(accountMerge, { link: id }, first, { approvalId });
    expect(endOf(merged)).toBe('ok');
    const made = (await Promise.all(writes)).map(endOf);
    const { sql } = world.app.database;
    const rows = await sql`select account_id as owner from access_tokens
      where account_id in (${idOf(first)}, ${idOf(second)})`;
    expect(rows.every((row) => row['owner'] === idOf(first))).toBe(true);
    expect(made.filter((end) => end === 'ok')).toHaveLength(rows.length);
    const refused = ['account_merged', 'not_found', 'approval_not_valid'];
    expect(made.filter((end) => end !== 'ok' && !refused.includes(end))).toEqual([]);
  });
});

/** What somebody has: units of packs, how much of the month is used, a plan, and units set aside. */
const has = fc.record({
  packs: fc.constantFrom(0, 0, 1, 40),
  used: fc.constantFrom(0, 1, 60, 100),
  plan: fc.constantFrom(0, 0, 0, 300),
  held: fc.constantFrom(0, 0, 0, 1),
});
type Has = typeof has extends fc.Arbitrary<infer T> ? T : never;

async function furnish(context: Context, { packs, used, plan, held }: Has): Promise<void> {
  const walletId = idOf(context);
  if (packs > 0) await buyPack(world, walletId, packs);
  if (plan > 0) await buyPlan(world, walletId, plan);
  const key = world.app.ids.next('key');
  const posting = { walletId, amount: used, reference: 'used', key, at: world.now() };
  if (used > 0) await postTransfer(db(), { verb: 'expire', ...posting });
  if (held > 0 && used < 100) await holdVideo(world, walletId, held);
}

property.prop([has, has, fc.boolean()], { numRuns: 20 })(
  'any two accounts: units add up but for the second free month, and the books agree',
  async (ofFirst, ofSecond, isReversed) => {
    const [first, second] = [await somebody(), await somebody()];
    await furnish(first, ofFirst);
    await furnish(second, ofSecond);
    const rows = [await walletRow(world, first), await walletRow(world, second)];
    const before = rows.map(({ available, lasting, held }) => ({
      month: available - lasting,
      lasting,
      held,
    }));
    const [one = { month: 0, lasting: 0, held: 0 }, other = one] = before;
    const [from, to] = isReversed ? [second, first] : [first, second];
    const code = await link(world, from, to).then(endOf, (error: unknown) =>
      isFault(error) ? error.code : String(error),
    );
    const staysFirst = ofFirst.plan > 0 || ofSecond.plan === 0;
    const [stays, goes] = staysFirst ? [one, other] : [other, one];
    const isPaid = ofFirst.plan + ofSecond.plan > 0;
    const expected =
      ofFirst.plan > 0 && ofSecond.plan > 0
        ? 'merge_both_paid'
        : goes.held > 0
          ? 'merge_under_way'
          : 'ok';
    expect(code).toBe(expected);
    const sums = await db()
      .select()
      .from(wallets)
      .where(eq(wallets.id, idOf(staysFirst ? first : second)));
    const [after] = sums;
    const month = isPaid ? stays.month : Math.max(stays.month, goes.month);
    const merged = {
      available: month + stays.lasting + goes.lasting,
      lasting: stays.lasting + goes.lasting,
      held: stays.held,
    };
    const untouched = {
      available: stays.month + stays.lasting,
      lasting: stays.lasting,
      held: stays.held,
    };
    expect(after).toMatchObject(code === 'ok' ? merged : untouched);
    const left = await walletRow(world, staysFirst ? second : first);
    expect(left.available).toBe(code === 'ok' ? 0 : goes.month + goes.lasting);
    expect(await brokenRules(world)).toEqual([]);
  },
  120_000,
);

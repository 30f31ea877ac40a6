import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { checkouts, purchases, subscriptions } from '../../drizzle/schema/billing.ts';
import { compensations, quotaHolds, wallets } from '../../drizzle/schema/quota.ts';
import { publications } from '../../drizzle/schema/publishing.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import {
  acceptedLink,
  accountRow,
  askMerge,
  brokenRules,
  buyPack,
  buyPlan,
  endOf,
  faultCode,
  link,
  makeLink,
  walletRow,
} from '../../test/kit/linked-accounts.ts';
import { makeReadyVideo, quickWish, startVideo, videoRow } from '../../test/kit/trips.ts';
import { openPayingServer } from '../../test/kit/server-wallet.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { followMoney } from '../billing/take-back.ts';
import { decideApproval } from '../consent/decide.ts';
import type { Context } from '../context.ts';
import { perform } from '../operation.ts';
import { postTransfer } from '../quota/ledger.ts';
import { settleVideo } from '../quota/settlement.ts';
import { renewMonths } from '../quota/renew.ts';
import { videoGenerate } from '../video/generate.ts';
import { answerLink, readLink } from './answer.ts';
import { freeUnitsOf } from './free-units.ts';
import { accountMerge } from './merge.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

let pairs = 0;
let from: Context;
let to: Context;
beforeEach(async () => {
  pairs += 1;
  from = await world.context('terminal', `from ${pairs}`);
  await world.advance(60);
  to = await world.context('web', `to ${pairs}`);
});

const idOf = ({ actor }: Context) => actor.accountId;
const db = () => world.app.database.db;
const merged = async (context: Context) => (await accountRow(world, context)).mergedInto;
const spend = async (context: Context, amount: number) => {
  const walletId = idOf(context);
  const posting = { walletId, amount, reference: 'spent', at: world.now() };
  await postTransfer(db(), { verb: 'expire', key: world.app.ids.next('key'), ...posting });
};

describe('units', () => {
  test.each<[string, number, number, number]>([
    ['the rest of the one that stays', 10, 60, 90],
    ['the rest of the one that goes', 60, 10, 90],
    ['either, when both are the same', 30, 30, 70],
    ['nothing, when both are used up', 100, 100, 0],
  ])('of two free months leave %s', async (_, ofFrom, ofTo, left) => {
    if (ofFrom > 0) await spend(from, ofFrom);
    if (ofTo > 0) await spend(to, ofTo);
    const { periodEnd } = await walletRow(world, from);
    expect(endOf(await link(world, from, to))).toBe('ok');
    expect(await walletRow(world, from)).toMatchObject({ available: left, periodEnd });
    expect(await walletRow(world, to)).toMatchObject({ available: 0, periodEnd: null });
    expect(await brokenRules(world)).toEqual([]);
  });

  test('of a paid month stay whole, and the one that pays is the one that stays', async () => {
    await buyPlan(world, idOf(to), 500);
    await buyPack(world, idOf(from), 40);
    const { periodEnd } = await walletRow(world, to);
    const outcome = await link(world, from, to);
    expect(outcome).toMatchObject({ value: { account: idOf(to), available: 540 } });
    expect(await merged(from)).toBe(idOf(to));
    expect(await walletRow(world, to)).toMatchObject({ available: 540, lasting: 40, periodEnd });
    expect(await walletRow(world, from)).toMatchObject({ available: 0, expired: 100, given: 40 });
    expect(await brokenRules(world)).toEqual([]);
  });

  test('never come twice: the month of the one that goes is not renewed', async () => {
    await link(world, from, to);
    await world.advance(40 * 86_400);
    await renewMonths.run({}, { ...world.app, signal: new AbortController().signal });
    expect(await walletRow(world, to)).toMatchObject({ available: 0, granted: 100 });
    expect(await walletRow(world, from)).toMatchObject({ available: 100, granted: 200 });
    await expect(brokenRules(world)).resolves.toEqual([]);
  });

  test('come each month to whom they never came, as they came to the other account', async () => {
    const name = `never ${pairs}`;
    const never = await world.context('terminal', name);
    await db()
      .update(wallets)
      .set({ periodEnd: null })
      .where(eq(wallets.id, idOf(never)));
    await spend(never, 100);
    await world.app.database.sql.begin(async (sql) => {
      // As it is for an address that is never given any.
      await sql`set local session_replication_role = replica`;
      await sql`delete from quota_transfers where wallet_id = ${idOf(never)}`;
      await sql`update wallets set granted = 0, expired = 0 where id = ${idOf(never)}`;
    });
    await world.advance(60);
    const newer = await world.context('web', `newer ${pairs}`);
    const { periodStart, periodEnd } = await walletRow(world, newer);
    expect(endOf(await link(world, never, newer))).toBe('ok');
    expect(await walletRow(world, never)).toMatchObject({ available: 100, periodStart, periodEnd });
    expect(await freeUnitsOf(world.app, idOf(never))).toEqual({ from: periodStart });
  });

  test('that come back later go on into the account that stays', async () => {
    const id = await makeReadyVideo(world, `to ${pairs}`);
    const at = world.now();
    await db()
      .update(videos)
      .set({ status: 'failed', failure: 'timed_out' })
      .where(eq(videos.id, id));
    await db()
      .insert(compensations)
      .values({
        rootVideoId: id,
        accountId: idOf(to),
        status: 'retry_open',
        createdAt: at,
        changedAt: at,
      });
    await link(world, from, to);
    expect(await walletRow(world, from)).toMatchObject({ available: 100 });
    const video = await videoRow(world, id);
    expect(video.accountId).toBe(idOf(from));
    await db().transaction((tx) => settleVideo(tx, video, 'provider_error', at));
    expect(await walletRow(world, to)).toMatchObject({ available: 0, spent: 0 });
    expect(await walletRow(world, from)).toMatchObject({ available: 101 });
    expect(await brokenRules(world)).toEqual([]);
  });

  test('whose money goes back are taken from the account that stays', async () => {
    const id = await buyPack(world, idOf(to), 50);
    await link(world, from, to);
    const payment = { id: `pi_${id}`, customerId: null, amount: 500, invoiceId: null };
    await db().transaction((tx) =>
      followMoney(tx, world.app, { ...payment, refunded: 500, dispute: null }),
    );
    expect(await walletRow(world, from)).toMatchObject({ available: 100, lasting: 0 });
    const [row] = await db().select().from(purchases).where(eq(purchases.id, id));
    expect(row).toMatchObject({
      accountId: idOf(from),
      walletId: idOf(to),
      takenBack: 50,
      missing: 0,
    });
    expect(await brokenRules(world)).toEqual([]);
  });
});

describe('it is refused', () => {
  const refusal = async () => {
    const made = await makeLink(world, from);
    const opened = { ...made, accountId: idOf(to) };
    const code = await faultCode(readLink(world.app, opened));
    expect(await faultCode(answerLink(world.app, { ...opened, accept: true }))).toBe(code);
    expect([await merged(from), await merged(to)]).toEqual([null, null]);
    return code;
  };

  test('before anything is asked while both have a plan', async () => {
    await buyPlan(world, idOf(from), 500);
    const subscription = await buyPlan(world, idOf(to), 500);
    expect(await refusal()).toBe('merge_both_paid');
    // The plan is over, but the month that was paid for is not.
    await db()
      .update(subscriptions)
      .set({ status: 'canceled' })
      .where(eq(subscriptions.id, subscription));
    expect(await refusal()).toBe('merge_both_paid');
    await world.advance(32 * 86_400);
    expect(await refusal()).toBeNull();
  });

  test('while a video of the one that goes is being made', async () => {
    await startVideo(world, `to ${pairs}`);
    expect(await refusal()).toBe('merge_under_way');
    await world.drain();
    expect(await refusal()).toBeNull();
  });

  test('not while one of the account that stays is', async () => {
    await spend(to, 10);
    const id = await startVideo(world, `from ${pairs}`);
    expect(endOf(await link(world, from, to))).toBe('ok');
    expect(await walletRow(world, from)).toMatchObject({ available: 99, held: 1 });
    await world.drain();
    expect(await videoRow(world, id)).toMatchObject({ status: 'ready' });
    expect(await walletRow(world, from)).toMatchObject({ available: 99, held: 0, spent: 1 });
    expect(await brokenRules(world)).toEqual([]);
  });

  test('while a server pays for a video that it has asked for', async () => {
    const { serverId } = await openPayingServer(world, { units: 5, limits: 'everyone=5' });
    const member = {
      ...to,
      actor: { ...to.actor, surface: 'discord', serverId, roleIds: [] },
    } as const;
    await world.must(videoGenerate, quickWish, member);
    expect(await refusal()).toBe('merge_under_way');
    await world.drain();
    expect(endOf(await link(world, from, to))).toBe('ok');
    const holds = await db()
      .select()
      .from(quotaHolds)
      .where(eq(quotaHolds.accountId, idOf(from)));
    expect(holds).toMatchObject([{ walletId: `srv_${serverId}`, status: 'captured' }]);
  });

  test.each(['uploading', 'processing'] as const)('while a publication is %s', async (status) => {
    const video = await makeReadyVideo(world, `to ${pairs}`);
    const sql = world.app.database.sql;
    await sql`insert into channels (id, account_id, host_channel_id, title, status, scopes, access_expires_at, created_at)
      values (${`chn_${pairs}`}, ${idOf(to)}, ${`host_${pairs}`}, 'Boats', 'disconnected', '[]', now(), now())`;
    const id = `pub_${pairs}`;
    await db()
      .insert(publications)
      .values({
        id,
        accountId: idOf(to),
        videoId: video,
        channelId: `chn_${pairs}`,
        title: 'A boat',
        description: '',
        tags: [],
        categoryId: '22',
        privacy: 'private',
        madeForKids: false,
        notifySubscribers: false,
        status,
        lastChunkSent: false,
        uploadedBytes: 0,
        totalBytes: 1,
        hostVideoId: status === 'processing' ? `video_${pairs}` : null,
        createdAt: world.now(),
      });
    expect(await refusal()).toBe('merge_under_way');
    await db().update(publications).set({ status: 'failed' }).where(eq(publications.id, id));
    expect(await refusal()).toBeNull();
  });

  test('while a payment page of the one that goes is open, and of an old intent nothing is left', async () => {
    const at = world.now();
    const expiresAt = new Date(at.getTime() + 3_600_000);
    const row = { id: `chk_${pairs}`, accountId: idOf(to), kind: 'pack', createdAt: at } as const;
    await db()
      .insert(checkouts)
      .values({ ...row, product: 'pack_small', status: 'intended', expiresAt });
    expect(await refusal()).toBe('merge_under_way');
    await world.advance(3601);
    expect(endOf(await link(world, from, to))).toBe('ok');
    const [moved] = await db().select().from(checkouts).where(eq(checkouts.id, row.id));
    expect(moved).toMatchObject({ accountId: idOf(from), status: 'failed' });
  });

  test('when the other account would be the one that stays now', async () => {
    const id = await acceptedLink(world, from, to);
    const approvalId = await askMerge(from, id);
    await buyPlan(world, idOf(to), 500);
    const by = idOf(from);
    await decideApproval(world.app, { id: approvalId, approved: true, by, surface: 'terminal' });
    const outcome = await perform(accountMerge, { link: id }, from, { approvalId });
    expect(endOf(outcome)).toBe('merge_changed');
    expect([await merged(from), await merged(to)]).toEqual([null, null]);
  });
});

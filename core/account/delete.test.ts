import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { checkouts, subscriptions } from '../../drizzle/schema/billing.ts';
import { approvals } from '../../drizzle/schema/consent.ts';
import { publications } from '../../drizzle/schema/publishing.ts';
import { quotaTransfers, wallets } from '../../drizzle/schema/quota.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import { jobContext, startVideo } from '../../test/kit/trips.ts';
import { furnishAccount, type WholeAccount } from '../../test/kit/whole-account.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { billingPages } from '../billing/pages.ts';
import { openCheckout } from '../billing/checkout.ts';
import { channelConnect } from '../channel/connect.ts';
import { decideApproval } from '../consent/decide.ts';
import { approvalLink } from '../consent/link.ts';
import type { Context } from '../context.ts';
import { mediaLink } from '../media-link.ts';
import { perform } from '../operation.ts';
import { progressLink } from '../progress/link.ts';
import { products } from '../plan/catalogue.ts';
import { auditBooks } from '../quota/audit.ts';
import { holdQuota, postTransfer } from '../quota/ledger.ts';
import { quotaReceipt } from '../quota/receipt.ts';
import { renewMonths } from '../quota/renew.ts';
import { chartLink } from '../stats/chart-link.ts';
import { tokenCreate } from '../token/create.ts';
import { verifyToken } from '../token/verify.ts';
import { contextOfAccount } from './acting.ts';
import { accountDelete } from './delete.ts';
import { accountExport } from './export.ts';
import { accountShow } from './show.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const faultOf = async (person: Context) => {
  const outcome = await perform(accountDelete, {}, person);
  return outcome.ok ? 'deleted' : outcome.fault;
};
async function createOwnWorld(): Promise<AsyncDisposable & { readonly world: World }> {
  const own = await createWorld();
  return { world: own, [Symbol.asyncDispose]: () => own.close() };
}
const walletOf = async ({ actor }: Context) => {
  const { db } = world.app.database;
  const [wallet] = await db.select().from(wallets).where(eq(wallets.id, actor.accountId));
  return wallet;
};

describe('account_delete is refused', () => {
  test('while a plan renews, whatever its state; one that ends is said', async () => {
    const person = await world.context('terminal', 'subscriber');
    const { db } = world.app.database;
    const at = world.now();
    const { accountId } = person.actor;
    await db.insert(subscriptions).values({
      id: 'sub_1',
      accountId,
      plan: 'starter',
      priceId: 'price_1',
      status: 'active',
      periodStart: at,
      periodEnd: at,
      createdAt: at,
      readAt: at,
    });
    for (const status of ['active', 'past_due', 'unpaid', 'paused', 'incomplete'] as const) {
      await db.update(subscriptions).set({ status }).where(eq(subscriptions.id, 'sub_1'));
      expect(await faultOf(person)).toMatchObject({ code: 'deletion_plan' });
    }
    await db.update(subscriptions).set({ status: 'active', endsAt: at });
    const fault = await faultOf(person);
    expect(fault).toMatchObject({ code: 'approval_required' });
    const [asked] = await db.select().from(approvals).where(eq(approvals.accountId, accountId));
    expect(JSON.stringify(asked?.preview)).toContain('starter has ended its renewal');
  });

  test('while a page for paying is open', async () => {
    const person = await world.context('terminal', 'payer');
    const { db } = world.app.database;
    const at = world.now();
    const { accountId } = person.actor;
    const row = { id: 'chk_1', accountId, kind: 'pack', product: 'small' } as const;
    await db.insert(checkouts).values({ ...row, status: 'intended', createdAt: at, expiresAt: at });
    expect(await faultOf(person)).toMatchObject({ code: 'deletion_checkout' });
    await db.update(checkouts).set({ status: 'open' });
    expect(await faultOf(person)).toMatchObject({ code: 'deletion_checkout' });
    await db.update(checkouts).set({ status: 'expired' });
    expect(await faultOf(person)).toMatchObject({ code: 'approval_required' });
  });

  test('while a video is made, and while something is published', async () => {
    const person = await world.context('terminal', 'maker');
    const video = await startVideo(world, 'maker');
    const { db } = world.app.database;
    const making = { videos: 1, publications: 0 };
    expect(await faultOf(person)).toMatchObject({ code: 'deletion_running', params: making });
    await world.drain();
    expect(await faultOf(person)).toMatchObject({ code: 'approval_required' });
    const made = await furnishAccount(world, 'publisher');
    await db
      .update(publications)
      .set({ status: 'processing' })
      .where(eq(publications.id, made.live));
    const sending = { videos: 0, publications: 1 };
    expect(await faultOf(made.person)).toMatchObject({ code: 'deletion_running', params: sending });
    await db.update(publications).set({ status: 'live' }).where(eq(publications.id, made.live));
    expect(await db.select().from(videos).where(eq(videos.id, video))).toHaveLength(1);
  });

  test('while units are set aside, also when it was approved before', async () => {
    // A hold without a video would be a breach in the books of the others.
    await using own = await createOwnWorld();
    const person = await own.world.context('terminal', 'holder');
    const { app } = own.world;
    const { db } = app.database;
    const { accountId } = person.actor;
    const asked = await faultOf(person);
    expect(asked).toMatchObject({ code: 'approval_required' });
    const [open] = await db.select().from(approvals).where(eq(approvals.accountId, accountId));
    const id = open?.id ?? '';
    await decideApproval(app, { id, approved: true, by: accountId, surface: 'terminal' });
    const hold = { walletId: accountId, accountId, videoId: 'vid_none', amount: 3 };
    await holdQuota(db, { ...hold, at: world.now() });
    expect(await faultOf(person)).toMatchObject({ code: 'deletion_held', params: { units: 3 } });
    const release = { walletId: accountId, reference: 'vid_none', key: 'release:none' };
    await postTransfer(db, { ...release, verb: 'release', at: world.now() });
    expect(await perform(accountDelete, {}, person)).toMatchObject({
      ok: true,
      value: { units_lost: 100 },
      text: 'Your account is deleted, and 100 quota with it. Files and connections are being removed now.',
    });
    expect(await faultOf(person)).toMatchObject({ code: 'account_deleted' });
  });

  test('for whatever comes from a model', async () => {
    const person = await world.context('mcp', 'model');
    expect(await faultOf(person)).toMatchObject({ code: 'approval_required' });
    expect(accountDelete.audience).toBe('people');
  });
});

describe('the card', () => {
  test.each(['en', 'zh'] as const)('says what goes and what stays (%s)', async (locale) => {
    const person = await world.context('terminal', `reader ${locale}`, locale);
    const { title, lines } = (await accountDelete.preview?.({}, person)) ?? {
      title: '',
      lines: [],
    };
    expect(title).not.toBe('');
    const text = lines.map((line) => line.join(': ')).join('\n');
    expect(text).toContain('100');
    expect(text).toContain('YouTube');
    expect(text).toContain('30');
    expect(text).toContain('account_export');
    expect(lines.every((line) => line.length === 2 && line.every((part) => part !== ''))).toBe(
      true,
    );
  });
});

describe('after a deletion', () => {
  let account: WholeAccount;
  let person: Context;
  let token: string;
  let links: Record<string, string | null>;
  const secondOf = async (link: string | null) =>
    link === null ? 0 : (await fetch(link, { redirect: 'manual' })).status;

  beforeAll(async () => {
    account = await furnishAccount(world, 'leaving');
    person = account.person;
    const { accountId } = person.actor;
    const { db } = world.app.database;
    token = z.string().parse((await world.must(tokenCreate, { name: 'x' }, person))['token']);
    const [open] = await db
      .select()
      .from(approvals)
      .where(and(eq(approvals.accountId, accountId), eq(approvals.status, 'pending')));
    const [paid] = await db.select().from(checkouts).where(eq(checkouts.accountId, accountId));
    const [film = '', poster = '', picture = ''] = account.files;
    const chart = { accountId, locale: 'en', timeZone: 'UTC', publication: null, days: 7 } as const;
    links = {
      approval: approvalLink(world.app, open?.id ?? ''),
      film: mediaLink(world.app, film),
      poster: mediaLink(world.app, poster),
      picture: mediaLink(world.app, picture),
      progress: progressLink(world.app, { id: account.live, status: 'processing' }),
      receipt: String((await world.must(quotaReceipt, {}, person))['link']),
      export: String((await world.must(accountExport, {}, person))['link']),
      chart: chartLink(world.app, chart),
      quota: chartLink(world.app, { ...chart, of: 'quota' }),
      billing: billingPages(world.app, paid?.id ?? '').done,
      google: String((await world.must(channelConnect, {}, person))['url']),
    };
    const before = await Promise.all(Object.values(links).map(secondOf));
    expect(before.filter((status) => status !== 200)).toEqual([]);
    expect(await verifyToken(world.app, token)).not.toBeNull();
    await world.must(accountDelete, {}, person);
  }, 120_000);

  test('nobody acts for the account', async () => {
    const { accountId } = person.actor;
    expect(await perform(accountShow, {}, person)).toMatchObject({
      ok: false,
      fault: { code: 'account_deleted' },
    });
    const signal = new AbortController().signal;
    await expect(
      contextOfAccount(world.app, { accountId, surface: 'mcp', signal }),
    ).rejects.toMatchObject({ code: 'account_deleted' });
    expect(await verifyToken(world.app, token)).toBeNull();
    const [plan] = Object.values(products);
    if (!plan) throw new Error('nothing is sold');
    await expect(openCheckout(person, plan)).rejects.toMatchObject({ code: 'account_deleted' });
  });

  test('no link opens that was given out before, even before the files are gone', async () => {
    const after: Record<string, number> = {};
    for (const [name, link] of Object.entries(links)) after[name] = await secondOf(link);
    expect(after).toEqual({
      approval: 410,
      film: 403,
      poster: 403,
      picture: 403,
      progress: 404,
      receipt: 400,
      export: 400,
      chart: 403,
      quota: 403,
      billing: 403,
      google: 400,
    });
  });

  test('its units have expired, packs as well, and the books agree', async () => {
    expect(await walletOf(person)).toMatchObject({
      available: 0,
      lasting: 0,
      held: 0,
      spent: 1,
      expired: 106,
      granted: 107,
      periodEnd: null,
    });
    const { db, sql } = world.app.database;
    const [last] = await db
      .select()
      .from(quotaTransfers)
      .where(
        and(eq(quotaTransfers.walletId, person.actor.accountId), eq(quotaTransfers.verb, 'expire')),
      );
    expect(last).toMatchObject({ amount: 106, lasting: 7, reference: 'account-deleted' });
    expect((await auditBooks(sql, world.now())).breaches).toEqual([]);
  });

  test('no month begins for it, even where its wallet has one to come', async () => {
    const { db } = world.app.database;
    const { accountId } = person.actor;
    await db.update(wallets).set({ periodEnd: world.now() }).where(eq(wallets.id, accountId));
    await renewMonths.run({}, jobContext(world));
    expect(await walletOf(person)).toMatchObject({ available: 0, granted: 107 });
    await db.update(wallets).set({ periodEnd: null }).where(eq(wallets.id, accountId));
  });

  test('what was open is declined', async () => {
    const { db } = world.app.database;
    const rows = await db
      .select({ status: approvals.status })
      .from(approvals)
      .where(eq(approvals.accountId, person.actor.accountId));
    const statuses = new Set(rows.map(({ status }) => status));
    expect(statuses).toEqual(new Set(['declined', 'used']));
  });
});

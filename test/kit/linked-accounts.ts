import { eq } from 'drizzle-orm';
import { z } from 'zod';

import { answerLink } from '../../core/account/answer.ts';
import { accountLink } from '../../core/account/link.ts';
import { accountMerge } from '../../core/account/merge.ts';
import type { Context } from '../../core/context.ts';
import { isFault, type FaultCode } from '../../core/fault.ts';
import { perform, type Outcome } from '../../core/operation.ts';
import { holdQuota, postTransfer, renewMonth } from '../../core/quota/ledger.ts';
import { monthAfter } from '../../core/quota/month.ts';
import { auditBooks } from '../../core/quota/audit.ts';
import { purchases, subscriptions } from '../../drizzle/schema/billing.ts';
import { approvals } from '../../drizzle/schema/consent.ts';
import { accounts } from '../../drizzle/schema/people.ts';
import { wallets } from '../../drizzle/schema/quota.ts';
import { quotes, videos } from '../../drizzle/schema/videos.ts';
import type { World } from './world.ts';

/** A link as the browser gets it. */
export type MadeLink = { readonly id: string; readonly sig: string };

const linkSchema = z.object({ link: z.string(), url: z.url() });

/** Makes the link of an account. */
export async function makeLink(world: World, from: Context): Promise<MadeLink> {
  const { link: id, url } = linkSchema.parse(await world.must(accountLink, {}, from));
  return { id, sig: new URL(url).searchParams.get('sig') ?? '' };
}

/** Makes a link and has the other account accept it; answers with its id. */
export async function acceptedLink(world: World, from: Context, to: Context): Promise<string> {
  const made = await makeLink(world, from);
  await answerLink(world.app, { ...made, accountId: to.actor.accountId, accept: true });
  return made.id;
}

/** Makes one account of two, as their person does: link, accept, confirm. */
export async function link(world: World, from: Context, to: Context): Promise<Outcome> {
  const id = await acceptedLink(world, from, to);
  return world.perform(accountMerge, { link: id }, from);
}

/** The code of what was thrown, or null when nothing was. */
export async function faultCode(attempt: Promise<unknown>): Promise<FaultCode | null> {
  try {
    await attempt;
    return null;
  } catch (error) {
    if (isFault(error)) return error.code;
    throw error;
  }
}

/** What a request has come to: `ok`, or the code of its fault. */
export const endOf = (outcome: Outcome): string => (outcome.ok ? 'ok' : outcome.fault.code);

/** Asks for the merge, which asks for consent; the approval of it, or the code of the fault. */
export async function askMerge(from: Context, id: string): Promise<string> {
  const outcome = await perform(accountMerge, { link: id }, from);
  if (outcome.ok) throw new Error('nobody was asked');
  if (isFault(outcome.fault, 'approval_required')) return outcome.fault.params.id;
  return outcome.fault.code;
}

export async function accountRow(world: World, { actor }: Context) {
  const { db } = world.app.database;
  const [row] = await db.select().from(accounts).where(eq(accounts.id, actor.accountId));
  if (!row) throw new Error(`account ${actor.accountId} is gone`);
  return row;
}

export async function walletRow(world: World, { actor }: Context) {
  const { db } = world.app.database;
  const [row] = await db.select().from(wallets).where(eq(wallets.id, actor.accountId));
  if (!row) throw new Error(`account ${actor.accountId} has no wallet`);
  return row;
}

/** Gives an account so many units of a pack that it has paid for; the id of the purchase. */
export async function buyPack(world: World, accountId: string, units: number): Promise<string> {
  const { db } = world.app.database;
  const id = world.app.ids.next('cs');
  const at = world.now();
  const money = { amount: units * 10, currency: 'usd', paymentId: `pi_${id}`, paidAt: at };
  const what = { kind: 'pack', product: 'pack_small', units } as const;
  await db.insert(purchases).values({ id, accountId, walletId: accountId, ...what, ...money });
  const posting = { walletId: accountId, amount: units, reference: id, key: `pack:${id}`, at };
  await postTransfer(db, { verb: 'grant', lasting: true, ...posting });
  return id;
}

/** Gives an account a plan that is paid for from now on, with so many units; its month is new. */
export async function buyPlan(world: World, accountId: string, units: number): Promise<string> {
  const { db } = world.app.database;
  const [id, subscriptionId] = [world.app.ids.next('in'), world.app.ids.next('sub')];
  const at = world.now();
  const periodEnd = monthAfter(at, at);
  const period = { periodStart: at, periodEnd };
  await db.insert(subscriptions).values({
    id: subscriptionId,
    accountId,
    plan: 'starter',
    priceId: 'price_starter',
    status: 'active',
    ...period,
    createdAt: at,
    readAt: at,
  });
  const money = { amount: units * 10, currency: 'usd', paymentId: `pi_${id}`, paidAt: at };
  const what = { kind: 'plan', product: 'starter', subscriptionId, units } as const;
  await db
    .insert(purchases)
    .values({ id, accountId, walletId: accountId, ...what, ...money, ...period });
  const posting = { walletId: accountId, amount: units, reference: id, key: `invoice:${id}`, at };
  // A month never begins at the moment of the one before.
  const periodStart = new Date(at.getTime() + 1);
  const posted = await renewMonth(db, { ...posting, periodStart, periodEnd });
  if (posted.outcome !== 'applied') throw new Error(`month of ${accountId}: ${posted.outcome}`);
  return subscriptionId;
}

/** The questions about merges that are put to an account. */
export const mergeQuestions = (world: World, { actor }: Context) =>
  world.app.database.db.select().from(approvals).where(eq(approvals.accountId, actor.accountId));

/** Every rule that the books break now. */
export async function brokenRules(world: World) {
  const { breaches } = await auditBooks(world.app.database.sql, world.now());
  return breaches;
}

/** Every row of every table of the product but the log of attempts, as text: equal when nothing has changed. */
export async function everything(world: World): Promise<string> {
  const { sql } = world.app.database;
  const tables = z.array(z.object({ name: z.string() })).parse([
    ...(await sql`select table_name as name from information_schema.tables
        where table_schema = 'public' and table_type = 'BASE TABLE'
          and table_name not in ('audit_log', 'rate_limits') order by table_name`),
  ]);
  const each = tables.map(
    ({ name }) => `select '${name}' as name, string_agg(to_jsonb(t)::text, E'\\n'
      order by to_jsonb(t)::text) as rows from "${name}" t`,
  );
  const found = await sql.unsafe(`${each.join(' union all ')} order by 1`);
  return found.map((row) => JSON.stringify(row)).join('\n');
}

/** A video that is being made, with its hold of so many units; nobody works on it. */
export async function holdVideo(world: World, accountId: string, units: number): Promise<string> {
  const { db } = world.app.database;
  const [id, quoteId] = [world.app.ids.next('vid'), world.app.ids.next('quo')];
  const createdAt = world.now();
  const like = { prompt: 'a boat', model: 'minimax', seconds: 6, shape: '16:9', quota: units };
  await db
    .insert(quotes)
    .values({ id: quoteId, accountId, ...like, shots: [], createdAt, expiresAt: createdAt });
  const row = { id, accountId, quoteId, rootId: id, batchId: id, ...like, createdAt };
  await db.insert(videos).values({ ...row, status: 'queued' });
  await holdQuota(db, {
    walletId: accountId,
    accountId,
    videoId: id,
    amount: units,
    at: createdAt,
  });
  return id;
}

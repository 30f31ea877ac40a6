import { and, desc, eq, gt, isNull, ne, or, sql } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { approvals } from '../../drizzle/schema/consent.ts';
import { secondsAfter } from '../clock.ts';
import { isModelSurface, type Context } from '../context.ts';
import { canonicalJson, sha256Hex } from '../crypto.ts';
import { Fault } from '../fault.ts';
import type { AnyOperation, PerformOptions, Preview } from '../operation.ts';
import { tellWaiting } from './decide.ts';
import { onLeash, reachesOnLeash } from './leash.ts';
import { approvalLink } from './link.ts';
import { leaveWord } from './word.ts';

/** A person has this long to decide, and the approved call this long to come. */
const approvalSeconds = 15 * 60;

type Asked = {
  readonly operation: Pick<AnyOperation, 'name' | 'effect'>;
  readonly input: Record<string, unknown>;
  readonly preview: Preview;
};
/** The same with its hash, which covers the account as well. */
type Question = Asked & { readonly inputHash: string };

type Used = { readonly id: string; readonly choices: Record<string, unknown> };
/** What may go on, or the question that stands in its way. */
type Found = { readonly used: Used } | { readonly used: null; readonly id: string };

/**
 * Uses up one approval for exactly this input at exactly this price from exactly this wallet, or asks
 * a person for one. What a model spends goes through without asking as far as the person's leash
 * reaches; publishing and destroying never do. The use commits before anything is started: whatever
 * dies afterwards, it buys no second attempt.
 * @throws Fault `approval_required`, `approval_refused`, or `approval_not_valid` when the named approval does not fit.
 */
export async function requireApproval(
  asked: Asked,
  context: Context,
  options: PerformOptions,
): Promise<Used> {
  const { cost, payer } = asked.preview;
  const { accountId } = context.actor;
  const approved = [accountId, asked.operation.name, asked.input, cost];
  const inputHash = sha256Hex(canonicalJson(payer === undefined ? approved : [...approved, payer]));
  const found = await context.database.db.transaction(async (tx): Promise<Found> => {
    // Calls that come together take turns here, so that a person is not asked the same thing twice. They do
    // so before they touch an approval: one that was used up meanwhile stays locked by whoever looked.
    if (!options.approvalId)
      await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${inputHash}, 0))`);
    const used = await useUp(tx, context, inputHash, options.approvalId);
    if (used) return { used };
    if (options.approvalId) throw new Fault('approval_not_valid', {});
    return goOrAsk(tx, context, { ...asked, inputHash }, options);
  });
  if (found.used) return found.used;
  throw new Fault('approval_required', {
    title: asked.preview.title,
    id: found.id,
    link: approvalLink(context, found.id),
  });
}

async function useUp(
  tx: Tx,
  context: Context,
  inputHash: string,
  approvalId: string | undefined,
): Promise<Used | undefined> {
  const now = context.clock.now();
  const [used] = await tx
    .update(approvals)
    .set({ status: 'used', usedAt: now })
    .where(
      eq(
        approvals.id,
        sql`(select ${approvals.id} from ${approvals}
          where ${and(
            eq(approvals.accountId, context.actor.accountId),
            eq(approvals.inputHash, inputHash),
            eq(approvals.status, 'approved'),
            gt(approvals.expiresAt, now),
            approvalId ? eq(approvals.id, approvalId) : undefined,
          )}
          limit 1 for update skip locked)`,
      ),
    )
    .returning({ id: approvals.id, choices: approvals.choices });
  return used;
}

/** The open question for the same thing is asked again; a fresh "no" is not asked about twice. */
async function goOrAsk(
  tx: Tx,
  context: Context,
  question: Question,
  options: PerformOptions,
): Promise<Found> {
  const { operation, preview, inputHash } = question;
  const latest = await lockLatest(tx, context, inputHash);
  if (latest?.status === 'approved') {
    // It was approved while this call waited.
    const used = await useUp(tx, context, inputHash, undefined);
    if (used) return { used };
  }
  const byModel = isModelSurface(context.actor.surface);
  if (byModel && latest?.status === 'declined') throw new Fault('approval_refused', {});
  const open = byModel && latest?.status === 'pending' ? latest : null;
  const mayGo = byModel && operation.effect === 'spend' && options.isRepeat !== true;
  if (mayGo && (await reachesOnLeash(tx, context, preview.cost)))
    return { used: await goOnLeash(tx, context, question, open) };
  if (open) return { used: null, id: open.id };
  const { id } = await record(tx, context, question, { status: 'pending' });
  if (isFarAway(context, options)) await leaveWord(tx, context, id);
  return { used: null, id };
}

/** Whether the person may not see that they are asked. */
const isFarAway = ({ actor }: Context, { asksItself }: PerformOptions): boolean =>
  actor.surface === 'mcp' && asksItself !== true;

type Latest = Pick<typeof approvals.$inferSelect, 'id' | 'status' | 'surface'>;

/** The last question about this; a decision that is being made at this moment is waited for. */
async function lockLatest(
  tx: Tx,
  context: Context,
  inputHash: string,
): Promise<Latest | undefined> {
  const [latest] = await tx
    .select({ id: approvals.id, status: approvals.status, surface: approvals.surface })
    .from(approvals)
    .where(
      and(
        eq(approvals.accountId, context.actor.accountId),
        eq(approvals.inputHash, inputHash),
        gt(approvals.expiresAt, context.clock.now()),
        // What went on the leash has asked nobody.
        or(isNull(approvals.decidedOn), ne(approvals.decidedOn, onLeash)),
      ),
    )
    .orderBy(desc(approvals.createdAt), desc(approvals.id))
    .limit(1)
    .for('update');
  return latest;
}

/** An open question of a model about the same is settled by it: a later yes buys no second attempt. */
async function goOnLeash(
  tx: Tx,
  context: Context,
  question: Question,
  open: Latest | null,
): Promise<Used> {
  const now = context.clock.now();
  const used = { status: 'used', decidedOn: onLeash, decidedAt: now, usedAt: now } as const;
  if (!open || !isModelSurface(open.surface)) return record(tx, context, question, used);
  await tx.update(approvals).set(used).where(eq(approvals.id, open.id));
  await tellWaiting(tx, open.id);
  return { id: open.id, choices: {} };
}

async function record(
  tx: Tx,
  context: Context,
  { operation, input, preview, inputHash }: Question,
  decided: Partial<typeof approvals.$inferInsert> & Pick<typeof approvals.$inferInsert, 'status'>,
): Promise<Used> {
  const id = context.ids.next('apr');
  const now = context.clock.now();
  await tx.insert(approvals).values({
    id,
    accountId: context.actor.accountId,
    approverId: context.actor.accountId,
    operation: operation.name,
    inputHash,
    input,
    preview,
    surface: context.actor.surface,
    choices: {},
    createdAt: now,
    expiresAt: secondsAfter(now, approvalSeconds),
    ...decided,
  });
  return { id, choices: {} };
}

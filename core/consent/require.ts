import { and, desc, eq, gt, sql } from 'drizzle-orm';

import type { Tx } from '../../drizzle/client.ts';
import { approvals } from '../../drizzle/schema/consent.ts';
import { secondsAfter } from '../clock.ts';
import { isModelSurface, type Context } from '../context.ts';
import { canonicalJson, sha256Hex } from '../crypto.ts';
import { Fault } from '../fault.ts';
import type { AnyOperation, Preview } from '../operation.ts';
import { approvalLink } from './link.ts';

/** A person has this long to decide, and the approved call this long to come. */
const approvalSeconds = 15 * 60;

type Asked = {
  readonly operation: Pick<AnyOperation, 'name'>;
  readonly input: Record<string, unknown>;
  readonly preview: Preview;
};

/**
 * Uses up one approval for exactly this input at exactly this price, or asks a person for one.
 * The use commits before anything is started: whatever dies afterwards, it buys no second attempt.
 * @throws Fault `approval_required`, `approval_refused`, or `approval_not_valid` when the named approval does not fit.
 */
export async function requireApproval(
  asked: Asked,
  context: Context,
  options: { readonly approvalId?: string },
): Promise<{ readonly id: string; readonly choices: Record<string, unknown> }> {
  const inputHash = sha256Hex(
    canonicalJson([context.actor.accountId, asked.operation.name, asked.input, asked.preview.cost]),
  );
  const found = await context.database.db.transaction(async (tx) => {
    const used = await useUp(tx, context, inputHash, options.approvalId);
    if (used) return { used };
    if (options.approvalId) throw new Fault('approval_not_valid', {});
    return { id: await askPerson(tx, context, asked, inputHash) };
  });
  if (found.used) return found.used;
  throw new Fault('approval_required', {
    title: asked.preview.title,
    id: found.id,
    link: approvalLink(context, found.id),
  });
}

async function useUp(tx: Tx, context: Context, inputHash: string, approvalId: string | undefined) {
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
async function askPerson(
  tx: Tx,
  context: Context,
  asked: Asked,
  inputHash: string,
): Promise<string> {
  const now = context.clock.now();
  // Calls that come together take turns here, so that a person is not asked the same thing twice.
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${inputHash}, 0))`);
  const [latest] = await tx
    .select({ id: approvals.id, status: approvals.status })
    .from(approvals)
    .where(
      and(
        eq(approvals.accountId, context.actor.accountId),
        eq(approvals.inputHash, inputHash),
        gt(approvals.expiresAt, now),
      ),
    )
    .orderBy(desc(approvals.createdAt), desc(approvals.id))
    .limit(1);
  const byModel = isModelSurface(context.actor.surface);
  if (byModel && latest?.status === 'declined') throw new Fault('approval_refused', {});
  if (byModel && latest?.status === 'pending') return latest.id;
  const id = context.ids.next('apr');
  await tx.insert(approvals).values({
    id,
    accountId: context.actor.accountId,
    approverId: context.actor.accountId,
    operation: asked.operation.name,
    inputHash,
    input: asked.input,
    preview: asked.preview,
    surface: context.actor.surface,
    status: 'pending',
    choices: {},
    createdAt: now,
    expiresAt: secondsAfter(now, approvalSeconds),
  });
  return id;
}

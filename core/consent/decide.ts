import { and, eq, gt, not, sql } from 'drizzle-orm';
import { z } from 'zod';

import type { Tx } from '../../drizzle/client.ts';
import { approvals } from '../../drizzle/schema/consent.ts';
import { ofDeletedAccount } from '../account/deleted.ts';
import type { Services, Surface } from '../context.ts';
import { Fault } from '../fault.ts';

/** Listeners are told the id of the approval that somebody has decided. */
export const approvalChannel = 'jilo_approvals';

const previewSchema = z.object({
  title: z.string(),
  lines: z.array(z.tuple([z.string(), z.string()])),
  cost: z.number().int().nonnegative(),
  payer: z.string().optional(),
});

/** What a person sees before deciding. */
export type PendingApproval = {
  readonly id: string;
  readonly operation: string;
  readonly surface: string;
  /** Exactly what is approved. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly status: 'pending' | 'approved' | 'declined' | 'used';
  readonly preview: z.infer<typeof previewSchema>;
  readonly expiresAt: Date;
};

/** @throws Fault `approval_not_valid` when there is none for this approver, it has expired, or their account is deleted. */
export async function findApproval(
  services: Services,
  id: string,
  approverId?: string,
): Promise<PendingApproval> {
  const [row] = await services.database.db
    .select()
    .from(approvals)
    .where(
      and(
        eq(approvals.id, id),
        gt(approvals.expiresAt, services.clock.now()),
        approverId ? eq(approvals.approverId, approverId) : undefined,
        not(ofDeletedAccount(approvals.approverId)),
      ),
    );
  if (!row) throw new Fault('approval_not_valid', {});
  return readRow(row);
}

/** A question that nobody has decided yet; null once it is decided or has expired. */
export async function readOpenQuestion(
  db: Pick<Tx, 'select'>,
  id: string,
  now: Date,
): Promise<PendingApproval | null> {
  const [row] = await db
    .select()
    .from(approvals)
    .where(
      and(eq(approvals.id, id), eq(approvals.status, 'pending'), gt(approvals.expiresAt, now)),
    );
  return row ? readRow(row) : null;
}

function readRow(row: typeof approvals.$inferSelect): PendingApproval {
  const { id, operation, surface, status, input, expiresAt } = row;
  const preview = previewSchema.parse(row.preview);
  return { id, operation, surface, input, status, expiresAt, preview };
}

/** Wakes whoever waits for the decision, once `tx` commits. */
export async function tellWaiting(tx: Tx, approvalId: string): Promise<void> {
  await tx.execute(sql`select pg_notify(${approvalChannel}, ${approvalId})`);
}

/**
 * Records one person's decision. `by` is the account of the person, or null when the holder of the
 * signed link decides, whose signature the caller has checked. Wakes whoever waits for it.
 * @throws Fault `approval_not_valid` for somebody else, a second decision, or an expired approval.
 */
export async function decideApproval(
  services: Services,
  decision: {
    readonly id: string;
    readonly approved: boolean;
    readonly by: string | null;
    readonly surface: Surface;
    /** Values for fields that only a person decides; the operation's schema checks them again. */
    readonly choices?: Record<string, unknown>;
  },
): Promise<void> {
  const now = services.clock.now();
  await services.database.db.transaction(async (tx) => {
    const decided = await tx
      .update(approvals)
      .set({
        status: decision.approved ? 'approved' : 'declined',
        decidedAt: now,
        decidedOn: decision.surface,
        choices: decision.choices ?? {},
      })
      .where(
        and(
          eq(approvals.id, decision.id),
          eq(approvals.status, 'pending'),
          gt(approvals.expiresAt, now),
          decision.by === null ? undefined : eq(approvals.approverId, decision.by),
        ),
      )
      .returning({ id: approvals.id });
    if (decided.length === 0) throw new Fault('approval_not_valid', {});
    await tellWaiting(tx, decision.id);
  });
}

/** Takes back a yes that nothing has been started with; false when it is too late for that. */
export async function withdrawApproval(
  services: Services,
  { id, by }: { readonly id: string; readonly by: string },
): Promise<boolean> {
  const withdrawn = await services.database.db
    .update(approvals)
    .set({ status: 'declined', decidedAt: services.clock.now() })
    .where(
      and(eq(approvals.id, id), eq(approvals.status, 'approved'), eq(approvals.approverId, by)),
    )
    .returning({ id: approvals.id });
  return withdrawn.length > 0;
}

import { decideApproval, findApproval } from '../../core/consent/decide.ts';
import type { Context } from '../../core/context.ts';
import { isFault } from '../../core/fault.ts';

/** A person says yes; who is told that something broke looks again, and says it again where it was lost. */
export async function approveIt(context: Context, id: string): Promise<void> {
  const decision = {
    id,
    approved: true,
    by: context.actor.accountId,
    surface: 'terminal',
  } as const;
  try {
    await decideApproval(context, decision);
  } catch (error) {
    if (isFault(error)) throw error;
    const { status } = await findApproval(context, id);
    if (status === 'pending') await decideApproval(context, decision);
  }
}

import { z } from 'zod';

import type { Context } from '../../../core/context.ts';
import { readDraft, saveDraft } from '../../../core/draft.ts';
import { Fault } from '../../../core/fault.ts';
import { serverOf } from '../../../core/scope.ts';
import { actionId } from '../action-id.ts';
import { defineAction, type Action } from '../exchange.ts';

/** What was asked for when something was in the way. */
const askedSchema = z.object({ operation: z.string(), input: z.record(z.string(), z.unknown()) });

/** The id of a button that asks for the same once more: the last such request of its operation. */
export async function againId(
  context: Context,
  owner: string,
  operation: string,
  input: Record<string, unknown>,
): Promise<string> {
  const { accountId } = context.actor;
  const { id } = await saveDraft(context, {
    accountId,
    serverId: serverOf(context.actor),
    topic: `again:${operation}`,
    fields: { operation, input },
  });
  return actionId('again', owner, id);
}

export const againActions: readonly Action[] = [
  defineAction('again', async (exchange, [id = '']) => {
    await exchange.defer('person');
    const { accountId } = exchange.context.actor;
    const asked = askedSchema.safeParse(
      (await readDraft(exchange.context, { accountId, id }))?.fields,
    );
    if (!asked.success) throw new Fault('button_outdated', {});
    await exchange.show(asked.data.operation, asked.data.input);
  }),
];

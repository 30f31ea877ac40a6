import { z } from 'zod';

import { choiceSchema, readChoices } from '../../core/consent/choices.ts';
import type { PendingApproval } from '../../core/consent/decide.ts';
import type { Context } from '../../core/context.ts';
import { readDraft, saveDraft, type DraftPlace } from '../../core/draft.ts';
import type { AnyOperation } from '../../core/operation.ts';
import { serverOf } from '../../core/scope.ts';
import type { ConsentChoice } from './cards/consent.ts';

/** The draft in which a person's choices wait for the decision. */
const placeOf = (context: Context, approvalId: string): DraftPlace => ({
  accountId: context.actor.accountId,
  serverId: serverOf(context.actor),
  topic: `approval:${approvalId}`,
});

/** What the person has chosen so far on the card of an approval, as the operation takes it. */
export async function readChosen(
  context: Context,
  approvalId: string,
): Promise<Readonly<Record<string, unknown>>> {
  return (await readDraft(context, placeOf(context, approvalId)))?.fields ?? {};
}

/**
 * Keeps one choice, given as the value of an option.
 * @throws Fault `invalid_input` for what the operation would not take.
 */
export async function keepChoice(
  context: Context,
  operation: AnyOperation,
  chosen: { readonly approvalId: string; readonly field: string; readonly option: string },
): Promise<Readonly<Record<string, unknown>>> {
  const { approvalId, field, option } = chosen;
  const before = await readChosen(context, approvalId);
  const value = option === 'true' || option === 'false' ? option === 'true' : option;
  readChoices(operation, { [field]: value });
  const fields = { ...before, [field]: value };
  await saveDraft(context, { ...placeOf(context, approvalId), fields });
  return fields;
}

const propertySchema = z.object({
  type: z.string().optional(),
  enum: z.array(z.string()).optional(),
  default: z.unknown(),
});
const propertiesSchema = z.object({ properties: z.record(z.string(), z.unknown()) });

/** What a person may choose on the card of an approval, and what is chosen now. */
export function choicesOf(
  operation: AnyOperation,
  approval: Pick<PendingApproval, 'input'>,
  chosen: Readonly<Record<string, unknown>>,
): ConsentChoice[] {
  const schema = z.toJSONSchema(choiceSchema(operation), { io: 'input' });
  const { properties } = propertiesSchema.parse(schema);
  return Object.entries(properties).flatMap(([field, raw]) => {
    const property = propertySchema.parse(raw);
    const options = property.enum ?? (property.type === 'boolean' ? ['true', 'false'] : []);
    // A planned video goes public by itself: who sees it is decided by its time.
    const isFixed = field === 'privacy' && approval.input['publish_at'] !== undefined;
    const value = chosen[field] ?? approval.input[field] ?? property.default;
    return options.length === 0 || isFixed ? [] : [{ field, options, value: String(value) }];
  });
}

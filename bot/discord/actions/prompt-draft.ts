import { z } from 'zod';

import type { Context } from '../../../core/context.ts';
import { readDraft, saveDraft } from '../../../core/draft.ts';
import { serverOf } from '../../../core/scope.ts';
import type { Prefill } from '../cards/prompt-editor.ts';

/** The last prompt that a person typed, as it was typed: also one that was refused. */
const lastSchema = z.object({
  prompt: z.string().optional().catch(undefined),
  model: z.string().optional().catch(undefined),
  seconds: z.number().optional().catch(undefined),
  shape: z.string().optional().catch(undefined),
});

const placeOf = ({ actor }: Context) => ({
  accountId: actor.accountId,
  serverId: serverOf(actor),
  topic: 'prompt',
});

/** Keeps what was typed into the editor; it opens with it again. */
export async function keepLast(context: Context, typed: Prefill): Promise<void> {
  await saveDraft(context, { ...placeOf(context), fields: { ...typed } });
}

/** What was typed into the editor last in this place; nothing before the first time. */
export async function readLast(context: Context): Promise<Prefill> {
  const draft = await readDraft(context, placeOf(context));
  return draft ? lastSchema.parse(draft.fields) : {};
}

/** What of a command's or a card's values the editor can open with. */
export const prefillOf = (values: Readonly<Record<string, unknown>>): Prefill =>
  lastSchema.parse(values);

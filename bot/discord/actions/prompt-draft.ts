import { z } from 'zod';

import type { Context } from '../../../core/context.ts';
import { readDraft, saveDraft } from '../../../core/draft.ts';
import { serverOf } from '../../../core/scope.ts';
import type { Prefill } from '../cards/prompt-editor.ts';
import { optionsIn } from '../chosen-options.ts';

/** What a video is made from, as the fields of `video_quote` have it; nothing of it is checked. */
export type Values = Readonly<Record<string, unknown>>;

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
export async function keepLast(context: Context, typed: Values): Promise<void> {
  const fields = { ...lastSchema.parse(typed), ...optionsIn(typed) };
  await saveDraft(context, { ...placeOf(context), fields });
}

/** What was typed into the editor last in this place; nothing before the first time. */
export async function readLast(context: Context): Promise<Values> {
  return (await readDraft(context, placeOf(context)))?.fields ?? {};
}

/** Keeps a wish in the wording that was suggested for it; answers with the id under which it waits. */
export async function keepRewording(context: Context, wish: Values): Promise<string> {
  const fields = { ...lastSchema.parse(wish), ...optionsIn(wish) };
  const { id } = await saveDraft(context, {
    ...placeOf(context),
    topic: 'prompt:reworded',
    fields,
  });
  return id;
}

/** The wish that waits under that id; null when there is none of the person's. */
export async function readRewording({ actor, ...services }: Context, id: string) {
  const { accountId } = actor;
  return (await readDraft(services, { accountId, id }))?.fields ?? null;
}

/** What of a command's or a card's values the editor can open with. */
export const prefillOf = (values: Values): Prefill => ({
  ...lastSchema.parse(values),
  options: optionsIn(values),
});

import { z } from 'zod';

import type { Context, Services } from '../context.ts';
import { sha256Hex } from '../crypto.ts';
import { readDraft, saveDraft, type DraftPlace } from '../draft.ts';
import { serverOf } from '../scope.ts';
import { secondsField } from '../video/inputs.ts';

const writtenPromptSchema = z.object({
  prompt: z.string(),
  /** What it was written from, so that another one can be. */
  trend: z.string().nullable(),
  idea: z.string().nullable(),
  seconds: secondsField,
});
export type WrittenPrompt = z.output<typeof writtenPromptSchema>;

/** A short name of a prompt that follows from its words: 16 characters. */
export const keyOfPrompt = (prompt: string): string => sha256Hex(prompt).slice(0, 16);

const topicOf = (key: string): string => `prompt:${key}`;

const placeOf = ({ actor }: Context, key: string): DraftPlace => ({
  accountId: actor.accountId,
  serverId: serverOf(actor),
  topic: topicOf(key),
});

/** Keeps a prompt that was written for the account, so that it can be named by its key. */
export async function keepPrompt(context: Context, written: WrittenPrompt): Promise<void> {
  const place = placeOf(context, keyOfPrompt(written.prompt));
  await saveDraft(context, { ...place, fields: written });
}

/** A prompt that was written for the account in this place; null when none of that key was. */
export async function findPrompt(context: Context, key: string): Promise<WrittenPrompt | null> {
  const draft = await readDraft(context, placeOf(context, key));
  return draft ? writtenPromptSchema.parse(draft.fields) : null;
}

/** The trend that a prompt was written from, for an account in one place; null when it was from none. */
export async function findSourceTrend(
  services: Services,
  { prompt, ...place }: Omit<DraftPlace, 'topic'> & { readonly prompt: string },
): Promise<string | null> {
  const draft = await readDraft(services, { ...place, topic: topicOf(keyOfPrompt(prompt)) });
  return writtenPromptSchema.safeParse(draft?.fields).data?.trend ?? null;
}

import type { Context, JobContext } from '../context.ts';
import { Fault } from '../fault.ts';
import { plainText } from '../untrusted.ts';
import { checkText } from './judge.ts';
import { openVerdictStore } from './store.ts';

/** Words of a verdict as one line for people, without anything active. */
export const namedWords = (words: readonly string[]): string =>
  words
    .map((word) => plainText(word, 60))
    .filter((word) => word !== '')
    .join(', ');

/**
 * Lets a text pass or ends the request; to be called before anything is paid for.
 * @throws Fault `prompt_refused` naming the field, the words and what they break.
 */
export async function refuseUnsafe(
  context: Context | JobContext,
  field: string,
  text: string,
): Promise<void> {
  const { decision, category, words, suggestion } = await checkText(
    context,
    { field, text },
    openVerdictStore(context),
  );
  if (decision === 'allow' || category === null) return;
  const params = { field, words: namedWords(words), category, suggestion };
  throw new Fault('prompt_refused', params, { field });
}

import type { Context } from '../../core/context.ts';
import { perform } from '../../core/operation.ts';
import { operations } from '../../core/operations.ts';
import { plainInput } from './cells.ts';

/**
 * What an account reads without naming anything, by operation. Sums and rankings count others without
 * naming them: who has nothing must read the same whoever else there is.
 */
export async function readAll(context: Context, pictureUrl: string): Promise<Map<string, string>> {
  const answers = new Map<string, string>();
  for (const operation of operations.filter(({ effect }) => effect === 'read')) {
    const input = plainInput({ pictureUrl }, operation);
    if (!input) continue;
    const outcome = await perform(operation, input, context);
    const said = outcome.ok ? [outcome.value, outcome.text] : [outcome.fault.code];
    answers.set(operation.name, JSON.stringify(said));
  }
  return answers;
}

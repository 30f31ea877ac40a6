import { z } from 'zod';

import type { Tx } from '../../drizzle/client.ts';
import type { Locale } from '../messages/catalogue.ts';
import { mergedWords } from '../messages/account-link.ts';
import { planWords, productName } from '../messages/plan-words.ts';
import { readBalances, type Movement } from './journal.ts';
import { mergeReference } from './merge.ts';

/** One movement of quota as every surface shows it. */
export const ledgerEntrySchema = z.object({
  entry: z.int().describe('Its number'),
  at: z.iso.datetime(),
  verb: z.enum([
    'grant',
    'hold',
    'capture',
    'release',
    'refund',
    'expire',
    'take_back',
    'give',
    'receive',
  ]),
  from: z.string(),
  to: z.string(),
  amount: z.int(),
  kind: z.enum(['month', 'pack', 'both']).describe('Units of the month end with it, packs do not'),
  reference: z.string().describe('The video, sign-up, period or purchase it is about'),
  purpose: z.string().describe('What it was for, in words'),
  balance: z.int().nullable().describe('Left to spend after it; null: a server has paid'),
  paid_by: z.enum(['person', 'server']),
});
export type LedgerEntry = z.infer<typeof ledgerEntrySchema>;

/** Movements with what could be spent after each, in the words of a language. */
export async function viewMovements(
  db: Pick<Tx, 'select' | 'execute'>,
  { accountId, locale }: { readonly accountId: string; readonly locale: Locale },
  movements: readonly Movement[],
): Promise<LedgerEntry[]> {
  const balances = await readBalances(db, accountId, movements);
  return movements.map((movement) => ({
    entry: movement.id,
    at: movement.at.toISOString(),
    verb: movement.verb,
    from: movement.debit,
    to: movement.credit,
    amount: movement.amount,
    kind: kindOf(movement),
    reference: movement.reference,
    purpose: purposeOf(movement, locale),
    balance: balances.get(movement.id) ?? null,
    paid_by: movement.isOwn ? ('person' as const) : ('server' as const),
  }));
}

/** Whether the units of a movement end with the month, or are those of packs, or some of each. */
export function kindOf({
  amount,
  lasting,
}: Pick<Movement, 'amount' | 'lasting'>): LedgerEntry['kind'] {
  if (lasting === 0) return 'month';
  return lasting === amount ? 'pack' : 'both';
}

/** So much of a prompt tells a video from the others. */
const promptCharacters = 60;

/** What a movement was for, in words. */
export function purposeOf(movement: Movement, locale: Locale): string {
  const words = planWords[locale];
  const { verb, prompt, reference } = movement;
  if (movement.product !== null) return purchasePurpose(movement, movement.product, locale);
  if (movement.isVideoDeleted) return words.videoGone;
  if (prompt !== null) return words.video({ prompt: beginningOf(prompt) });
  if (reference.startsWith(mergeReference))
    return verb === 'expire' ? mergedWords[locale].month : mergedWords[locale].account;
  if (verb === 'give' || verb === 'receive') return words.server;
  if (verb === 'expire') return words.rest;
  if (reference === 'sign-up') return words.signUp;
  if (verb !== 'grant') return reference;
  return words.freeMonth({ month: /\d{4}-\d{2}/u.exec(reference)?.[0] ?? null });
}

function purchasePurpose(movement: Movement, product: string, locale: Locale): string {
  const words = planWords[locale];
  // The rest of a month goes as the next one is paid for.
  if (movement.verb === 'expire') return words.rest;
  const name = productName(product, locale);
  const what = movement.productKind === 'pack' ? words.pack({ name }) : words.plan({ name });
  return movement.verb === 'take_back' ? words.moneyBack({ what }) : what;
}

/** The first words of a prompt, on one line. */
function beginningOf(prompt: string): string {
  const line = Array.from(prompt.replaceAll(/\s+/gu, ' ').trim());
  return line.length <= promptCharacters
    ? line.join('')
    : `${line.slice(0, promptCharacters - 1).join('')}…`;
}

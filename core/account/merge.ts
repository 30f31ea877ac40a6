import { z } from 'zod';

import type { Context } from '../context.ts';
import { sayProviders } from '../messages/account-link.ts';
import { catalogue, type Locale } from '../messages/catalogue.ts';
import { defineOperation, type Preview } from '../operation.ts';
import { readAnswered } from './link-row.ts';
import { planMerge, type MergePlan, type MergeSide } from './merge-plan.ts';
import { mergeAccounts } from './merge-run.ts';

/** So often a merge begins anew where it and a late end of a video stand in each other's way. */
const most = 3;

export const accountMerge = defineOperation({
  name: 'account_merge',
  summary: {
    en: 'Confirm that two accounts become one, once the other side has accepted.',
    zh: '对方接受后，确认把两个账户合并为一个。',
  },
  effect: 'destroy',
  audience: 'people',
  needs: [],
  input: z.object({ link: z.string().min(1).max(64).describe('Id from account_link') }),
  output: z.object({
    account: z.string().describe('The account that stays'),
    name: z.string(),
    merged: z.string().describe('The account that has become part of it'),
    is_own: z.boolean().describe('Whether the account that stays is the one that asked'),
    available: z.int().describe('Units that can be spent now'),
  }),
  async preview({ link: id }, context) {
    const { db } = context.database;
    const { accountId } = context.actor;
    const now = context.clock.now();
    const link = await readAnswered(db, id, { by: accountId, now });
    const plan = await planMerge(db, now, [link.fromAccount, link.toAccount]);
    const other = plan.stays.id === accountId ? plan.goes : plan.stays;
    return {
      title: catalogue(context.locale).preview.account_merge({ name: other.name }),
      lines: mergeLines(plan, accountId, context.locale),
      cost: 0,
    };
  },
  async run({ link: id }, context) {
    const plan = await mergeOrAgain(context, id, most);
    const { stays, goes, units } = plan;
    const { available } = units;
    const isOwn = stays.id === context.actor.accountId;
    return { account: stays.id, name: stays.name, merged: goes.id, is_own: isOwn, available };
  },
  say: ({ name, available, is_own: isOwn }, locale) =>
    catalogue(locale).say.account_merge({ name, available, isOwn }),
});

async function mergeOrAgain(context: Context, id: string, left: number): Promise<MergePlan> {
  const { db } = context.database;
  const by = context.actor.accountId;
  const link = await readAnswered(db, id, { by, now: context.clock.now() });
  try {
    return await db.transaction((tx) => mergeAccounts(tx, context, link));
  } catch (error) {
    if (left <= 1 || !isDeadlock(error)) throw error;
    return mergeOrAgain(context, id, left - 1);
  }
}

function isDeadlock(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause)
    if ('code' in at && at.code === '40P01') return true;
  return false;
}

/** What a person reads before deciding, from the side of one of the two accounts. */
export function mergeLines(plan: MergePlan, ownId: string, locale: Locale): Preview['lines'] {
  const { preview } = catalogue(locale);
  const { stays, goes, moves, units } = plan;
  const [own, other] = stays.id === ownId ? [stays, goes] : [goes, stays];
  const describe = ({ name, providers }: MergeSide) =>
    preview.mergeProviders({ name, providers: sayProviders(providers, locale) });
  return [
    [preview.mergeAccount, describe(other)],
    [preview.mergeOwn, describe(own)],
    [preview.mergeStays, stays.name],
    [preview.mergeGoes, goes.name],
    [preview.mergeMoves, preview.mergeCounts(moves)],
    [preview.mergeUnits, String(units.moved)],
    ...(units.expired === 0
      ? []
      : ([[preview.mergeExpires, preview.mergeOneMonth({ units: units.expired })]] as const)),
    [preview.mergeAfter, preview.mergeLeft(units)],
  ];
}

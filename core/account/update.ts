import { eq } from 'drizzle-orm';
import { z } from 'zod';

import { accounts } from '../../drizzle/schema/people.ts';
import { customIssue } from '../input-fault.ts';
import { timeZoneNamed } from '../local-time.ts';
import { catalogue, locales } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';

const input = z
  .object({
    locale: z.enum(locales).optional().describe('Language of every answer'),
    time_zone: z
      .string()
      .trim()
      .max(64)
      .optional()
      .describe('IANA name such as Asia/Shanghai: what "at 8 in the evening" means'),
    notices: z
      .boolean()
      .optional()
      .describe('Whether to be written to when something is done, failed or needs you'),
  })
  .superRefine(({ locale, time_zone, notices }, issues) => {
    if (locale === undefined && time_zone === undefined && notices === undefined)
      issues.addIssue(customIssue({ problem: 'nothing_to_change', params: null }, 'locale'));
    if (time_zone !== undefined && timeZoneNamed(time_zone) === null)
      issues.addIssue(
        customIssue({ problem: 'time_zone_unknown', params: { name: time_zone } }, 'time_zone'),
      );
  });

export const accountUpdate = defineOperation({
  name: 'account_update',
  summary: {
    en: 'Change language, time zone, and whether you are written to.',
    zh: '更改语言、时区和消息通知。',
  },
  effect: 'write',
  audience: 'people',
  needs: [],
  input,
  output: z.object({ locale: z.enum(locales), time_zone: z.string(), notices: z.boolean() }),
  async run({ locale, time_zone, notices }, context) {
    const timeZone = time_zone === undefined ? null : timeZoneNamed(time_zone);
    const [row] = await context.database.db
      .update(accounts)
      .set({
        ...(locale === undefined ? {} : { locale, localeChosen: true }),
        ...(timeZone === null ? {} : { timeZone }),
        ...(notices === undefined ? {} : { notices }),
      })
      .where(eq(accounts.id, context.actor.accountId))
      .returning();
    if (!row) throw new Error(`account ${context.actor.accountId} is gone`);
    return { locale: row.locale, time_zone: row.timeZone, notices: row.notices };
  },
  // In the language that was just chosen.
  say: ({ locale, time_zone, notices }) =>
    catalogue(locale).say.account_update({ timeZone: time_zone, notices }),
});

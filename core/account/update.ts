import { eq } from 'drizzle-orm';
import { z } from 'zod';

import { accounts } from '../../drizzle/schema/people.ts';
import { customIssue } from '../input-fault.ts';
import { timeZoneNamed } from '../local-time.ts';
import { catalogue, locales } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';

/** No person is asked about what goes on the leash, so it is short. */
const mostLeash = 20;

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
    leash: z
      .int()
      .min(0)
      .max(mostLeash)
      .optional()
      .describe('Units a day that models may spend without asking; 0: ask every time'),
  })
  .superRefine((settings, issues) => {
    const { time_zone } = settings;
    if (Object.values(settings).every((setting) => setting === undefined))
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
  decidedByPerson: ['leash'],
  output: z.object({
    locale: z.enum(locales),
    time_zone: z.string(),
    notices: z.boolean(),
    leash: z.int(),
  }),
  async run({ locale, time_zone, notices, leash }, context) {
    const timeZone = time_zone === undefined ? null : timeZoneNamed(time_zone);
    const [row] = await context.database.db
      .update(accounts)
      .set({
        ...(locale === undefined ? {} : { locale, localeChosen: true }),
        ...(timeZone === null ? {} : { timeZone }),
        ...(notices === undefined ? {} : { notices }),
        ...(leash === undefined ? {} : { leashUnits: leash }),
      })
      .where(eq(accounts.id, context.actor.accountId))
      .returning();
    if (!row) throw new Error(`account ${context.actor.accountId} is gone`);
    const { timeZone: zone, leashUnits } = row;
    return { locale: row.locale, time_zone: zone, notices: row.notices, leash: leashUnits };
  },
  // In the language that was just chosen.
  say: ({ locale, time_zone, notices, leash }) =>
    catalogue(locale).say.account_update({ timeZone: time_zone, notices, leash }),
});

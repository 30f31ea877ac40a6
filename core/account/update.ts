import { eq } from 'drizzle-orm';
import { z } from 'zod';

import { accounts } from '../../drizzle/schema/people.ts';
import { customIssue } from '../input-fault.ts';
import { timeZoneNamed } from '../local-time.ts';
import { purposeWords } from '../messages/account.ts';
import { catalogue, locales } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { mostDailyCap } from '../quota/daily-cap.ts';
import { purposes } from './purposes.ts';

/** No person is asked about what goes on the leash, so it is short. */
const mostLeash = 20;

const noCap = 'off';

/** A text, as a number alone could not say that there is no limit; a number is taken as well. */
const dailyCap = z.coerce
  .string()
  .trim()
  .toLowerCase()
  .max(16)
  .superRefine((text, issues) => {
    if (text === noCap || (/^\d{1,6}$/.test(text) && Number(text) <= mostDailyCap)) return;
    issues.addIssue(customIssue({ problem: 'no_daily_cap', params: { most: mostDailyCap } }));
  });

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
    purpose: z.enum(purposes).optional().describe('What you use Jilo for'),
    leash: z
      .int()
      .min(0)
      .max(mostLeash)
      .optional()
      .describe('Units a day that models may spend without asking; 0: ask every time'),
    daily_cap: dailyCap
      .optional()
      .describe(`Units a day that may be spent at most, 0 to ${mostDailyCap}; ${noCap}: no limit`),
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
    en: 'Change language, time zone, messages, purpose, and what may be spent a day.',
    zh: '更改语言、时区、消息通知、用途和每日用量。',
  },
  effect: 'write',
  audience: 'people',
  needs: [],
  input,
  decidedByPerson: ['leash', 'daily_cap'],
  output: z.object({
    locale: z.enum(locales),
    time_zone: z.string(),
    notices: z.boolean(),
    purpose: z.enum(purposes).nullable(),
    leash: z.int(),
    daily_cap: z.int().nullable(),
  }),
  async run({ locale, time_zone, notices, purpose, leash, daily_cap }, context) {
    const timeZone = time_zone === undefined ? null : timeZoneNamed(time_zone);
    const [row] = await context.database.db
      .update(accounts)
      .set({
        ...(locale === undefined ? {} : { locale, localeChosen: true }),
        ...(timeZone === null ? {} : { timeZone }),
        ...(notices === undefined ? {} : { notices }),
        ...(purpose === undefined ? {} : { purpose }),
        ...(leash === undefined ? {} : { leashUnits: leash }),
        ...(daily_cap === undefined ? {} : { dailyCapUnits: capOf(daily_cap) }),
      })
      .where(eq(accounts.id, context.actor.accountId))
      .returning();
    if (!row) throw new Error(`account ${context.actor.accountId} is gone`);
    return {
      locale: row.locale,
      time_zone: row.timeZone,
      notices: row.notices,
      purpose: row.purpose,
      leash: row.leashUnits,
      daily_cap: row.dailyCapUnits,
    };
  },
  // In the language that was just chosen.
  say: ({ locale, time_zone, notices, purpose, leash, daily_cap }) =>
    catalogue(locale).say.account_update({
      timeZone: time_zone,
      notices,
      purpose: purpose && purposeWords[locale][purpose],
      leash,
      dailyCap: daily_cap,
    }),
});

const capOf = (text: string): number | null => (text === noCap ? null : Number(text));

import { and, count, eq, ne } from 'drizzle-orm';
import { z } from 'zod';

import type { Tx } from '../../drizzle/client.ts';
import { accounts } from '../../drizzle/schema/people.ts';
import { watches, watchFinds } from '../../drizzle/schema/trends.ts';
import { secondsAfter } from '../clock.ts';
import { requirePort, type Context } from '../context.ts';
import { Fault } from '../fault.ts';
import { customIssue } from '../input-fault.ts';
import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { platformNames, platforms, type Platform } from '../ports/trend-source.ts';
import { serverOf } from '../scope.ts';
import { leastDailyUsd } from './plan.ts';
import { sameKeyword, type WatchRow } from './row.ts';
import { viewWatch, watchViewSchema } from './view.ts';

const mostActive = 10;

const known = platforms.join(', ');
const isPlatform = (name: string): name is Platform => platforms.some((one) => one === name);
const namesIn = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[,，、\s]+/u)
    .filter(Boolean);

/** Those that are named, each once and always in the same order. */
const platformsIn = (text: string): Platform[] =>
  platforms.filter((platform) => namesIn(text).includes(platform));

const input = z
  .object({
    keyword: z.string().trim().min(1).max(100).describe('What to look for, such as "AI tools"'),
    platforms: z
      .string()
      .default('tiktok,youtube')
      .describe('Comma-separated: tiktok, youtube, instagram'),
    min_score: z.int().min(0).max(100).default(70).describe('From this score on it is told'),
    every_hours: z.literal([6, 12, 24]).default(12).describe('How often it is looked'),
    daily_usd: z.number().min(0.05).max(5).default(0.5).describe('US dollars a day at most'),
  })
  .superRefine((value, issues) => {
    const named = platformsIn(value.platforms);
    const name = namesIn(value.platforms).find((one) => !isPlatform(one));
    if (name !== undefined)
      issues.addIssue(
        customIssue({ problem: 'platform_unknown', params: { name, known } }, 'platforms'),
      );
    else if (named.length === 0)
      issues.addIssue(customIssue({ problem: 'platform_missing', params: { known } }, 'platforms'));
    if (named.includes('instagram') && !/[\p{L}\p{N}]/u.test(value.keyword))
      issues.addIssue(customIssue({ problem: 'no_hashtag', params: null }, 'keyword'));
    const least = leastDailyUsd({ platforms: named, everyHours: value.every_hours });
    if (value.daily_usd < least)
      issues.addIssue(
        customIssue(
          { problem: 'watch_too_cheap', params: { least: least.toFixed(2) } },
          'daily_usd',
        ),
      );
  });

/** What is wanted of a watch. */
type Wish = Pick<WatchRow, 'keyword' | 'minScore' | 'everyHours' | 'dailyUsd'> & {
  readonly platforms: Platform[];
};

const outcomes = ['created', 'changed', 'restarted'] as const;

export const watchCreate = defineOperation({
  name: 'watch_create',
  summary: {
    en: 'Be told when something about a topic takes off.',
    zh: '某个主题有视频走红时通知我。',
  },
  guidance:
    'Only when the person wants to be told from now on; for now, use trend_search. The same keyword and platforms again change that watch, or start a paused one again, with all settings as given. The person lists and ends watches.',
  effect: 'write',
  audience: 'chat',
  needs: ['trendSource'],
  input,
  // It is spent again every day, so a model leaves it as it is.
  decidedByPerson: ['daily_usd'],
  output: watchViewSchema.extend({ outcome: z.enum(outcomes) }),
  async run(value, context) {
    requirePort(context.ports, 'trendSource');
    const wish: Wish = {
      keyword: value.keyword,
      platforms: platformsIn(value.platforms),
      minScore: value.min_score,
      everyHours: value.every_hours,
      dailyUsd: value.daily_usd,
    };
    return context.database.db.transaction((tx) => settle(tx, context, wish));
  },
  say({ keyword, platforms: names, outcome, min_score, every_hours, daily_usd }, locale) {
    return catalogue(locale).say.watch_create({
      keyword,
      platforms: names.map((name) => platformNames[name]).join(', '),
      outcome,
      score: min_score,
      hours: every_hours,
      usd: daily_usd.toFixed(2),
    });
  },
});

/** The watch of the same words in this place becomes what is wished; otherwise there is a new one. */
async function settle(tx: Tx, context: Context, wish: Wish) {
  const { accountId } = context.actor;
  const serverId = serverOf(context.actor);
  // One after the other for each account, so that neither the limit nor the words are passed twice.
  await tx
    .select({ id: accounts.id })
    .from(accounts)
    .where(eq(accounts.id, accountId))
    .for('update');
  const own = await tx
    .select()
    .from(watches)
    .where(and(eq(watches.accountId, accountId), ne(watches.status, 'deleted')));
  const same = own.find((one) => one.serverId === serverId && isSame(one, wish));
  const isActive = same?.status === 'active';
  const active = own.filter(({ status }) => status === 'active').length;
  if (!isActive && active >= mostActive) throw new Fault('watch_limit', { most: mostActive });
  const now = context.clock.now();
  if (!same) {
    const id = context.ids.next('wch');
    const place = { id, accountId, serverId, createdAt: now, nextAt: now };
    const row = await stored(tx.insert(watches).values({ ...wish, ...place, status: 'active' }));
    return { ...viewWatch(row, 0), outcome: 'created' as const };
  }
  const nextAt = isActive ? nextOf(same, wish, now) : now;
  const changes = { ...wish, status: 'active' as const, failures: 0, nextAt };
  const row = await stored(tx.update(watches).set(changes).where(eq(watches.id, same.id)));
  const [finds] = await tx
    .select({ count: count() })
    .from(watchFinds)
    .where(eq(watchFinds.watchId, same.id));
  const outcome = isActive ? ('changed' as const) : ('restarted' as const);
  return { ...viewWatch(row, finds?.count ?? 0), outcome };
}

const isSame = (one: WatchRow, wish: Wish): boolean =>
  sameKeyword(one.keyword) === sameKeyword(wish.keyword) &&
  one.platforms.join() === wish.platforms.join();

/** So long after the last look as is wished now; before the first one, as it was. */
function nextOf({ lastAt, nextAt }: WatchRow, { everyHours }: Wish, now: Date): Date {
  if (lastAt === null) return nextAt;
  const next = secondsAfter(lastAt, everyHours * 3600);
  return next > now ? next : now;
}

type Returning = { returning(): PromiseLike<WatchRow[]> };

async function stored(statement: Returning): Promise<WatchRow> {
  const [row] = await statement.returning();
  if (!row) throw new Error('a watch was not stored');
  return row;
}

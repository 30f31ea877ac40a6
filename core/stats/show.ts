import { and, eq } from 'drizzle-orm';
import { z } from 'zod';

import { publications } from '../../drizzle/schema/publishing.ts';
import { statsWords } from '../messages/stats.ts';
import { defineOperation } from '../operation.ts';
import { readPublication } from '../publication/row.ts';
import { inScope } from '../scope.ts';
import { drawCurve } from './chart.ts';
import { chartLink } from './chart-link.ts';
import { readCurve } from './curve.ts';
import { readCounts, sumCounts, type CountedPublication } from './read.ts';

/** How many days back growth is counted. */
export const statsDays = [7, 30, 90] as const;
/** Discord lists no more to pick from. */
const mostPublications = 25;

const counts = {
  views: z.int().nullable(),
  likes: z.int().nullable(),
  comments: z.int().nullable(),
};
const gained = {
  views_gained: z.int().nullable().describe('Within the days; null: not known'),
  likes_gained: z.int().nullable(),
  comments_gained: z.int().nullable(),
};

export const statsShow = defineOperation({
  name: 'stats_show',
  summary: {
    en: 'Show views, likes and comments of your publications, and how they grew.',
    zh: '查看已发布视频的观看、点赞、评论及其增长。',
  },
  guidance: 'Read hourly for 7 days, daily to 90. null is unknown.',
  effect: 'read',
  audience: 'everyone',
  needs: [],
  input: z.object({
    publication: z.string().min(1).optional().describe('Only this one; absent: all of yours'),
    days: z.literal(statsDays).default(30).describe('Growth within so many days'),
  }),
  output: z.object({
    days: z.int(),
    publication: z.string().nullable().describe('The one that was asked for; null: all'),
    totals: z.object({ ...counts, ...gained }),
    hidden: z
      .object({ views: z.int(), likes: z.int(), comments: z.int() })
      .describe('Videos of which YouTube does not tell the number; totals are without them'),
    read: z.int().describe('Videos whose numbers were read'),
    waiting: z.int().describe('Published videos whose numbers were not read yet'),
    publications: z.array(
      z.object({
        publication: z.string().describe('Pass this to publication_show'),
        title: z.string(),
        url: z.string().nullable(),
        ...counts,
        ...gained,
        read_at: z.iso.datetime().nullable().describe('null: not read yet'),
      }),
    ),
    more: z.int().describe('Further videos, in the totals only'),
    curve: z
      .array(z.object({ at: z.iso.datetime(), ...counts }))
      .describe('The totals over time, in even steps'),
    chart: z.string().nullable().describe('Address of the curve as a picture, for a day'),
  }),
  async run({ publication: id, days }, context) {
    if (id !== undefined) await readPublication(context, id);
    const scope = and(
      inScope(context.actor, publications),
      id === undefined ? undefined : eq(publications.id, id),
    );
    const counted = await readCounts(context, scope, days);
    const curve = await readCurve(context, scope, days);
    const totals = sumCounts(counted);
    const read = counted.filter(({ readAt }) => readAt !== null).length;
    const { accountId, serverId } = context.actor;
    const { locale, timeZone } = context;
    const publication = id ?? null;
    const reader = { days, locale, timeZone, publication, accountId };
    const where = serverId === undefined ? {} : { serverId };
    return {
      days,
      publication,
      totals: { ...totals.now, ...gainedOf(totals) },
      hidden: totals.hidden,
      read,
      waiting: counted.length - read,
      publications: counted.slice(0, mostPublications).map((one) => ({
        publication: one.id,
        title: one.title,
        url:
          one.hostVideoId === null
            ? null
            : (context.ports.videoHost?.watchUrl(one.hostVideoId) ?? null),
        ...one.now,
        ...gainedOf(one),
        read_at: one.readAt?.toISOString() ?? null,
      })),
      more: Math.max(0, counted.length - mostPublications),
      curve: curve.map(({ at, ...point }) => ({ at: at.toISOString(), ...point })),
      chart: curve.length === 0 ? null : chartLink(context, { ...reader, ...where }),
    };
  },
  async pictures({ curve, days }, context) {
    const points = curve.map(({ at, ...point }) => ({ at: new Date(at), ...point }));
    const { locale, timeZone } = context;
    const data = await drawCurve(context, points, { days, locale, timeZone });
    return data === null ? [] : [{ name: 'stats.png', contentType: 'image/png', data }];
  },
  say: ({ days, totals, hidden, read, waiting }, locale) =>
    statsWords[locale].said({
      days,
      read,
      waiting,
      hidden,
      now: totals,
      gained: {
        views: totals.views_gained,
        likes: totals.likes_gained,
        comments: totals.comments_gained,
      },
    }),
});

const gainedOf = ({ gained: { views, likes, comments } }: Pick<CountedPublication, 'gained'>) => ({
  views_gained: views,
  likes_gained: likes,
  comments_gained: comments,
});

import { and, count, desc, eq, ne } from 'drizzle-orm';
import { z } from 'zod';

import { watches, watchFinds } from '../../drizzle/schema/trends.ts';
import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { inScope } from '../scope.ts';
import { viewWatch, watchViewSchema } from './view.ts';

/** More than may be active; what was paused long ago is left out. */
const longest = 25;

export const watchList = defineOperation({
  name: 'watch_list',
  summary: {
    en: 'List what you are told about when it takes off.',
    zh: '列出正在监测的主题。',
  },
  effect: 'read',
  audience: 'people',
  needs: [],
  input: z.object({}),
  output: z.object({ watches: z.array(watchViewSchema) }),
  async run(_, context) {
    const rows = await context.database.db
      .select({ row: watches, found: count(watchFinds.id) })
      .from(watches)
      .leftJoin(watchFinds, eq(watchFinds.watchId, watches.id))
      .where(and(inScope(context.actor, watches), ne(watches.status, 'deleted')))
      .groupBy(watches.id)
      .orderBy(watches.status, desc(watches.createdAt), desc(watches.id))
      .limit(longest);
    return { watches: rows.map(({ row, found }) => viewWatch(row, found)) };
  },
  say: ({ watches: rows }, locale) =>
    catalogue(locale).say.watch_list({
      active: rows.filter(({ status }) => status === 'active').length,
      paused: rows.filter(({ status }) => status === 'paused').length,
    }),
});

import { and, eq, ne } from 'drizzle-orm';
import { z } from 'zod';

import { watches } from '../../drizzle/schema/trends.ts';
import { Fault } from '../fault.ts';
import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { inScope } from '../scope.ts';

export const watchDelete = defineOperation({
  name: 'watch_delete',
  summary: { en: 'No longer be told about a topic.', zh: '不再监测某个主题。' },
  effect: 'write',
  audience: 'people',
  needs: [],
  input: z.object({ watch: z.string().min(1).describe('Id from watch_list') }),
  output: z.object({ watch: z.string(), keyword: z.string() }),
  async run({ watch }, context) {
    const [gone] = await context.database.db
      .update(watches)
      .set({ status: 'deleted' })
      .where(
        and(eq(watches.id, watch), inScope(context.actor, watches), ne(watches.status, 'deleted')),
      )
      .returning({ keyword: watches.keyword });
    if (!gone) throw new Fault('not_found', { what: 'watch', id: watch }, { field: 'watch' });
    return { watch, keyword: gone.keyword };
  },
  say: ({ keyword }, locale) => catalogue(locale).say.watch_delete({ keyword }),
});

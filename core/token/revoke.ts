import { and, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';

import { accessTokens } from '../../drizzle/schema/access.ts';
import { Fault } from '../fault.ts';
import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';

export const tokenRevoke = defineOperation({
  name: 'token_revoke',
  summary: {
    en: 'Revoke an access token, at once and for ever.',
    zh: '撤销访问令牌，立即且永久生效。',
  },
  effect: 'write',
  audience: 'people',
  needs: [],
  input: z.object({ token: z.string().min(1).max(100).describe('Id from token_list') }),
  output: z.object({ id: z.string(), name: z.string(), revoked_at: z.iso.datetime() }),
  async run({ token: id }, { actor, clock, database }) {
    const own = and(eq(accessTokens.id, id), eq(accessTokens.accountId, actor.accountId));
    // Once more changes nothing: it keeps the moment of the first time.
    await database.db
      .update(accessTokens)
      .set({ revokedAt: clock.now() })
      .where(and(own, isNull(accessTokens.revokedAt)));
    const [row] = await database.db.select().from(accessTokens).where(own);
    if (!row?.revokedAt) throw new Fault('not_found', { what: 'token', id }, { field: 'token' });
    return { id, name: row.name, revoked_at: row.revokedAt.toISOString() };
  },
  say: ({ name }, locale) => catalogue(locale).say.token_revoke({ name }),
});

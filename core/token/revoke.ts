import { and, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';

import { accessTokens } from '../../drizzle/schema/access.ts';
import { Fault } from '../fault.ts';
import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { revokeProgram } from './programs.ts';

export const tokenRevoke = defineOperation({
  name: 'token_revoke',
  summary: {
    en: 'Revoke an access token or shut out a program, at once.',
    zh: '撤销访问令牌或程序的授权，立即生效。',
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
    if (!row) {
      const now = clock.now();
      const shutOut = await database.db.transaction((tx) =>
        revokeProgram(tx, actor.accountId, id, now),
      );
      if (shutOut) return { id, name: shutOut.name, revoked_at: now.toISOString() };
    }
    if (!row?.revokedAt) throw new Fault('not_found', { what: 'token', id }, { field: 'token' });
    return { id, name: row.name, revoked_at: row.revokedAt.toISOString() };
  },
  say: ({ name }, locale) => catalogue(locale).say.token_revoke({ name }),
});

import { desc, eq, sql } from 'drizzle-orm';
import { z } from 'zod';

import { accessTokens } from '../../drizzle/schema/access.ts';
import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { isActiveAt, scopesOf, stateAt, tokenStates } from './row.ts';
import { scopes } from './scopes.ts';

export const tokenList = defineOperation({
  name: 'token_list',
  summary: { en: 'List your access tokens.', zh: '列出访问令牌。' },
  effect: 'read',
  audience: 'people',
  needs: [],
  input: z.object({
    limit: z.int().min(1).max(50).default(25).describe('How many, those that can be used first'),
  }),
  output: z.object({
    tokens: z.array(
      z.object({
        id: z.string().describe('Pass this to token_revoke'),
        name: z.string(),
        state: z.enum(tokenStates),
        scopes: z.array(z.enum(scopes)),
        created_at: z.iso.datetime(),
        expires_at: z.iso.datetime(),
        last_used_at: z.iso.datetime().nullable().describe('To the minute; null if never'),
      }),
    ),
  }),
  async run({ limit }, { actor, clock, database }) {
    const now = clock.now();
    const rows = await database.db
      .select()
      .from(accessTokens)
      .where(eq(accessTokens.accountId, actor.accountId))
      .orderBy(desc(sql`(${isActiveAt(now)})`), desc(accessTokens.createdAt), desc(accessTokens.id))
      .limit(limit);
    return {
      tokens: rows.map((row) => ({
        id: row.id,
        name: row.name,
        state: stateAt(now, row),
        scopes: scopesOf(row),
        created_at: row.createdAt.toISOString(),
        expires_at: row.expiresAt.toISOString(),
        last_used_at: row.lastUsedAt?.toISOString() ?? null,
      })),
    };
  },
  say: ({ tokens }, locale) =>
    catalogue(locale).say.token_list({
      active: tokens.filter(({ state }) => state === 'active').length,
      ended: tokens.filter(({ state }) => state !== 'active').length,
    }),
});

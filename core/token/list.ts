import { desc, eq, sql } from 'drizzle-orm';
import { z } from 'zod';

import { accessTokens } from '../../drizzle/schema/access.ts';
import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { listPrograms, type Program } from './programs.ts';
import { isActiveAt, scopesOf, stateAt, tokenStates } from './row.ts';
import { scopes } from './scopes.ts';

export const tokenList = defineOperation({
  name: 'token_list',
  summary: {
    en: 'List your access tokens, and the programs you let in.',
    zh: '列出访问令牌和已授权的程序。',
  },
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
        kind: z.enum(['token', 'program']).describe('program: was let in on the web'),
        name: z.string(),
        state: z.enum(tokenStates),
        scopes: z.array(z.enum(scopes)),
        created_at: z.iso.datetime(),
        expires_at: z.iso.datetime(),
        last_used_at: z.iso
          .datetime()
          .nullable()
          .describe('To the minute, of programs to the hour; null if never'),
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
    const programs = await listPrograms(database.db, actor.accountId, now);
    const tokens = rows.map((row) => ({
      id: row.id,
      kind: 'token' as const,
      name: row.name,
      state: stateAt(now, row),
      scopes: scopesOf(row),
      created_at: row.createdAt.toISOString(),
      expires_at: row.expiresAt.toISOString(),
      last_used_at: row.lastUsedAt?.toISOString() ?? null,
    }));
    const all = [...programs.map((program) => viewProgram(program, now)), ...tokens];
    const inTurn = all.toSorted((one, other) => rankOf(one) - rankOf(other));
    return { tokens: inTurn.slice(0, limit) };
  },
  say: ({ tokens }, locale) =>
    catalogue(locale).say.token_list({
      active: tokens.filter(({ state }) => state === 'active').length,
      ended: tokens.filter(({ state }) => state !== 'active').length,
    }),
});

/** What can be used comes first. */
const rankOf = ({ state }: { readonly state: string }): number => (state === 'active' ? 0 : 1);

/** A program ends for good when it can no longer fetch tokens. */
function viewProgram({ id, name, scopes: may, allowedAt, until, lastTokenAt }: Program, now: Date) {
  return {
    id,
    kind: 'program' as const,
    name,
    state: until === null ? ('expired' as const) : ('active' as const),
    scopes: [...may],
    created_at: allowedAt.toISOString(),
    expires_at: (until ?? now).toISOString(),
    last_used_at: lastTokenAt?.toISOString() ?? null,
  };
}

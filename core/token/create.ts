import { and, count, eq } from 'drizzle-orm';
import { z } from 'zod';

import { accessTokens } from '../../drizzle/schema/access.ts';
import { accounts } from '../../drizzle/schema/people.ts';
import { requireOpenAccount } from '../account/deleted.ts';
import { secondsAfter } from '../clock.ts';
import type { Context } from '../context.ts';
import { Fault } from '../fault.ts';
import { customIssue } from '../input-fault.ts';
import { catalogue } from '../messages/catalogue.ts';
import { defineOperation } from '../operation.ts';
import { requireMcpResource } from './resource.ts';
import { isActiveAt } from './row.ts';
import { isScope, scopes, type Scope } from './scopes.ts';
import { createToken, hashOf } from './text.ts';

const mostActive = 20;
const daySeconds = 24 * 60 * 60;

const known = scopes.join(', ');
const namesIn = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[,，、\s]+/u)
    .filter(Boolean);

/** Those that are named, each once and always in the same order. */
const scopesIn = (text: string): Scope[] => scopes.filter((scope) => namesIn(text).includes(scope));

const input = z
  .object({
    name: z.string().trim().min(1).max(60).describe('Which program it is for, such as "Claude"'),
    scopes: z
      .string()
      .default('read,write')
      .describe('Comma-separated: read, write, spend, publish'),
    days: z.int().min(1).max(365).default(90).describe('It ends after so many days'),
  })
  .superRefine((value, issues) => {
    const name = namesIn(value.scopes).find((one) => !isScope(one));
    if (name !== undefined)
      issues.addIssue(customIssue({ problem: 'scope_unknown', params: { name, known } }, 'scopes'));
    else if (scopesIn(value.scopes).length === 0)
      issues.addIssue(customIssue({ problem: 'scope_missing', params: { known } }, 'scopes'));
  });

export const tokenCreate = defineOperation({
  name: 'token_create',
  summary: {
    en: 'Make an access token, with which another program acts for you.',
    zh: '新建访问令牌，让其他程序代您操作。',
  },
  effect: 'write',
  audience: 'people',
  needs: [],
  input,
  output: z.object({
    id: z.string().describe('Pass this to token_revoke'),
    token: z.string().describe('Shown this once; whoever has it acts for you'),
    name: z.string(),
    scopes: z.array(z.enum(scopes)),
    expires_at: z.iso.datetime(),
    resource: z.url().describe('The MCP address that it is good at, and at no other'),
    how_to_use: z.string(),
  }),
  async run(value, context) {
    const resource = requireMcpResource(context);
    const token = createToken(context.ids);
    const createdAt = context.clock.now();
    const row = {
      id: context.ids.next('tok'),
      accountId: context.actor.accountId,
      name: value.name,
      hash: hashOf(token),
      scopes: scopesIn(value.scopes),
      resource,
      createdAt,
      expiresAt: secondsAfter(createdAt, value.days * daySeconds),
    };
    await keep(context, row);
    return {
      id: row.id,
      token,
      name: row.name,
      scopes: row.scopes,
      expires_at: row.expiresAt.toISOString(),
      resource,
      how_to_use: catalogue(context.locale).tokenUse({ resource }),
    };
  },
  // Without the token: what is said may be kept, and the answer names it already.
  say: ({ name, scopes: allowed }, locale) =>
    catalogue(locale).say.token_create({ name, scopes: allowed.join(', ') }),
});

/** @throws Fault `token_limit` when the account has as many active tokens as it may. */
async function keep({ database }: Context, row: typeof accessTokens.$inferInsert): Promise<void> {
  const { accountId, createdAt } = row;
  await database.db.transaction(async (tx) => {
    // One after the other for each account, so that the limit is not passed.
    await tx
      .select({ id: accounts.id })
      .from(accounts)
      .where(eq(accounts.id, accountId))
      .for('no key update');
    await requireOpenAccount(tx, accountId);
    const [active] = await tx
      .select({ count: count() })
      .from(accessTokens)
      .where(and(eq(accessTokens.accountId, accountId), isActiveAt(createdAt)));
    if ((active?.count ?? 0) >= mostActive) throw new Fault('token_limit', { most: mostActive });
    await tx.insert(accessTokens).values(row);
  });
}

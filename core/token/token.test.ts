import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { accessTokens } from '../../drizzle/schema/access.ts';
import { auditLog } from '../../drizzle/schema/consent.ts';
import { refused } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import type { Context } from '../context.ts';
import { isTool, offeredToAgent, perform } from '../operation.ts';
import { operations } from '../operations.ts';
import { tokenCreate } from './create.ts';
import { tokenList } from './list.ts';
import { mcpResource } from './resource.ts';
import { tokenRevoke } from './revoke.ts';
import { isToken } from './text.ts';

const day = 24 * 60 * 60;
let world: World;
let context: Context;
let people = 0;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  context = await world.context('terminal', `person${(people += 1)}`);
});

const create = async (input: object = {}, who = context) =>
  tokenCreate.output.parse(await world.must(tokenCreate, { name: 'Claude', ...input }, who));
const list = async (input: object = {}, who = context) =>
  tokenList.output.parse(await world.must(tokenList, input, who)).tokens;
const revoke = (token: string, who = context) => world.must(tokenRevoke, { token }, who);
const rowsOf = (who = context) =>
  world.app.database.db
    .select()
    .from(accessTokens)
    .where(eq(accessTokens.accountId, who.actor.accountId));

describe('token_create', () => {
  test('answers the token once, with what it may and how it is used', async () => {
    const outcome = await perform(tokenCreate, { name: ' Claude ' }, context);
    if (!outcome.ok) throw outcome.fault;
    const made = tokenCreate.output.parse(outcome.value);
    expect(made).toEqual({
      id: expect.stringMatching(/^tok_[0-9a-z]{16}$/),
      token: expect.stringMatching(/^jilo_[\w-]{49}$/),
      name: 'Claude',
      scopes: ['read', 'write'],
      expires_at: new Date(world.now().getTime() + 90 * day * 1000).toISOString(),
      resource: `${world.publicUrl}/mcp`,
      how_to_use: expect.stringContaining(`${world.publicUrl}/mcp`),
    });
    expect(isToken(made.token)).toBe(true);
    expect(made.resource).toBe(mcpResource(world.app));
    expect(outcome.text).toContain('"Claude" (read, write)');
    expect(`${outcome.text} ${made.how_to_use}`).not.toContain(made.token);
  });

  test('speaks Chinese', async () => {
    const outcome = await perform(tokenCreate, { name: '助手' }, { ...context, locale: 'zh' });
    expect(outcome.ok && outcome.text).toMatch(/^已新建令牌“助手”（read, write）。/u);
    expect(outcome.ok && outcome.value['how_to_use']).toMatch(/请求头/u);
  });

  test('keeps its hash and nothing else of it, in no log and in no audit row', async () => {
    const { id, token } = await create();
    const [row] = await rowsOf();
    expect(row).toMatchObject({ id, resource: `${world.publicUrl}/mcp`, lastUsedAt: null });
    const { accountId } = context.actor;
    const audit = await world.app.database.db
      .select()
      .from(auditLog)
      .where(eq(auditLog.accountId, accountId));
    expect(audit).toMatchObject([{ operation: 'token_create', effect: 'write', outcome: 'ok' }]);
    world.app.log.error({ token, nested: { text: `Bearer ${token}` } }, `a token ${token} leaked`);
    expect(world.logs.at(-1)).toContain('a token [redacted] leaked');
    for (const kept of [JSON.stringify([row, audit]), world.logs.join('')])
      for (const part of [token, token.slice(5), token.slice(5, 48), token.slice(5, 30)])
        expect(kept).not.toContain(part);
  });

  test.each([
    ['publish', ['publish']],
    ['Spend，READ、read  spend', ['read', 'spend']],
    ['publish,spend,write,read', ['read', 'write', 'spend', 'publish']],
  ])('of %j allows %j', async (named, allowed) => {
    expect((await create({ scopes: named })).scopes).toEqual(allowed);
  });

  test.each([
    ['read,admin', 'scopes: "admin" is none of read, write, spend, publish'],
    ['destroy', 'scopes: "destroy" is none of'],
    ['', 'scopes: name at least one of read, write, spend, publish'],
    [' ,，、 ', 'scopes: name at least one of'],
  ])('of the scopes %j is refused', async (scopes, message) => {
    const refusal = await refused(world, tokenCreate, { name: 'x', scopes }, context);
    expect(refusal).toMatchObject({ code: 'invalid_input', field: 'scopes' });
    expect(refusal.message).toContain(message);
    expect(await rowsOf()).toEqual([]);
  });

  test.each([
    [{ name: '' }, 'name'],
    [{ name: ' '.repeat(9) }, 'name'],
    [{ name: 'x'.repeat(61) }, 'name'],
    [{ name: 'x', days: 0 }, 'days'],
    [{ name: 'x', days: 366 }, 'days'],
    [{ name: 'x', days: 1.5 }, 'days'],
    [{}, 'name'],
    [{ name: 'x', account: 'acc_1' }, 'account'],
  ])('refuses %j', async (input, field) => {
    expect(await refused(world, tokenCreate, input, context)).toMatchObject({
      code: 'invalid_input',
      field,
    });
  });

  test.each([
    [{ name: 'x' }, 90],
    [{ name: 'x'.repeat(60), days: 1 }, 1],
    [{ name: '名'.repeat(60), days: 365 }, 365],
  ])('takes %j', async (input, days) => {
    const { name, expires_at } = await create(input);
    expect(name).toBe(input.name);
    expect(Date.parse(expires_at) - world.now().getTime()).toBe(days * day * 1000);
  });

  test('needs an address', async () => {
    const alone = { ...context, publicUrl: () => null };
    expect(mcpResource(alone)).toBeNull();
    expect(await refused(world, tokenCreate, { name: 'x' }, alone)).toMatchObject({
      code: 'service_missing',
    });
    expect(await rowsOf()).toEqual([]);
  });
});

describe('the number of active tokens', () => {
  const fill = (count: number) => Promise.all(Array.from({ length: count }, () => create()));

  test('is 20 at most, also when they are asked for at once', async () => {
    await fill(19);
    const tries = Array.from({ length: 5 }, () => perform(tokenCreate, { name: 'x' }, context));
    const outcomes = await Promise.all(tries);
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await rowsOf()).toHaveLength(20);
    const refusal = await refused(world, tokenCreate, { name: 'x' }, context);
    expect(refusal).toMatchObject({
      code: 'token_limit',
      message: 'You have 20 active access tokens, and that is the most.',
    });
    await create({}, await world.context('terminal', 'somebody else'));
  });

  test('counts neither what was revoked nor what has expired', async () => {
    const [first] = await fill(20);
    await revoke(first?.id ?? '');
    await create({ days: 1 });
    expect((await refused(world, tokenCreate, { name: 'x' }, context)).code).toBe('token_limit');
    await world.advance(day - 1);
    expect((await refused(world, tokenCreate, { name: 'x' }, context)).code).toBe('token_limit');
    await world.advance(1);
    await create();
  });
});

describe('token_list', () => {
  test('shows state and use, those that work first, and never the token', async () => {
    const short = await create({ name: 'short', days: 1 });
    const gone = await create({ name: 'gone', scopes: 'publish' });
    await revoke(gone.id);
    const long = await create({ name: 'long', days: 2 });
    await world.advance(day);
    const outcome = await perform(tokenList, {}, context);
    if (!outcome.ok) throw outcome.fault;
    const states = (await list()).map(({ id, state }) => [id, state]);
    expect(states[0]).toEqual([long.id, 'active']);
    expect(states.slice(1)).toHaveLength(2);
    expect(new Map(states.map(([id, state]) => [id, state]))).toEqual(
      new Map([
        [long.id, 'active'],
        [short.id, 'expired'],
        [gone.id, 'revoked'],
      ]),
    );
    expect(outcome.text).toBe('Active tokens: 1; revoked or expired: 2.');
    const told = JSON.stringify(outcome);
    for (const { hash } of await rowsOf()) expect(told).not.toContain(hash);
    for (const { token } of [short, gone, long]) expect(told).not.toContain(token.slice(5, 30));
    expect((await list()).find(({ id }) => id === gone.id)).toEqual({
      id: gone.id,
      kind: 'token',
      name: 'gone',
      state: 'revoked',
      scopes: ['publish'],
      created_at: new Date(world.now().getTime() - day * 1000).toISOString(),
      expires_at: gone.expires_at,
      last_used_at: null,
    });
  });

  test('has a limit, within which the active ones are not lost', async () => {
    const first = await create({ name: 'first' });
    for (let round = 0; round < 3; round += 1) {
      const { id } = await create();
      await revoke(id);
    }
    expect((await list({ limit: 1 })).map(({ id }) => id)).toEqual([first.id]);
    expect(await list({ limit: 3 })).toHaveLength(3);
    expect(await list({ limit: 50 })).toHaveLength(4);
    for (const limit of [0, 51])
      expect(await refused(world, tokenList, { limit }, context)).toMatchObject({ field: 'limit' });
  });

  test('holds nobody else’s', async () => {
    await create();
    const other = await world.context('terminal', 'somebody');
    expect(await list({}, other)).toEqual([]);
  });
});

describe('token_revoke', () => {
  test('keeps the moment of the first time', async () => {
    const { id } = await create();
    const at = world.now().toISOString();
    expect(await revoke(id)).toEqual({ id, name: 'Claude', revoked_at: at });
    await world.advance(60);
    expect(await revoke(id)).toEqual({ id, name: 'Claude', revoked_at: at });
  });

  test('of another account’s token is not_found, and leaves it alone', async () => {
    const { id } = await create();
    const other = await world.context('terminal', 'somebody');
    const refusal = await refused(world, tokenRevoke, { token: id }, other);
    expect(refusal).toMatchObject({ code: 'not_found', field: 'token' });
    expect((await list())[0]).toMatchObject({ id, state: 'active' });
    const unknown = await refused(world, tokenRevoke, { token: 'tok_nothing' }, context);
    expect(unknown).toMatchObject({ code: 'not_found', field: 'token' });
  });

  test('does not take the token itself for its id', async () => {
    const { token } = await create();
    expect((await refused(world, tokenRevoke, { token }, context)).code).toBe('not_found');
  });
});

test('no model is offered any of it', () => {
  const own = operations.filter(({ name }) => name.startsWith('token_'));
  expect(own).toHaveLength(3);
  expect(own.some(isTool)).toBe(false);
  expect(offeredToAgent(own, world.app.ports)).toEqual([]);
});

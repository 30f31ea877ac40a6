import { afterAll, beforeAll, expect, test } from 'vitest';

import { createWorld, type World } from '../../test/kit/world.ts';
import { perform } from '../operation.ts';
import { contextOfAccount } from './acting.ts';
import { accountShow } from './show.ts';
import { accountUpdate } from './update.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const signal = new AbortController().signal;

test('a request of an account has its language and time zone, and sees all of it', async () => {
  const own = await world.context('terminal', 'lin');
  await world.must(accountUpdate, { locale: 'zh', time_zone: 'Asia/Shanghai' }, own);
  const { accountId } = own.actor;
  const context = await contextOfAccount(world.app, { accountId, surface: 'mcp', signal });
  expect(context).toMatchObject({
    actor: { accountId, surface: 'mcp' },
    locale: 'zh',
    timeZone: 'Asia/Shanghai',
  });
  expect(context.signal).toBe(signal);
  // Not even null: that would hide what was made in a server.
  expect(context.actor).not.toHaveProperty('serverId');
  expect(await perform(accountShow, {}, context)).toMatchObject({
    ok: true,
    value: { account: accountId, name: 'lin' },
  });
});

test('there is none for an account that does not exist', async () => {
  const gone = { accountId: 'acc_gone', surface: 'mcp', signal } as const;
  await expect(contextOfAccount(world.app, gone)).rejects.toThrow('acc_gone is gone');
});

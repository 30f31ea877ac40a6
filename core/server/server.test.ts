import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { servers } from '../../drizzle/schema/chat.ts';
import { refused } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import type { Context } from '../context.ts';
import { readServer } from './settings.ts';
import { serverShow } from './show.ts';
import { serverUpdate } from './update.ts';

let world: World;
let person: Context;
beforeAll(async () => {
  world = await createWorld();
  person = await world.context('discord');
});
afterAll(() => world.close());

let last = 0;
/** A manager on a server that has settled nothing yet. */
const manager = () => {
  const serverId = `2000000000000${String((last += 1)).padStart(5, '0')}`;
  const actor = { ...person.actor, serverId, isServerManager: true };
  return { serverId, context: { ...person, actor } };
};
const id = (digits: number, first = '3') => first.padEnd(digits, '7');
/** Of who pays, as long as nobody has settled it. */
const plain = { pays: 'person', roleLimits: {}, ledgerChannel: null };

describe('the settings of a server', () => {
  test('are open where nobody has settled anything', async () => {
    const { serverId, context } = manager();
    expect(await readServer(world.app, serverId)).toEqual({
      ...plain,
      channels: [],
      roles: [],
      locale: null,
      visibility: 'everyone',
    });
    expect(await world.perform(serverShow, {}, context)).toMatchObject({
      value: {
        channels: [],
        roles: [],
        locale: 'person',
        visibility: 'everyone',
        pays: 'person',
        role_limits: [],
        ledger_channel: null,
        wallet: { available: 0, held: 0, spent_today: 0 },
        movements: [],
      },
      text: "Every channel; every role; language: That of whoever asks; results are seen by: Everybody in the channel; videos are paid by: Each person; the server's wallet has 0",
    });
    expect(await world.perform(serverShow, {}, { ...context, locale: 'zh' })).toMatchObject({
      text: '所有频道可用；所有身份组可用；语言：跟随提问者；结果可见：频道中的所有人；视频付费：各人自付；服务器钱包剩余 0',
    });
  });

  test('take ids and mentions, keep what is not named, and go back to everything', async () => {
    const { serverId, context } = manager();
    const channels = `<#${id(17)}>, ${id(20)}， ${id(17)}`;
    await world.must(serverUpdate, { channels, roles: `<@&${id(18)}>`, locale: 'zh' }, context);
    expect(await readServer(world.app, serverId)).toEqual({
      ...plain,
      channels: [id(17), id(20)],
      roles: [id(18)],
      locale: 'zh',
      visibility: 'everyone',
    });
    await world.must(serverUpdate, { visibility: 'person' }, context);
    expect(await world.must(serverShow, {}, context)).toMatchObject({
      channels: [id(17), id(20)],
      roles: [id(18)],
      locale: 'zh',
      visibility: 'person',
    });
    const reset = { channels: 'all', roles: '', locale: 'person', visibility: 'everyone' };
    await world.must(serverUpdate, reset, context);
    expect(await world.must(serverShow, {}, context)).toMatchObject({
      channels: [],
      roles: [],
      locale: 'person',
      visibility: 'everyone',
    });
  });

  test('are those of one server', async () => {
    const { context } = manager();
    const other = manager();
    await world.must(serverUpdate, { visibility: 'person' }, context);
    expect(await readServer(world.app, other.serverId)).toMatchObject({ visibility: 'everyone' });
  });

  test('two changes of different things at once both hold', async () => {
    const { serverId, context } = manager();
    for (let round = 0; round < 5; round += 1) {
      const locale = round % 2 === 0 ? 'zh' : 'en';
      const visibility = round % 2 === 0 ? 'person' : 'everyone';
      await Promise.all([
        world.must(serverUpdate, { locale }, context),
        world.must(serverUpdate, { visibility }, context),
      ]);
      expect(await readServer(world.app, serverId)).toMatchObject({ locale, visibility });
    }
  });
});

describe('who pays', () => {
  test('limits are taken as ids, mentions and everyone, and replaced as a whole', async () => {
    const { serverId, context } = manager();
    const limits = `<@&${id(18)}> = 5, ${id(20)}=0；@everyone＝10000`;
    const ledger = { ledger_channel: `<#${id(19)}>` };
    expect(
      await world.must(serverUpdate, { pays: 'server', role_limits: limits, ...ledger }, context),
    ).toMatchObject({
      pays: 'server',
      role_limits: expect.arrayContaining([
        { role: id(18), units: 5 },
        { role: id(20), units: 0 },
        { role: 'everyone', units: 10_000 },
      ]),
      ledger_channel: id(19),
    });
    await world.must(serverUpdate, { role_limits: 'everyone=1' }, context);
    expect(await readServer(world.app, serverId)).toMatchObject({
      pays: 'server',
      roleLimits: { everyone: 1 },
      ledgerChannel: id(19),
    });
    await world.must(serverUpdate, { role_limits: 'none', ledger_channel: 'OFF' }, context);
    expect(await readServer(world.app, serverId)).toMatchObject({
      roleLimits: {},
      ledgerChannel: null,
    });
  });

  test.each([
    [49, true],
    [50, true],
    [51, false],
  ])('%i roles with a limit: %s', async (count, fits) => {
    const { context } = manager();
    const roles = Array.from({ length: count }, (_, index) => `${10n ** 17n + BigInt(index)}=1`);
    const outcome = await world.perform(serverUpdate, { role_limits: roles.join(',') }, context);
    expect(outcome.ok).toBe(fits);
  });
});

describe('what is refused', () => {
  test.each<[object, string]>([
    [{}, 'channels'],
    [{ channels: id(16) }, 'channels'],
    [{ channels: id(21) }, 'channels'],
    [{ channels: `<@&${id(18)}` }, 'channels'],
    [{ channels: 'general' }, 'channels'],
    [{ channels: `all, ${id(18)}` }, 'channels'],
    [{ roles: 'admin' }, 'roles'],
    [{ locale: 'fr' }, 'locale'],
    [{ visibility: 'nobody' }, 'visibility'],
    [{ owner: 'me' }, 'owner'],
    [{ pays: 'nobody' }, 'pays'],
    [{ role_limits: 'everyone' }, 'role_limits'],
    [{ role_limits: 'everyone=-1' }, 'role_limits'],
    [{ role_limits: 'everyone=10001' }, 'role_limits'],
    [{ role_limits: `${id(16)}=1` }, 'role_limits'],
    [{ role_limits: 'admin=1' }, 'role_limits'],
    [{ role_limits: 'everyone=1, @everyone=2' }, 'role_limits'],
    [{ ledger_channel: 'general' }, 'ledger_channel'],
    [{ ledger_channel: '' }, 'ledger_channel'],
  ])('%j', async (input, field) => {
    const { serverId, context } = manager();
    expect(await refused(world, serverUpdate, input, context)).toMatchObject({
      code: 'invalid_input',
      field,
    });
    expect(await readServer(world.app, serverId)).toMatchObject({ channels: [], roles: [] });
  });

  test.each([
    [49, true],
    [50, true],
    [51, false],
  ])('%i channels: %s', async (count, fits) => {
    const { context } = manager();
    const channels = Array.from({ length: count }, (_, index) =>
      String(10n ** 17n + BigInt(index)),
    );
    const outcome = await world.perform(serverUpdate, { channels: channels.join(',') }, context);
    expect(outcome.ok).toBe(fits);
  });

  test('outside a server, and somebody who does not manage it', async () => {
    const before = (await world.app.database.db.select().from(servers)).length;
    const { context } = manager();
    const member = { ...context, actor: { ...context.actor, isServerManager: false } };
    const wish = { visibility: 'person' };
    expect(await refused(world, serverUpdate, wish, member)).toMatchObject({
      code: 'server_manager_only',
    });
    await world.must(serverShow, {}, member);
    const direct = { ...person, actor: { ...person.actor, serverId: null, isServerManager: true } };
    for (const outside of [direct, person])
      for (const [operation, input] of [
        [serverShow, {}],
        [serverUpdate, wish],
      ] as const)
        expect(await refused(world, operation, input, outside)).toMatchObject({
          code: 'server_missing',
        });
    expect((await world.app.database.db.select().from(servers)).length).toBe(before);
  });
});

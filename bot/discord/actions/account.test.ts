import { afterAll, beforeAll, expect, it } from 'vitest';

import type { Context } from '../../../core/context.ts';
import { readServer } from '../../../core/server/settings.ts';
import { recordExchange, type Recorded } from '../../../test/kit/recorded-exchange.ts';
import { connectChannel } from '../../../test/kit/trips.ts';
import {
  fieldOf,
  problemsOfModal,
  problemsOfView,
  textOfView,
} from '../../../test/kit/view-limits.ts';
import { createWorld, type World } from '../../../test/kit/world.ts';
import { actionId } from '../action-id.ts';
import { accountActions } from './account.ts';
import { welcomeActions } from './account-welcome.ts';
import { channelActions } from './channel.ts';
import { serverActions } from './server.ts';

const actions = [...accountActions, ...channelActions, ...serverActions, ...welcomeActions];
const serverId = '123456789012345678';
let world: World;
let context: Context;
beforeAll(async () => {
  world = await createWorld();
  const own = await world.context('discord', 'owner');
  context = { ...own, actor: { ...own.actor, serverId, isServerManager: true } };
});
afterAll(() => world.close());

async function act(
  name: string,
  filled: Record<string, readonly string[]> = {},
  who = context,
  args: readonly string[] = [],
): Promise<Recorded> {
  const recorded = recordExchange(who);
  const action = actions.find((one) => one.name === name);
  if (!action) throw new Error(`no action ${name}`);
  await action.handle(recorded.exchange, args, filled);
  return recorded;
}
const shown = ({ views }: Recorded): string => {
  const [view] = views;
  if (!view) throw new Error('nothing is shown');
  expect(problemsOfView(view)).toStrictEqual([]);
  return textOfView(view);
};

it.each([
  ['account-show', 'account_show', 'Your account'],
  ['channels-show', 'channel_list', 'No channel is connected yet'],
  ['channel-connect', 'channel_connect', 'Connect YouTube'],
])('%s shows it to the person alone', async (name, operation, words) => {
  const recorded = await act(name);
  expect(recorded.steps).toStrictEqual(['defer person', `perform ${operation}`, 'answer person']);
  expect(shown(recorded)).toContain(words);
});

it('leads to the page that asks whether it is the right person, by a button or a link', async () => {
  const recorded = await act('channel-connect');
  expect(JSON.stringify(recorded.views)).toContain(`${world.publicUrl}/oauth/google/start?state=`);
});

it.each([
  [[], false],
  [['upload'], false],
  [['manage'], true],
  [['manage', '3'], true],
])('asks for no more than a button needs: %j', async (args, hasChanges) => {
  const recorded = await act('channel-connect', {}, context, args);
  expect(shown(recorded).includes('- Change your videos')).toBe(hasChanges);
});

it('asks before a channel is disconnected', async () => {
  const channel = await connectChannel(world);
  const { steps, approvals } = await act('channel-disconnect', {}, context, [channel]);
  expect(steps).toStrictEqual(['defer person', 'perform channel_disconnect']);
  expect(approvals).toHaveLength(1);
});

it.each<[string, Record<string, readonly string[]>, string]>([
  ['account-zone', { picked: ['Asia/Tokyo'] }, '**Time zone** Asia/Tokyo'],
  ['account-zone-save', { zone: ['europe/berlin'] }, '**Time zone** Europe/Berlin'],
  ['notices-off', {}, 'I do not write to you on my own'],
  ['notices-on', {}, 'I write to you when something is done'],
  ['account-leash', { picked: ['5'] }, 'models may spend up to 5 quota a day'],
  ['account-leash', { picked: ['0'] }, 'models ask every time'],
  ['account-cap', { picked: ['20'] }, '**Daily limit** at most 20 quota a day'],
  ['account-cap', { picked: ['off'] }, '**Daily limit** No limit'],
  ['account-locale', { picked: ['zh'] }, '**语言** 简体中文'],
  ['account-locale', { picked: ['en'] }, '**Language** English'],
])('%s %j changes the card that was pressed', async (name, filled, words) => {
  const recorded = await act(name, filled);
  expect(recorded.steps).toStrictEqual(['defer update', 'perform account_update', 'update']);
  expect(shown(recorded)).toContain(words);
});

it('says what is no time zone', async () => {
  const recorded = await act('account-zone-save', { zone: ['Mars/Olympus'] });
  expect(recorded.steps.at(-1)).toBe('fail invalid_input');
  expect(recorded.views).toStrictEqual([]);
});

it.each([
  ['account-zone-edit', 'account-zone-save', 'zone'],
  ['welcome-find', 'welcome-search', 'keyword'],
])('%s opens a form as the first answer', async (name, leadsTo, field) => {
  for (const locale of ['en', 'zh'] as const) {
    const { steps, modals } = await act(name, {}, { ...context, locale });
    expect(steps).toStrictEqual(['modal']);
    const [modal] = modals;
    if (!modal) throw new Error('no form');
    expect(problemsOfModal(modal)).toStrictEqual([]);
    expect(modal.custom_id).toBe(actionId(leadsTo, '12345678901234567890'));
    expect(fieldOf(modal, field)).toMatchObject({ required: true });
  }
});

it('finds trends for the word of a newcomer', async () => {
  const { steps } = await act('welcome-search', { keyword: ['latte art'] });
  expect(steps).toStrictEqual(['defer everyone', 'perform trend_search', 'show trend_search']);
});

it.each<[string, readonly string[], Record<string, unknown>]>([
  [
    'server-channels',
    ['223456789012345678', '323456789012345678'],
    {
      channels: ['223456789012345678', '323456789012345678'],
    },
  ],
  ['server-channels', [], { channels: [] }],
  ['server-roles', ['423456789012345678'], { roles: ['423456789012345678'] }],
  ['server-roles', [], { roles: [] }],
  ['server-locale', ['zh'], { locale: 'zh' }],
  ['server-locale', ['person'], { locale: null }],
  ['server-visibility', ['person'], { visibility: 'person' }],
])('%s %j settles it for the server', async (name, picked, settled) => {
  const recorded = await act(name, { picked });
  expect(recorded.steps).toStrictEqual(['defer update', 'perform server_update', 'update']);
  expect(shown(recorded)).toContain('Settings of this server');
  expect(await readServer(world.app, serverId)).toMatchObject(settled);
});

it('lets nobody else settle anything', async () => {
  const member = { ...context, actor: { ...context.actor, isServerManager: false } };
  const before = await readServer(world.app, serverId);
  const recorded = await act('server-roles', { picked: ['523456789012345678'] }, member);
  expect(recorded.steps.at(-1)).toBe('fail server_manager_only');
  expect(await readServer(world.app, serverId)).toStrictEqual(before);
});

it('has one name for each thing to press', () => {
  const names = actions.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

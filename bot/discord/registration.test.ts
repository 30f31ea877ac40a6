import { REST, Routes } from 'discord.js';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { createLog } from '../../core/log.ts';
import { operations } from '../../core/operations.ts';
import { wallClock } from '../../sandbox/clock.ts';
import { startDiscord, type DiscordEmulator } from '../../sandbox/discord/discord.ts';
import { createCommands, type Command } from './commands.ts';
import { registerCommands } from './registration.ts';

const token = 'test-discord-token';
const log = createLog({ level: 'fatal', secrets: [], write: () => undefined });
const commands = createCommands(operations);
const nouns = commands.map(({ name }) => name);

let discord: DiscordEmulator;
let rest: REST;
beforeEach(async () => {
  discord = await startDiscord({ clock: wallClock, token });
  rest = new REST({ api: discord.apiUrl }).setToken(token);
});
afterEach(async () => {
  expect(discord.violations).toEqual([]);
  await discord.close();
});

const register = (wanted: readonly Command[]) =>
  registerCommands(rest, discord.applicationId, wanted, log);
const writes = () =>
  discord.requests
    .filter(({ method }) => method !== 'GET')
    .map(({ method, body }) => [method, body instanceof Object && 'name' in body ? body.name : '']);
const changed = (name: string, change: Partial<Command>) =>
  commands.map((command) => (command.name === name ? { ...command, ...change } : command));
const remote = () => rest.get(Routes.applicationCommands(discord.applicationId));

test('the first start writes everything, the next one nothing', async () => {
  expect(await register(commands)).toEqual({ written: nouns, removed: [] });
  const before = writes();
  expect(before).toEqual(nouns.map((name) => ['POST', name]));
  expect(await register(commands)).toEqual({ written: [], removed: [] });
  expect(writes()).toEqual(before);
});

test('what has changed is written alone', async () => {
  await register(commands);
  const done = writes().length;
  await register(changed('video', { description: 'Something else' }));
  expect(writes().slice(done)).toEqual([['POST', 'video']]);
});

test.each<[string, (command: Command) => Partial<Command>]>([
  ['a word in Chinese', () => ({ description_localizations: { 'zh-CN': '别的' } })],
  ['one option less', ({ options }) => ({ options: options.slice(1) })],
  ['another order of options', ({ options }) => ({ options: options.toReversed() })],
  [
    'an option that need not be given any more',
    ({ options }) => ({
      options: options.map((verb) => ({
        ...verb,
        options: verb.options.map((option) => ({ ...option, required: false })),
      })),
    }),
  ],
  ['only for those who manage the server', () => ({ default_member_permissions: '32' })],
  ['no longer in private', () => ({ contexts: [0] })],
])('%s is a change', async (_, change) => {
  await register(commands);
  const [video] = commands.filter(({ name }) => name === 'video');
  if (!video) throw new Error('no /video');
  const wanted = changed('video', change(video));
  expect((await register(wanted)).written).toEqual(['video']);
  expect((await register(wanted)).written).toEqual([]);
});

test('what is for everybody again is a change', async () => {
  await register(changed('video', { default_member_permissions: '32' }));
  expect((await register(commands)).written).toEqual(['video']);
  expect((await register(commands)).written).toEqual([]);
});

test('what is no more is removed, and nothing else', async () => {
  await register(commands);
  const fewer = commands.filter(({ name }) => name !== 'quota');
  expect(await register(fewer)).toEqual({ written: [], removed: ['quota'] });
  expect(await remote()).toHaveLength(commands.length - 1);
  expect(await register(fewer)).toEqual({ written: [], removed: [] });
});

test('a command of a new name is written and the one of the old name removed', async () => {
  await register(commands);
  const renamed = commands.map((command) =>
    command.name === 'quota' ? { ...command, name: 'credits' } : command,
  );
  expect(await register(renamed)).toEqual({ written: ['credits'], removed: ['quota'] });
});

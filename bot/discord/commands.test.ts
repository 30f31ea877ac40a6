import { ApplicationCommandOptionType, REST, Routes } from 'discord.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { wordKeys } from '../../core/messages/fields.ts';
import type { AnyOperation } from '../../core/operation.ts';
import { operations } from '../../core/operations.ts';
import { trendList } from '../../core/trend/list.ts';
import { videoGenerate } from '../../core/video/generate.ts';
import { wallClock } from '../../sandbox/clock.ts';
import { startDiscord, type DiscordEmulator } from '../../sandbox/discord/discord.ts';
import { createCommands, type Command } from './commands.ts';

const token = 'test-discord-token';
let discord: DiscordEmulator;
let rest: REST;
beforeAll(async () => {
  discord = await startDiscord({ clock: wallClock, token });
  rest = new REST({ api: discord.apiUrl }).setToken(token);
});
afterAll(() => discord.close());

/** Writes the commands; the answer is whether Discord takes them. */
const write = async (commands: readonly Command[]): Promise<boolean> => {
  const route = Routes.applicationCommands(discord.applicationId);
  return rest.put(route, { body: commands }).then(
    () => true,
    () => false,
  );
};

const all = createCommands(operations);
const verbOf = (commands: readonly Command[], name: string) => {
  const [noun, verb] = name.split('_');
  return commands
    .find((command) => command.name === noun)
    ?.options.find((option) => option.name === verb);
};
/** The options of an operation of these fields under the name of a real one, for its words. */
const optionsOf = (shape: z.ZodRawShape, base: AnyOperation = trendList) => {
  const operation: AnyOperation = { ...base, input: z.object(shape) };
  return verbOf(createCommands([operation]), base.name)?.options ?? [];
};
const optionOf = (name: string, schema: z.ZodType) =>
  optionsOf({ [name]: schema.describe('What it is') })[0];

describe('every operation', () => {
  test.each(operations.map((operation) => [operation.name, operation] as const))(
    '%s is a command with exactly its fields',
    (name, operation) => {
      const command = verbOf(all, name);
      expect(command?.type).toBe(ApplicationCommandOptionType.Subcommand);
      expect(command?.options.map((option) => option.name).toSorted()).toEqual(
        Object.keys(operation.input.shape).toSorted(),
      );
      const required = command?.options.map((option) => option.required ?? false) ?? [];
      expect(required).toEqual(required.toSorted((a, b) => Number(b) - Number(a)));
    },
  );

  test('there is nothing but the operations', () => {
    const names = all.flatMap((command) => command.options.map(({ name }) => [command.name, name]));
    expect(names.map((path) => path.join('_')).toSorted()).toEqual(
      operations.map(({ name }) => name).toSorted(),
    );
  });

  test('Discord takes all of them', async () => {
    expect(await write(all)).toBe(true);
    expect(discord.violations).toEqual([]);
    expect(all.length).toBeLessThan(100);
  });

  test('Chinese stands beside every English word', () => {
    const localised = (thing: Command | Command['options'][number]) => {
      expect(thing.name_localizations['zh-CN']).toMatch(/\p{Script=Han}/u);
      expect(thing.description_localizations['zh-CN']).toMatch(/\p{Script=Han}/u);
    };
    for (const command of all) {
      localised(command);
      for (const verb of command.options) {
        localised(verb);
        for (const option of verb.options) {
          expect(option.name_localizations['zh-CN']).toMatch(/\p{Script=Han}/u);
          expect(option.description_localizations['zh-CN']).toMatch(/\p{Script=Han}/u);
        }
      }
    }
  });
});

describe('where they are offered', () => {
  test('to servers and to persons, in channels and in private', () => {
    const [first] = createCommands([videoGenerate]);
    expect(first).toMatchObject({ integration_types: [0, 1], contexts: [0, 1, 2] });
    expect(first).not.toHaveProperty('default_member_permissions');
  });

  test('what is about a server only there, and to those who manage it', () => {
    const server = all.find(({ name }) => name === 'server');
    expect(server).toMatchObject({
      integration_types: [0],
      contexts: [0],
      default_member_permissions: '32',
    });
  });

  test('a person sees them in their language, and what is theirs', async () => {
    await write(all);
    const guild = discord.guild('Studio');
    const paths = (name: string, options: { isManager?: boolean; locale?: string }, dm = false) => {
      const person = discord.person(name, options);
      return discord.commandsFor(person, dm ? person.dm() : person.in(guild.channel('general')));
    };
    const chinese = paths('owner', { locale: 'zh-CN' });
    expect(chinese.map(({ localizedPath }) => localizedPath)).toContain('/视频 生成');
    expect(chinese.map(({ path }) => path)).not.toContain('/server update');
    const managed = paths('manager', { isManager: true });
    expect(managed.map(({ path }) => path)).toContain('/server update');
    expect(paths('manager', {}, true).map(({ path }) => path)).not.toContain('/server update');
    expect(paths('owner', {}, true).map(({ path }) => path)).toContain('/video generate');
  });
});

describe('a field', () => {
  test.each([
    ['text', z.string().min(3).max(40), { type: 3, min_length: 3, max_length: 40 }],
    ['a whole number', z.int().min(1).max(50), { type: 4, min_value: 1, max_value: 50 }],
    ['a number', z.number().min(0).max(0.5), { type: 10, min_value: 0, max_value: 0.5 }],
    ['yes or no', z.boolean(), { type: 5 }],
  ])('of %s has its type and its bounds', (_, schema, expected) => {
    expect(optionOf('limit', schema)).toMatchObject({ ...expected, required: true });
  });

  test('without bounds has none, and no more letters than Discord takes', () => {
    expect(
      Object.keys(optionOf('limit', z.int()) ?? {}).filter((key) => /min|max/u.test(key)),
    ).toEqual([]);
    expect(optionOf('idea', z.string().max(5999))).toMatchObject({ max_length: 5999 });
    expect(optionOf('idea', z.string().max(6001))).toMatchObject({ max_length: 6000 });
  });

  test('of fixed values offers them in both languages', () => {
    const option = optionOf('seconds', z.literal([15, 30]));
    expect(option).toMatchObject({
      type: ApplicationCommandOptionType.Integer,
      choices: [
        {
          name: '15 s · quick test',
          name_localizations: { 'zh-CN': '15 秒 · 快速测试' },
          value: 15,
        },
        { value: 30 },
      ],
    });
    expect(optionOf('locale', z.enum(['en', 'zh']))).toMatchObject({
      type: ApplicationCommandOptionType.String,
      choices: [{ value: 'en' }, { value: 'zh' }],
    });
  });

  test.each(['trend', 'video', 'channel', 'publication', 'model'])(
    '%s is suggested while somebody types, without fixed choices',
    (name) => {
      const option = optionOf(name, z.enum(['a', 'b']));
      expect(option).toMatchObject({ autocomplete: true });
      expect(option).not.toHaveProperty('choices');
    },
  );

  test('that is required comes first, and one that a form asks for is not required', () => {
    const words = (schema: z.ZodType) => schema.describe('What it is');
    const mixed = optionsOf({
      limit: words(z.int().optional()),
      keyword: words(z.string()),
      days: words(z.int().default(7)),
      idea: words(z.string()),
    });
    expect(mixed.map(({ name, required = false }) => [name, required])).toEqual([
      ['keyword', true],
      ['idea', true],
      ['limit', false],
      ['days', false],
    ]);
    const form = optionsOf({ prompt: words(z.string()), shape: words(z.string()) }, videoGenerate);
    expect(form.map(({ name, required = false }) => [name, required])).toEqual([
      ['shape', true],
      ['prompt', false],
    ]);
  });
});

describe('what Discord could not draw does not pass', () => {
  test.each([
    ['a list', z.array(z.string())],
    ['a group of fields', z.object({ inner: z.string() })],
    ['one of several kinds', z.union([z.string(), z.int()])],
  ])('%s', (_, schema) => {
    expect(() => optionOf('idea', schema)).toThrow(/invalid_/u);
  });

  test('a field without a description or without Chinese words', () => {
    expect(() => optionsOf({ idea: z.string() })).toThrow(/description/u);
    expect(() => optionOf('unheard_of', z.string())).toThrow('no words');
  });

  test('26 choices, and a command of more than 8000 letters', async () => {
    const values = (count: number) => z.enum(Array.from({ length: count }, (_, at) => `v${at}`));
    const of = (count: number) =>
      createCommands([{ ...trendList, input: z.object({ days: values(count).describe('When') }) }]);
    expect(await write(of(25))).toBe(true);
    expect(await write(of(26))).toBe(false);
    const long = 'x'.repeat(100);
    const fields = ['limit', 'keyword', 'days', 'idea', 'shape', 'saved', 'roles'];
    const shape = Object.fromEntries(fields.map((field) => [field, z.string().describe(long)]));
    const wordy = wordKeys.verbs.slice(0, 25).map((verb): AnyOperation => {
      const summary = { en: long, zh: long };
      return { ...trendList, name: `trend_${verb}`, summary, input: z.object(shape) };
    });
    expect(await write(createCommands(wordy.slice(0, 2)))).toBe(true);
    expect(await write(createCommands(wordy))).toBe(false);
    expect(JSON.stringify(discord.violations.at(-1))).toContain('APPLICATION_COMMAND_TOO_LARGE');
  });
});

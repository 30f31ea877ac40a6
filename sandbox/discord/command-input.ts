import {
  ApplicationCommandOptionType as Type,
  type APIApplicationCommandBasicOption,
} from 'discord-api-types/v10';

import { contentTypeOf } from './attachments.ts';
import { isCalled, pathOf, type Leaf } from './command-menu.ts';
import { bounds } from './command-rules.ts';
import { channelObject, memberObject } from './objects.ts';
import type { FileToSend, OptionValue } from './types.ts';
import { pick, type ChannelState, type PersonState, type World } from './world.ts';

export type FilledOption = {
  readonly type: Type;
  readonly name: string;
  readonly value: string | number | boolean;
  readonly focused?: boolean;
};
type Resolved = Record<string, Record<string, object>>;
export type Filled = { readonly options: readonly FilledOption[]; readonly resolved: Resolved };
type Filling = {
  readonly world: World;
  readonly person: PersonState;
  readonly channel: ChannelState;
  readonly leaf: Leaf;
};

/** Fills in a command's options as a client would; `isPartial` is typing, when nothing is required yet. */
export function fillOptions(
  filling: Filling,
  values: Readonly<Record<string, OptionValue>>,
  isPartial: boolean,
): Filled {
  const { leaf, person } = filling;
  const resolved: Resolved = {};
  const known = new Set<string>();
  const options = leaf.options.flatMap((option): FilledOption[] => {
    const entry = Object.entries(values).find(([key]) => isCalled(option, key, person.locale));
    if (!entry) {
      if (option.required && !isPartial) {
        throw new Error(`${pathOf(leaf)} needs the option "${option.name}"`);
      }
      return [];
    }
    known.add(entry[0]);
    const said = entry[1];
    // Half-typed values go to the bot as they are.
    const isRaw = isPartial && typeof said !== 'object';
    const value = isRaw ? said : fillOne(filling, option, said, resolved);
    return [{ type: option.type, name: option.name, value }];
  });
  const stranger = Object.keys(values).find((key) => !known.has(key));
  if (stranger !== undefined) {
    const names = leaf.options.map(({ name }) => name).join(', ');
    throw new Error(`${pathOf(leaf)} has no option "${stranger}", but: ${names}`);
  }
  return { options, resolved };
}

function fillOne(
  filling: Filling,
  option: APIApplicationCommandBasicOption,
  value: OptionValue,
  resolved: Resolved,
): string | number | boolean {
  const refusal = (why: string) => new Error(`${pathOf(filling.leaf)} ${option.name}: ${why}`);
  if (option.type === Type.String || option.type === Type.Integer || option.type === Type.Number) {
    if (typeof value === 'object') throw refusal('takes no file');
    return fillValue(option, value, filling.person.locale, refusal);
  }
  if (option.type === Type.Boolean) {
    if (typeof value !== 'boolean') throw refusal('takes true or false');
    return value;
  }
  if (option.type === Type.Attachment) {
    if (typeof value !== 'object') throw refusal('takes a file');
    return attach(filling, value, resolved);
  }
  if (typeof value !== 'string') throw refusal('takes a name or an id');
  return resolveEntity(filling, value, resolved, refusal);
}

type ValueOption = Extract<
  APIApplicationCommandBasicOption,
  { type: Type.String | Type.Integer | Type.Number }
>;

function fillValue(
  option: ValueOption,
  value: Exclude<OptionValue, FileToSend>,
  locale: string,
  refusal: (why: string) => Error,
): string | number {
  const choices = option.choices ?? [];
  if (choices.length > 0) {
    const choice = choices.find(
      (one) => one.value === value || isCalled(one, String(value), locale),
    );
    if (choice) return choice.value;
    throw refusal(
      `takes one of ${choices.map(({ name }) => name).join(', ')}, not ${String(value)}`,
    );
  }
  if (option.type === Type.String) {
    if (typeof value !== 'string') throw refusal('takes a text');
    checkBounds(value.length, bounds(option), (limit) => refusal(`has ${limit} characters`));
    return value;
  }
  if (typeof value !== 'number') throw refusal('takes a number');
  if (option.type === Type.Integer && !Number.isInteger(value))
    throw refusal('takes a whole number');
  checkBounds(value, bounds(option), (limit) => refusal(`is ${limit}`));
  return value;
}

function checkBounds(
  size: number,
  [min, max]: readonly [number | undefined, number | undefined],
  refusal: (limit: string) => Error,
): void {
  if (min !== undefined && size < min) throw refusal(`${size}, at least ${min} needed`);
  if (max !== undefined && size > max) throw refusal(`${size}, at most ${max} allowed`);
}

function attach({ world, channel }: Filling, file: FileToSend, resolved: Resolved): string {
  const stored = storeFile(world, channel, file);
  resolved['attachments'] = { ...resolved['attachments'], [stored.id]: stored };
  return stored.id;
}

/** Stores what a person sends. */
export function storeFile(
  world: World,
  channel: ChannelState,
  { name, data, contentType }: FileToSend,
) {
  return world.attachments.store(channel.id, world.ids.next(), {
    name,
    contentType: contentTypeOf(name, contentType),
    data: Buffer.from(data),
  });
}

/** People, roles and channels by id or name. */
export function resolveEntity(
  { world, channel }: Pick<Filling, 'world' | 'channel'>,
  said: string,
  resolved: Resolved,
  refusal: (why: string) => Error,
): string {
  const wanted = said.replace(/^[@#]/, '');
  const guild = channel.guildId === null ? null : pick(world.guilds, channel.guildId);
  const add = (kind: string, id: string, object: object): string => {
    resolved[kind] = { ...resolved[kind], [id]: object };
    return id;
  };
  const person = [...world.people.values()].find(({ user, name }) =>
    [user.id, name].includes(wanted),
  );
  const user = [world.botUser.id, world.botUser.username].includes(wanted)
    ? world.botUser
    : person?.user;
  if (user) {
    if (guild) {
      const member = memberObject(world, guild, user);
      add('members', user.id, { ...member, user: undefined, permissions: '0' });
    }
    return add('users', user.id, user);
  }
  const role = guild?.roles.find(({ id, name }) => [id, name].includes(wanted));
  if (role) return add('roles', role.id, role);
  const place = [...world.channels.values()].find(
    ({ id, name, guildId }) => guildId === channel.guildId && [id, name].includes(wanted),
  );
  if (place) return add('channels', place.id, { ...channelObject(world, place), permissions: '0' });
  throw refusal(`nobody and nothing here is called ${said}`);
}

/** The command's options as an interaction carries them, wrapped in its group and subcommand. */
export function commandData(
  { leaf }: Pick<Filling, 'leaf'>,
  { options, resolved }: Filled,
): object {
  const { command, path } = leaf;
  const wrapped = path.reduceRight<readonly object[]>(
    (inner, { type, name }) => [{ type, name, options: inner }],
    options,
  );
  return {
    id: command.id,
    name: command.name,
    type: command.type,
    ...(command.guild_id === undefined ? {} : { guild_id: command.guild_id }),
    options: wrapped,
    ...(Object.keys(resolved).length > 0 ? { resolved } : {}),
  };
}

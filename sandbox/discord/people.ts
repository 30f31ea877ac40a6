import type { Gateway } from './gateway.ts';
import { everyonePermissions, roleObject, userObject } from './objects.ts';
import { createPlace } from './place.ts';
import { addTextChannel, openDm } from './places.ts';
import type { GuildOptions, PersonOptions } from './options.ts';
import type { Guild, Person, Place, TextChannel } from './types.ts';
import { pick, type ChannelState, type GuildState, type PersonState, type World } from './world.ts';

type People = {
  guild(name?: string, options?: GuildOptions): Guild;
  guilds(): readonly Guild[];
  person(name: string, options?: PersonOptions): Person;
  people(): readonly Person[];
};

/** Guilds and people, made on first mention and found again by name. */
export function createPeople(world: World, gateway: Gateway): People {
  const guilds = new Map<string, Guild>();
  const people = new Map<string, Person>();
  const guild: People['guild'] = (name = 'Jilo Lab', options = {}) => {
    const existing = [...guilds.values()].find(
      (one) => one.name === name && (options.id === undefined || options.id === one.id),
    );
    if (existing) return existing;
    const state = addGuild(world, name, options);
    const made = guildOf(world, gateway, state);
    guilds.set(state.id, made);
    made.channel('general');
    if (state.botIsMember) gateway.guildJoined(state.id);
    return made;
  };
  return {
    guild,
    guilds: () => [...guilds.values()],
    person(name, options = {}) {
      const existing = [...people.values()].find(
        (one) => one.name === name && (options.id === undefined || options.id === one.id),
      );
      if (existing) return existing;
      if (guilds.size === 0) guild();
      const state = addPerson(world, name, options);
      const made = personOf(world, state);
      people.set(made.id, made);
      return made;
    },
    people: () => [...people.values()],
  };
}

function addGuild(world: World, name: string, options: GuildOptions): GuildState {
  const id = options.id ?? world.ids.guild();
  const roles = (options.roles ?? []).map((role, index) =>
    roleObject(world.ids.elder(), role.name, role.permissions ?? 0n, index + 1),
  );
  const state: GuildState = {
    id,
    name,
    locale: options.locale ?? 'en-US',
    roles: [roleObject(id, '@everyone', everyonePermissions, 0), ...roles],
    members: new Map(),
    botIsMember: options.botIsMember ?? true,
  };
  world.guilds.set(id, state);
  for (const person of world.people.values()) join(state, person);
  return state;
}

function join(guild: GuildState, { user, roleNames }: PersonState): void {
  const roles = guild.roles.filter(({ name }) => roleNames.includes(name));
  guild.members.set(
    user.id,
    roles.map(({ id }) => id),
  );
}

function guildOf(world: World, gateway: Gateway, state: GuildState): Guild {
  const channels = () =>
    [...world.channels.values()].filter(
      ({ guildId, kind }) => guildId === state.id && kind === 'text',
    );
  return {
    id: state.id,
    name: state.name,
    channel: (name) =>
      textChannel(
        channels().find((channel) => channel.name === name) ??
          addTextChannel(world, state.id, name),
      ),
    channels: () => channels().map(textChannel),
    roles: () => state.roles.map(({ id, name }) => ({ id, name })),
    setRoles(personId, names) {
      const roles = state.roles.filter((role) => names.includes(role.name));
      state.members.set(
        personId,
        roles.map((role) => role.id),
      );
    },
    setBotMember(isMember) {
      if (isMember === state.botIsMember) return;
      state.botIsMember = isMember;
      if (isMember) gateway.guildJoined(state.id);
      else gateway.guildLeft(state.id);
    },
  };
}

const textChannel = ({ id, name, guildId }: ChannelState): TextChannel => ({ id, name, guildId });

function addPerson(world: World, name: string, options: PersonOptions): PersonState {
  const user = userObject(options.id ?? world.ids.elder(), name, false);
  const { email = `person-${user.id}@example.org` } = options;
  const state: PersonState = {
    user,
    name,
    locale: options.locale ?? 'en-US',
    acceptsDms: options.acceptsDms ?? true,
    isManager: options.isManager ?? false,
    roleNames: options.roles ?? [],
    email,
    emailVerified: email !== null && (options.emailVerified ?? true),
  };
  world.people.set(state.user.id, state);
  for (const guild of world.guilds.values()) join(guild, state);
  return state;
}

function personOf(world: World, state: PersonState): Person {
  const firstChannel = (): ChannelState => {
    const [first] = [...world.channels.values()].filter(({ kind }) => kind === 'text');
    if (!first) throw new Error('There is no channel yet: call guild() first');
    return first;
  };
  const place = createPlace(world, state, firstChannel);
  const own = {
    id: state.user.id,
    name: state.name,
    get locale() {
      return state.locale;
    },
    in: (where: TextChannel | Place | string) =>
      createPlace(world, state, () => pick(world.channels, idOf(where))),
    dm: () => {
      const channel = openDm(world, state);
      return createPlace(world, state, () => channel);
    },
    setAcceptsDms(accepts: boolean) {
      state.acceptsDms = accepts;
    },
    setLocale(locale: string) {
      state.locale = locale;
    },
  };
  // Spreading would freeze the getters' values.
  return Object.defineProperties(
    { ...own, ...place },
    { ...Object.getOwnPropertyDescriptors(place), ...Object.getOwnPropertyDescriptors(own) },
  );
}

function idOf(where: TextChannel | Place | string): string {
  if (typeof where === 'string') return where;
  return 'channelId' in where ? where.channelId : where.id;
}

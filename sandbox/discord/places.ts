import { GatewayIntentBits } from 'discord-api-types/v10';

import { channelObject } from './objects.ts';
import { refuse } from './refusal.ts';
import {
  isOpenToBot,
  type ChannelState,
  type GuildState,
  type PersonState,
  type World,
} from './world.ts';

type NewChannel = Pick<ChannelState, 'kind' | 'name'> & {
  readonly id?: string;
  readonly guildId?: string | null;
  readonly parentId?: string | null;
  readonly personId?: string | null;
  readonly ownerId?: string | null;
};

function addChannel(world: World, draft: NewChannel): ChannelState {
  const channel: ChannelState = {
    id: draft.id ?? world.ids.next(),
    kind: draft.kind,
    name: draft.name,
    guildId: draft.guildId ?? null,
    parentId: draft.parentId ?? null,
    personId: draft.personId ?? null,
    ownerId: draft.ownerId ?? null,
    createdAt: world.clock.now().toISOString(),
    archived: false,
    entries: [],
    records: new Map(),
  };
  world.channels.set(channel.id, channel);
  const { id, name, guildId, parentId } = channel;
  world.emit({ type: 'channel', channelId: id, name, guildId, parentId });
  return channel;
}

/** The DM between this person and the bot; no event tells the bot of it, as on the real gateway. */
export function openDm(world: World, person: PersonState): ChannelState {
  const existing = [...world.channels.values()].find(({ personId }) => personId === person.user.id);
  if (existing) return existing;
  return addChannel(world, { kind: 'dm', name: `DM ${person.name}`, personId: person.user.id });
}

export function addTextChannel(world: World, guildId: string, name: string): ChannelState {
  const channel = addChannel(world, { kind: 'text', name, guildId });
  announce(world, channel, 'CHANNEL_CREATE');
  return channel;
}

/** Starts a thread; one that grows from a message has its id. */
export function addThread(
  world: World,
  draft: { parent: ChannelState; name: string; ownerId: string; fromMessageId: string | null },
): ChannelState {
  const { parent, name, ownerId, fromMessageId } = draft;
  const channel = addChannel(world, {
    kind: 'thread',
    name,
    guildId: parent.guildId,
    parentId: parent.id,
    ownerId,
    ...(fromMessageId === null ? {} : { id: fromMessageId }),
  });
  announce(world, channel, 'THREAD_CREATE', { newly_created: true });
  return channel;
}

export function announce(world: World, channel: ChannelState, type: string, extra?: object): void {
  if (!isOpenToBot(world, channel)) return;
  world.dispatch({
    type,
    guildId: channel.guildId,
    intents: GatewayIntentBits.Guilds,
    data: () => ({ ...channelObject(world, channel), ...extra }),
  });
}

/** A guild that the bot is in; everything else answers as if it were not there. */
export function memberGuild(world: World, id: string): GuildState {
  const guild = world.guilds.get(id);
  if (!guild) throw refuse('unknownGuild');
  if (!guild.botIsMember) throw refuse('missingAccess');
  return guild;
}

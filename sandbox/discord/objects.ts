import {
  ChannelType,
  PermissionFlagsBits,
  type APIRole,
  type APIUser,
} from 'discord-api-types/v10';

import { pick, type ChannelState, type GuildState, type PersonState, type World } from './world.ts';

const noFlags: number = 0;

export function userObject(id: string, name: string, bot: boolean): APIUser {
  return {
    id,
    username: bot ? name : name.toLowerCase().replaceAll(/\s+/g, '.'),
    discriminator: '0',
    global_name: bot ? null : name,
    avatar: null,
    bot,
    public_flags: noFlags,
    flags: noFlags,
    banner: null,
    accent_color: null,
    avatar_decoration_data: null,
    collectibles: null,
    primary_guild: null,
  };
}

export function roleObject(
  id: string,
  name: string,
  permissions: bigint,
  position: number,
): APIRole {
  return {
    id,
    name,
    permissions: String(permissions),
    position,
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    managed: false,
    mentionable: true,
    icon: null,
    unicode_emoji: null,
    flags: noFlags,
  };
}

/** What @everyone may do. */
export const everyonePermissions =
  PermissionFlagsBits.ViewChannel |
  PermissionFlagsBits.SendMessages |
  PermissionFlagsBits.SendMessagesInThreads |
  PermissionFlagsBits.CreatePublicThreads |
  PermissionFlagsBits.EmbedLinks |
  PermissionFlagsBits.AttachFiles |
  PermissionFlagsBits.AddReactions |
  PermissionFlagsBits.ReadMessageHistory |
  PermissionFlagsBits.UseApplicationCommands;

/** All bits that exist, which is what an administrator's member object carries. */
const allPermissions = Object.values(PermissionFlagsBits).reduce((sum, bit) => sum | bit, 0n);

export function guildPermissions(guild: GuildState, person: PersonState): bigint {
  if (person.isManager) return allPermissions;
  const own = guild.members.get(person.user.id) ?? [];
  const bits = guild.roles
    .filter(({ id }) => id === guild.id || own.includes(id))
    .reduce((sum, { permissions }) => sum | BigInt(permissions), 0n);
  return (bits & PermissionFlagsBits.Administrator) === 0n ? bits : allPermissions;
}

/** A channel as the bot gets it. */
export function channelObject(world: World, channel: ChannelState): object {
  const last = [...channel.records.values()].findLast(({ visibleTo }) => visibleTo === null);
  const base = { id: channel.id, last_message_id: last?.message.id ?? null, flags: 0 };
  if (channel.kind === 'dm') {
    const person = pick(world.people, channel.personId ?? '');
    return { ...base, type: ChannelType.DM, recipients: [person.user] };
  }
  const inGuild = { ...base, guild_id: channel.guildId, name: channel.name };
  if (channel.kind === 'thread') {
    const count = channel.records.size;
    return {
      ...inGuild,
      type: ChannelType.PublicThread,
      parent_id: channel.parentId,
      owner_id: channel.ownerId,
      rate_limit_per_user: 0,
      message_count: Math.min(count, 50),
      total_message_sent: count,
      member_count: 1,
      thread_metadata: {
        archived: channel.archived,
        archive_timestamp: channel.createdAt,
        auto_archive_duration: 1440,
        locked: false,
        create_timestamp: channel.createdAt,
      },
    };
  }
  return {
    ...inGuild,
    type: ChannelType.GuildText,
    parent_id: null,
    topic: null,
    position: 0,
    nsfw: false,
    rate_limit_per_user: 0,
    permission_overwrites: [],
  };
}

export function memberObject(world: World, guild: GuildState, user: APIUser): object {
  return {
    user,
    roles: guild.members.get(user.id) ?? [],
    avatar: null,
    banner: null,
    nick: null,
    premium_since: null,
    communication_disabled_until: null,
    joined_at: new Date(world.startedAt).toISOString(),
    mute: false,
    deaf: false,
    pending: false,
    flags: 0,
  };
}

/** A guild as GET /guilds/{id} answers it. */
export function guildObject(world: World, guild: GuildState): object {
  const [owner] = guild.members.keys();
  return {
    id: guild.id,
    name: guild.name,
    icon: null,
    description: null,
    home_header: null,
    splash: null,
    discovery_splash: null,
    features: [],
    banner: null,
    owner_id: owner ?? world.botUser.id,
    application_id: null,
    region: 'us-west',
    afk_channel_id: null,
    afk_timeout: 300,
    system_channel_id: null,
    system_channel_flags: 0,
    widget_enabled: false,
    widget_channel_id: null,
    verification_level: 0,
    roles: guild.roles,
    default_message_notifications: 0,
    mfa_level: 0,
    explicit_content_filter: 0,
    max_presences: null,
    max_members: 500_000,
    max_stage_video_channel_users: 0,
    max_video_channel_users: 25,
    vanity_url_code: null,
    premium_tier: 0,
    premium_subscription_count: 0,
    preferred_locale: guild.locale,
    rules_channel_id: null,
    safety_alerts_channel_id: null,
    public_updates_channel_id: null,
    premium_progress_bar_enabled: false,
    nsfw: false,
    nsfw_level: 0,
    emojis: [],
    stickers: [],
    incidents_data: null,
  };
}

/** A guild as GUILD_CREATE brings it. */
export function guildCreateObject(world: World, guild: GuildState): object {
  const channels = [...world.channels.values()].filter(({ guildId }) => guildId === guild.id);
  const people = [...world.people.values()].filter(({ user }) => guild.members.has(user.id));
  const members = [world.botUser, ...people.map(({ user }) => user)];
  return {
    ...guildObject(world, guild),
    joined_at: new Date(world.startedAt).toISOString(),
    large: false,
    unavailable: false,
    member_count: members.length,
    // Without the privileged intent only the bot's own member comes along.
    members: [memberObject(world, guild, world.botUser)],
    channels: channels
      .filter(({ kind }) => kind === 'text')
      .map((channel) => channelObject(world, channel)),
    threads: channels
      .filter(({ kind, archived }) => kind === 'thread' && !archived)
      .map((channel) => channelObject(world, channel)),
    voice_states: [],
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}

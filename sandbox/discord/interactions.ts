import {
  ApplicationIntegrationType,
  InteractionContextType,
  InteractionType,
  PermissionFlagsBits,
  type APIMessageInteractionMetadata,
} from 'discord-api-types/v10';

import { channelObject, guildPermissions } from './objects.ts';
import { recordAction } from './transcript.ts';
import {
  isOpenToBot,
  pick,
  recordViolation,
  type ChannelState,
  type InteractionState,
  type MessageRecord,
  type PersonState,
  type World,
} from './world.ts';

export const noResponse = 'The application did not respond';
/** Interactions whose token is long dead are forgotten. */
const interactionLimit = 5000;

export type NewInteraction = {
  readonly type: InteractionType;
  readonly person: PersonState;
  readonly channel: ChannelState;
  readonly action: string;
  readonly data: object;
  readonly source?: MessageRecord | null;
  /** The interaction whose form this one submits. */
  readonly trigger?: InteractionState;
  readonly integrationTypes?: readonly ApplicationIntegrationType[];
};

/** Sends an interaction to the bot and starts its 3 seconds. */
export function startInteraction(world: World, wanted: NewInteraction): InteractionState {
  const { type, person, channel, source = null } = wanted;
  const id = world.ids.next();
  const owners = ownersOf(world, wanted);
  const interaction: InteractionState = {
    id,
    token: world.ids.secret('interaction', id).repeat(2),
    type,
    personId: person.user.id,
    channelId: channel.id,
    guildId: channel.guildId,
    action: wanted.action,
    owners,
    userInstallOnly: owners[ApplicationIntegrationType.GuildInstall] === undefined,
    sourceMessageId: source?.message.id ?? null,
    metadata: metadataOf(id, wanted, owners),
    createdAt: world.clock.now().getTime(),
    state: 'sent',
    acked: null,
    dead: false,
    originalId: null,
    followUps: 0,
    replyId: null,
    modal: null,
    form: 'closed',
    trigger: wanted.trigger ?? null,
    suggestions: null,
    error: null,
    stopClock: () => undefined,
  };
  world.interactions.set(interaction.token, interaction);
  const [oldest] = world.interactions.keys();
  if (world.interactions.size > interactionLimit && oldest !== undefined) {
    world.interactions.delete(oldest);
  }
  interaction.stopClock = world.clock.schedule(world.settings.ackMs, () =>
    miss(world, interaction),
  );
  tell(world, interaction);
  const payload = interactionPayload(world, interaction, wanted);
  world.dispatch({
    type: 'INTERACTION_CREATE',
    guildId: channel.guildId,
    intents: 0,
    data: () => payload,
  });
  return interaction;
}

/** Tells tests and the page where an interaction stands. */
export function tell(world: World, interaction: InteractionState): void {
  world.emit({
    type: 'interaction',
    interactionId: interaction.id,
    channelId: interaction.channelId,
    personId: interaction.personId,
    state: interaction.state,
    action: interaction.action,
    ...(interaction.error === null ? {} : { error: interaction.error }),
  });
}

/** The first final answer has come. */
export function markAnswered(
  world: World,
  interaction: InteractionState,
  { message }: MessageRecord,
): void {
  if (interaction.replyId !== null) return;
  interaction.replyId = message.id;
  interaction.state = 'answered';
  tell(world, interaction);
}

function miss(world: World, interaction: InteractionState): void {
  if (interaction.acked !== null) return;
  interaction.dead = true;
  interaction.state = 'failed';
  interaction.error = noResponse;
  if (interaction.type !== InteractionType.ApplicationCommandAutocomplete) {
    const { name } = pick(world.people, interaction.personId);
    recordAction(world, interaction.channelId, `${noResponse} (only ${name} sees this)`);
  }
  // The form stays open for another try.
  if (interaction.trigger) interaction.trigger.form = 'open';
  recordViolation(world, {
    method: 'POST',
    route: `/interactions/${interaction.id}/callback`,
    status: 0,
    code: 0,
    message: `No answer to ${interaction.action} within ${world.settings.ackMs} ms`,
  });
  tell(world, interaction);
}

/** Through which installation the person reaches the bot here. */
function ownersOf(
  world: World,
  { person, channel, integrationTypes, trigger, source }: NewInteraction,
): Readonly<Record<string, string>> {
  const inherited =
    trigger?.owners ?? source?.message.interaction_metadata?.authorizing_integration_owners;
  if (inherited && !integrationTypes) return { ...inherited };
  const types = integrationTypes ?? [ApplicationIntegrationType.GuildInstall];
  const open = isOpenToBot(world, channel);
  const owners: Record<string, string> = {};
  if (open && types.includes(ApplicationIntegrationType.GuildInstall)) {
    owners[ApplicationIntegrationType.GuildInstall] = channel.guildId ?? '0';
  }
  if (Object.keys(owners).length === 0) {
    owners[ApplicationIntegrationType.UserInstall] = person.user.id;
  }
  return owners;
}

function metadataOf(
  id: string,
  { type, person, source, trigger }: NewInteraction,
  owners: Readonly<Record<string, string>>,
): APIMessageInteractionMetadata {
  const base = { id, user: person.user, authorizing_integration_owners: { ...owners } };
  if (type === InteractionType.MessageComponent) {
    return { ...base, type, interacted_message_id: source?.message.id ?? '0' };
  }
  const cause = trigger?.metadata;
  if (type === InteractionType.ModalSubmit && cause && cause.type !== InteractionType.ModalSubmit) {
    return { ...base, type, triggering_interaction_metadata: cause };
  }
  return { ...base, type: InteractionType.ApplicationCommand };
}

function interactionPayload(
  world: World,
  interaction: InteractionState,
  { person, channel, data, source, type }: NewInteraction,
): object {
  const guild = channel.guildId === null ? null : pick(world.guilds, channel.guildId);
  const permissions = guild ? guildPermissions(guild, person) : PermissionFlagsBits.SendMessages;
  const who = guild
    ? {
        member: {
          user: person.user,
          roles: guild.members.get(person.user.id) ?? [],
          avatar: null,
          banner: null,
          nick: null,
          premium_since: null,
          communication_disabled_until: null,
          joined_at: channel.createdAt,
          mute: false,
          deaf: false,
          pending: false,
          flags: 0,
          permissions: String(permissions),
        },
        guild_id: guild.id,
        guild: { id: guild.id, locale: guild.locale, features: [] },
        guild_locale: guild.locale,
      }
    : { user: person.user };
  return {
    id: interaction.id,
    application_id: world.applicationId,
    type,
    token: interaction.token,
    version: 1,
    data,
    ...who,
    channel_id: channel.id,
    channel: { ...channelObject(world, channel), permissions: String(permissions) },
    locale: person.locale,
    app_permissions: String(botPermissions),
    entitlements: [],
    entitlement_sku_ids: [],
    authorizing_integration_owners: interaction.owners,
    context: guild ? InteractionContextType.Guild : InteractionContextType.BotDM,
    attachment_size_limit: world.settings.uploadLimit,
    ...(source ? { message: source.message } : {}),
  };
}

const botPermissions =
  PermissionFlagsBits.ViewChannel |
  PermissionFlagsBits.SendMessages |
  PermissionFlagsBits.SendMessagesInThreads |
  PermissionFlagsBits.CreatePublicThreads |
  PermissionFlagsBits.EmbedLinks |
  PermissionFlagsBits.AttachFiles |
  PermissionFlagsBits.ReadMessageHistory |
  PermissionFlagsBits.UseExternalEmojis;

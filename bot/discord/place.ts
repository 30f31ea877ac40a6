import {
  ApplicationIntegrationType,
  ChannelType,
  PermissionFlagsBits,
  type BaseInteraction,
} from 'discord.js';

import type { Place } from './exchange.ts';

/** What Discord allows in a channel without a boost, in bytes. */
export const usualUploadLimit = 10 * 1024 * 1024;

/** Where an interaction comes from, and whether the bot itself may write there. */
export function placeOf(interaction: BaseInteraction): Place {
  const { channelId, guildId, attachmentSizeLimit } = interaction;
  return {
    channelId: channelId ?? '',
    serverId: guildId,
    uploadLimit: attachmentSizeLimit,
    isReachable: isReachable(interaction),
  };
}

/** An app that only the person has installed can answer them in a server, and nothing more. */
function isReachable(interaction: BaseInteraction): boolean {
  const { guildId, channel, appPermissions, authorizingIntegrationOwners } = interaction;
  if (guildId === null) return channel?.type !== ChannelType.GroupDM;
  const isMember =
    authorizingIntegrationOwners[ApplicationIntegrationType.GuildInstall] !== undefined;
  return (
    isMember &&
    appPermissions.has([PermissionFlagsBits.ViewChannel, PermissionFlagsBits.SendMessages])
  );
}

/** The channel and, for a thread, the one that it hangs in. */
export function channelIdsOf(
  interaction: Pick<BaseInteraction, 'channelId' | 'channel'>,
): string[] {
  const parent = interaction.channel?.isThread() ? interaction.channel.parentId : null;
  return [interaction.channelId, parent].filter((id) => id !== null);
}

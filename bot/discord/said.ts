import { ChannelType, PermissionFlagsBits, type Message } from 'discord.js';

import { localeOf } from '../../core/messages/catalogue.ts';
import type { SaidMessage } from './gateway.ts';
import type { Member } from './person.ts';

/** Something that a person has said to the bot. */
export type Said = {
  readonly member: Member;
  readonly messageId: string;
  readonly channelId: string;
  /** The channel, and for a thread the one that it hangs in. */
  readonly channelIds: readonly string[];
  /** Without the mention of the bot. */
  readonly text: string;
};

/** A message that is meant for the bot: a direct one, or one that names it or answers it. */
export function readSaid(message: SaidMessage): Said | null {
  const { client, author, channel, guildId } = message;
  if (author.bot || message.system || author.id === client.user.id) return null;
  const names = message.mentions.users.has(client.user.id);
  if (channel.type !== ChannelType.DM && !names) return null;
  const mention = new RegExp(`<@!?${client.user.id}>`, 'gu');
  const text = message.content
    .replaceAll(mention, ' ')
    .replaceAll(/[^\S\n]+/gu, ' ')
    .trim();
  const parentId = channel.isThread() ? channel.parentId : null;
  return {
    member: {
      userId: author.id,
      name: author.displayName,
      language: languageOf(text, message),
      serverId: guildId,
      isManager: message.member?.permissions.has(PermissionFlagsBits.ManageGuild) ?? false,
      roles: [...(message.member?.roles.cache.keys() ?? [])],
    },
    messageId: message.id,
    channelId: message.channelId,
    channelIds: [message.channelId, parentId].filter((id) => id !== null),
    text,
  };
}

/** Messages carry no locale: what was written tells, and else what the server prefers. */
function languageOf(text: string, message: Message): string {
  if (/\p{Script=Han}/u.test(text)) return 'zh';
  return /\p{L}{2}/u.test(text) ? 'en' : localeOf(message.guild?.preferredLocale ?? 'en');
}

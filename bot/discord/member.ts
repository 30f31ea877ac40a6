import { PermissionFlagsBits, type BaseInteraction } from 'discord.js';

import type { Member } from './person.ts';

/** Who stands behind an interaction. */
export function memberOf(interaction: BaseInteraction): Member {
  const { user, locale, guildId, memberPermissions, member } = interaction;
  return {
    userId: user.id,
    name: user.displayName,
    language: locale,
    serverId: guildId,
    isManager: memberPermissions?.has(PermissionFlagsBits.ManageGuild) ?? false,
    roles: rolesOf(member),
  };
}

/** The gateway gives role ids; a cached member has a manager of them. */
function rolesOf(member: BaseInteraction['member']): readonly string[] {
  if (!member) return [];
  return Array.isArray(member.roles) ? member.roles : [...member.roles.cache.keys()];
}

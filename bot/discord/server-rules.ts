import type { Services } from '../../core/context.ts';
import { Fault } from '../../core/fault.ts';
import type { Locale } from '../../core/messages/catalogue.ts';
import { readServer } from '../../core/server/settings.ts';
import type { Visibility } from './exchange.ts';
import type { Member } from './person.ts';

/** What a server has settled. */
export type ServerRules = {
  readonly channels: readonly string[];
  readonly roles: readonly string[];
  readonly locale: Locale | null;
  readonly visibility: Visibility;
};

/** In a direct message everything is between the two of us. */
const direct: ServerRules = { channels: [], roles: [], locale: null, visibility: 'everyone' };
/** While the database does not answer in time, nothing is shown to everybody. */
const careful: ServerRules = { ...direct, visibility: 'person' };

/** Discord waits 3 seconds for an acknowledgement, which must not wait for anything else. */
const patienceMs = 800;

/** What a server has settled. */
export const readRules = (services: Services, serverId: string | null): Promise<ServerRules> =>
  serverId === null ? Promise.resolve(direct) : readServer(services, serverId);

/** The same in time for an acknowledgement; `isSettled` is false where they are only assumed. */
export async function readRulesInTime(
  services: Services,
  serverId: string | null,
): Promise<{ readonly rules: ServerRules; readonly isSettled: boolean }> {
  const late = AbortSignal.timeout(patienceMs);
  return Promise.race([
    readRules(services, serverId).then((rules) => ({ rules, isSettled: true })),
    new Promise<{ rules: ServerRules; isSettled: boolean }>((resolve) => {
      const assume = () => resolve({ rules: careful, isSettled: false });
      late.addEventListener('abort', assume, { once: true });
    }),
  ]);
}

/** Why Jilo does not answer this member here, or null when it does; managers may always. */
export function refusalOf(
  rules: ServerRules,
  member: Member,
  channelIds: readonly string[],
): Fault | null {
  if (member.isManager) return null;
  const { channels, roles } = rules;
  const isElsewhere = channels.length > 0 && !channelIds.some((id) => channels.includes(id));
  if (isElsewhere)
    return new Fault('channel_not_allowed', {
      channels: channels.map((id) => `<#${id}>`).join(', '),
    });
  const isLeftOut = roles.length > 0 && !roles.some((id) => member.roles.includes(id));
  return isLeftOut ? new Fault('role_not_allowed', {}) : null;
}

import type { Account } from '../../core/account/open.ts';
import { openAccount } from '../../core/account/open.ts';
import type { Context, Services, Surface } from '../../core/context.ts';
import { localeOf, type Locale } from '../../core/messages/catalogue.ts';

/** Who is behind a message or an interaction, in Discord's words. */
export type Member = {
  readonly userId: string;
  readonly name: string;
  /** Discord's locale of the person, or what their words look like. */
  readonly language: string;
  /** null in a direct message. */
  readonly serverId: string | null;
  readonly isManager: boolean;
  readonly roles: readonly string[];
};

/** Where somebody who writes Chinese most likely lives; `account_update` corrects it. */
const usualZones: Record<Locale, string> = { zh: 'Asia/Shanghai', en: 'UTC' };

/** The account of a member; the first contact opens it. */
export function openMember(services: Services, member: Member): Promise<Account> {
  const locale = localeOf(member.language);
  return openAccount(
    services,
    { provider: 'discord', subject: member.userId },
    { displayName: member.name.slice(0, 100), locale, timeZone: usualZones[locale] },
  );
}

/** A request of a member, seeing only what belongs to where it is made. */
export function contextOf(
  services: Services,
  account: Account,
  how: {
    readonly member: Member;
    readonly surface: Surface;
    readonly locale: Locale;
    readonly signal: AbortSignal;
  },
): Context {
  const { member, surface, locale, signal } = how;
  return {
    ...services,
    actor: {
      accountId: account.id,
      surface,
      serverId: member.serverId,
      isServerManager: member.isManager,
      roleIds: member.roles,
    },
    locale,
    timeZone: account.timeZone,
    signal,
  };
}

import type { Problem } from '../input-fault.ts';
import { everyoneRole } from '../quota/payer.ts';

/** The most that one role may spend of a server's wallet, in units a day. */
const mostUnits = 10_000;
/** How many roles can have a limit. */
const mostRoles = 50;

/** Text such as `123…=5, <@&456…>=0, everyone=1`; nothing, "none" and "off" set no limit at all. */
type Parsed = { readonly limits: Record<string, number> } | { readonly wrong: Problem };

/** Reads the limits of roles: units a day by id of a role, or `everyone`. */
export function parseRoleLimits(text: string): Parsed {
  const parts = text
    .replaceAll(/\s*[=＝:：]\s*/gu, '=')
    .split(/[,，、;；\s]+/u)
    .filter(Boolean);
  if (parts.length === 1 && /^(?:none|off)$/i.test(parts[0] ?? '')) return { limits: {} };
  if (parts.length > mostRoles)
    return { wrong: { problem: 'too_many', params: { count: parts.length, most: mostRoles } } };
  const limits = new Map<string, number>();
  for (const part of parts) {
    const found = /^(?:<@&(\d{17,20})>|(\d{17,20})|@?(everyone))=(\d{1,6})$/i.exec(part);
    const role = found?.[1] ?? found?.[2] ?? (found?.[3] ? everyoneRole : null);
    const units = Number(found?.[4]);
    if (role === null || units > mostUnits)
      return { wrong: { problem: 'no_limit', params: { text: part, most: mostUnits } } };
    if (limits.has(role)) return { wrong: { problem: 'given_twice', params: null } };
    limits.set(role, units);
  }
  return { limits: Object.fromEntries(limits) };
}

import type { Accounts } from './faults.ts';
import { pending } from './pending.ts';
import { reasons } from './reasons.ts';
import { requirements } from './requirements.ts';
import { traces } from './traces.ts';

/** Everything that `docs/security.md` is made of. */
export const securityAccounts: Accounts = { requirements, traces, reasons, pending };

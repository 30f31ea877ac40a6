import type { LedgerCheck } from './ledger-checks.ts';
import { conformance } from './ledger-conformance.ts';
import { everyHistory } from './ledger-histories.ts';
import { promises } from './ledger-promises.ts';
import { settlementChecks } from './ledger-settlement.ts';

/** Every promise of the ledger: fifteen of the Ledger Conformance Kit, and ours. */
export const allChecks: readonly LedgerCheck[] = [
  ...conformance,
  ...promises,
  ...settlementChecks,
  everyHistory,
];

import { ConfigError } from '../core/config.ts';
import { faultWords } from '../core/fault.ts';
import { toFault } from '../core/fault-of.ts';
import { systemIds } from '../core/ids.ts';
import { catalogue, type Locale } from '../core/messages/catalogue.ts';

/** Why a program could not start or go on, in words for whoever started it; never a stack. */
export function explainFailure(error: unknown, locale: Locale = 'en'): string {
  if (error instanceof ConfigError) return error.message;
  const silent = { error: () => undefined };
  const { fault } = toFault(error, { ids: systemIds, log: silent }, 'start');
  // Before anything runs there is no log to look up: what is no fault speaks for itself.
  if (fault.code === 'internal') return error instanceof Error ? error.message : String(error);
  const { message, next } = faultWords(catalogue(locale), fault.code, fault.params);
  return `${message} ${next}`;
}

import type { Services } from './context.ts';
import { Fault } from './fault.ts';

/** Codes of the driver and of Postgres that mean: no database to talk to. */
const unreachable = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ETIMEDOUT',
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  '57P01',
  '57P02',
  '57P03',
  '28P01',
  '3D000',
]);

/** Said by the database of rows for an account that has become part of another one. */
const mergedCode = 'JL001';

/**
 * What a person may see of any thrown value. A defect is logged here, once, with a short reference
 * that the person is told; its text never leaves the log.
 */
export function toFault(
  error: unknown,
  services: Pick<Services, 'ids'> & {
    readonly log: { error(fields: object, message: string): void };
  },
  where: string,
): { readonly fault: Fault; readonly reference: string | null } {
  if (error instanceof Fault) return { fault: error, reference: null };
  const codes = chain(error).map((cause) => ('code' in cause ? String(cause.code) : ''));
  if (codes.some((code) => unreachable.has(code))) {
    return { fault: new Fault('database_down', {}, { cause: error }), reference: null };
  }
  if (codes.includes('ENOSPC') || codes.includes('53100')) {
    return { fault: new Fault('storage_full', {}, { cause: error }), reference: null };
  }
  if (codes.includes(mergedCode))
    return { fault: new Fault('account_merged', {}, { cause: error }), reference: null };
  const reference = services.ids.random(4).toString('hex').slice(0, 6).toUpperCase();
  services.log.error({ err: error, reference, where }, 'defect');
  return { fault: new Fault('internal', { reference }, { cause: error }), reference };
}

function chain(error: unknown): Error[] {
  const causes: Error[] = [];
  for (let at = error; at instanceof Error && causes.length < 8; at = at.cause) causes.push(at);
  return causes;
}

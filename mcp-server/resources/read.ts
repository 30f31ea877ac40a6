import type { ReadResourceResult } from '@modelcontextprotocol/server';

import type { Context } from '../../core/context.ts';
import { isFault } from '../../core/fault.ts';
import { catalogue } from '../../core/messages/catalogue.ts';
import { offered, perform, type AnyOperation } from '../../core/operation.ts';
import { readLedgerMonth } from '../../core/quota/months.ts';
import { readPoster } from '../../core/video/read-poster.ts';
import { parseAddress, type Address } from './address.ts';
import { jsonOf, markOutside, type Marked } from './outside.ts';

/** Operations that show what an address names; without its operation a kind is not there. */
const shows = {
  video: 'video_show',
  poster: 'video_show',
  trend: 'trend_show',
  publication: 'publication_show',
  ledger: 'quota_history',
  month: 'quota_history',
} as const;

/** The operation behind a kind of resource; undefined where it is not offered. */
export const operationOf = (
  kind: Address['kind'],
  context: Context,
  operations: readonly AnyOperation[],
): AnyOperation | undefined =>
  offered(operations, context.ports).find(({ name }) => name === shows[kind]);

/** The newest movements that the ledger shows. */
const ledgerEntries = 100;

const inputOf = (address: Exclude<Address, { kind: 'month' }>): Record<string, unknown> =>
  address.kind === 'ledger' ? { limit: ledgerEntries } : { [address.kind]: address.id };

/** What is read at an address, and the same in a sentence or two. */
export type Reading = { readonly marked: Marked; readonly said: string };

/**
 * Reads what an address other than a poster's names; null for nothing, for what is not this
 * person's, and for a kind that is not there.
 * @throws Fault for any other failure.
 */
export async function readAddress(
  address: Exclude<Address, { kind: 'poster' }>,
  context: Context,
  operations: readonly AnyOperation[],
): Promise<Reading | null> {
  const operation = operationOf(address.kind, context, operations);
  if (!operation) return null;
  if (address.kind === 'month') return readMonth(address.month, context);
  const outcome = await perform(operation, inputOf(address), context);
  if (!outcome.ok) {
    if (isFault(outcome.fault, 'not_found')) return null;
    throw outcome.fault;
  }
  const marked = markOutside(operation.name, outcome.value);
  return { marked, said: operation.say(marked.value, context.locale) };
}

async function readMonth(month: string, context: Context): Promise<Reading | null> {
  const value = await readLedgerMonth(context, month);
  if (!value) return null;
  const count = value.entries.length + value.more;
  const said = catalogue(context.locale).say.quota_history({ count });
  return { marked: { value, notice: null }, said };
}

/**
 * The contents of a resource; null for an address that is none, and for what is not this person's.
 * @throws Fault for any other failure.
 */
export async function readResource(
  uri: string,
  context: Context,
  operations: readonly AnyOperation[],
): Promise<ReadResourceResult | null> {
  const address = parseAddress(uri);
  if (!address) return null;
  if (address.kind === 'poster') {
    if (!operationOf('poster', context, operations)) return null;
    const poster = await readPoster(context, address.id);
    const blob = poster?.toString('base64');
    return blob === undefined ? null : { contents: [{ uri, mimeType: 'image/jpeg', blob }] };
  }
  const reading = await readAddress(address, context, operations);
  if (!reading) return null;
  return { contents: [{ uri, mimeType: 'application/json', text: jsonOf(reading.marked) }] };
}

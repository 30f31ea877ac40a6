import type { ListResourcesResult, Resource } from '@modelcontextprotocol/server';

import type { Context } from '../../core/context.ts';
import { newest } from '../../core/lookup.ts';
import { catalogue } from '../../core/messages/catalogue.ts';
import { resourceWords } from '../../core/messages/mcp-resources.ts';
import type { AnyOperation } from '../../core/operation.ts';
import { findPublications } from '../../core/publication/recent.ts';
import { listLedgerMonths } from '../../core/quota/months.ts';
import { readLastEvents } from '../../core/subject.ts';
import { findTrends } from '../../core/trend/recent.ts';
import { untrusted } from '../../core/untrusted.ts';
import { findVideos } from '../../core/video/recent.ts';
import { uriOf, type Address } from './address.ts';
import { readCursor, writeCursor, type Place } from './cursor.ts';
import { operationOf } from './read.ts';
import { titleFrom } from './title.ts';

const pageSize = 50;
/** So many of each kind are listed; what is older is read by its address. */
const mostOfKind = newest(50);

/** A resource in a list that is sorted by the time of what it shows. */
type Listed = {
  readonly resource: Resource;
  readonly at: Date;
  /** The video or publication whose events change it. */
  readonly subject?: string;
  /** The file that is its content. */
  readonly fileKey?: string;
};

/**
 * The newest resources of every kind whose operation is there, newest first, in pages of 50.
 * @throws ProtocolError -32602 for a cursor that was not written for this account.
 */
export async function listResources(
  context: Context,
  operations: readonly AnyOperation[],
  cursor: string | undefined,
): Promise<ListResourcesResult> {
  const after = cursor === undefined ? null : readCursor(context, cursor);
  const isThere = (kind: Address['kind']) => operationOf(kind, context, operations) !== undefined;
  const found = await Promise.all([
    isThere('video') ? listVideos(context) : [],
    isThere('trend') ? listTrends(context) : [],
    isThere('publication') ? listPublications(context) : [],
    isThere('ledger') ? listLedger(context) : [],
  ]);
  const left = found
    .flat()
    .toSorted((a, b) => compare(placeOf(a), placeOf(b)))
    .filter((one) => after === null || compare(after, placeOf(one)) < 0);
  const page = left.slice(0, pageSize);
  const resources = await complete(context, page);
  const last = left.length > pageSize ? page.at(-1) : undefined;
  return last ? { resources, nextCursor: writeCursor(context, placeOf(last)) } : { resources };
}

const placeOf = ({ at, resource }: Listed): Place => ({ at, uri: resource.uri });

/** Newest first; what is of the same moment by its address. */
const compare = (a: Place, b: Place): number =>
  b.at.getTime() - a.at.getTime() || (a.uri < b.uri ? -1 : Number(a.uri > b.uri));

async function listVideos(context: Context): Promise<Listed[]> {
  const words = resourceWords[context.locale];
  const { rows } = await findVideos(context, mostOfKind);
  return rows.flatMap(({ row }) => {
    const { id, createdAt: at, status, seconds, posterKey } = row;
    const title = titleFrom(row.prompt);
    const state = catalogue(context.locale).state(status);
    const video = json({ kind: 'video', id }, title, words.video({ state, seconds }));
    const listed: Listed = { resource: { name: id, ...video }, at, subject: id };
    if (posterKey === null) return [listed];
    const poster: Resource = {
      uri: uriOf({ kind: 'poster', id }),
      name: `${id}-poster`,
      title: words.poster({ title }),
      description: words.posterOf,
      mimeType: 'image/jpeg',
    };
    return [listed, { resource: poster, at, subject: id, fileKey: posterKey }];
  });
}

async function listTrends(context: Context): Promise<Listed[]> {
  const words = resourceWords[context.locale];
  const { rows } = await findTrends(context, mostOfKind);
  return rows.map(({ row, keyword, at }) => {
    const { id, platform, seenAt } = row;
    const title = words.trend({ platform, keyword: titleFrom(keyword) });
    const shown = json({ kind: 'trend', id }, title, untrusted('title', row.title, 300));
    return { resource: { name: id, ...shown, ...changedAt(seenAt) }, at };
  });
}

async function listPublications(context: Context): Promise<Listed[]> {
  const words = resourceWords[context.locale];
  const { rows } = await findPublications(context, mostOfKind);
  return rows.map(({ row }) => {
    const { id, createdAt: at } = row;
    const state = catalogue(context.locale).state(row.status);
    const title = titleFrom(row.title);
    const shown = json({ kind: 'publication', id }, title, words.publication({ state }));
    return { resource: { name: id, ...shown }, at, subject: id };
  });
}

/** Where a ledger stands in which nothing has moved. */
const never = new Date(0);

async function listLedger(context: Context): Promise<Listed[]> {
  const words = resourceWords[context.locale];
  const months = await listLedgerMonths(context, mostOfKind.limit);
  const newestAt = months[0]?.lastAt ?? null;
  const ledger = json({ kind: 'ledger' }, words.ledger, words.ledgerOf);
  return [
    { resource: { name: 'ledger', ...ledger, ...changedAt(newestAt) }, at: newestAt ?? never },
    ...months.map(({ month, lastAt }) => {
      const shown = json({ kind: 'month', month }, words.month({ month }), words.monthOf);
      const resource = { name: `ledger-${month}`, ...shown, ...changedAt(lastAt) };
      return { resource, at: lastAt ?? never };
    }),
  ];
}

const json = (address: Address, title: string, description: string) => ({
  uri: uriOf(address),
  title,
  description,
  mimeType: 'application/json',
});

const changedAt = (at: Date | null) =>
  at === null ? {} : { annotations: { lastModified: at.toISOString() } };

/** Adds what is asked for a page only: when each was changed last, and the size of files. */
async function complete(context: Context, page: readonly Listed[]): Promise<Resource[]> {
  const subjects = page.flatMap(({ subject }) => (subject === undefined ? [] : [subject]));
  const changes = await readLastEvents(context, [...new Set(subjects)]);
  const sizes = await Promise.all(
    page.map(async ({ fileKey }) =>
      // A size is worth having, but no reason to show no list.
      fileKey === undefined ? null : context.ports.storage.stat(fileKey).catch(() => null),
    ),
  );
  return page.map(({ resource, at, subject }, index) => {
    const size = sizes[index]?.bytes;
    return {
      ...resource,
      ...(subject === undefined ? {} : changedAt(changes.get(subject) ?? at)),
      ...(size === undefined ? {} : { size }),
    };
  });
}

import type { Context } from '../core/context.ts';
import { Fault } from '../core/fault.ts';
import { wordsOf, type Lookup } from '../core/lookup.ts';
import { mediaLink } from '../core/media-link.ts';
import { resourceWords } from '../core/messages/mcp-resources.ts';
import type { AnyOperation } from '../core/operation.ts';
import { findPublications } from '../core/publication/recent.ts';
import { watchUrlOf } from '../core/publication/show.ts';
import { findTrends } from '../core/trend/recent.ts';
import { untrusted } from '../core/untrusted.ts';
import { findVideos } from '../core/video/recent.ts';
import { parseAddress, uriOf, type Address } from './resources/address.ts';
import { openable } from './resources/openable.ts';
import { operationOf, readAddress } from './resources/read.ts';
import { titleFrom } from './resources/title.ts';

/** What ChatGPT's `search` answers. */
export type SearchAnswer = { readonly results: SearchResult[] };
type SearchResult = { readonly id: string; readonly title: string; readonly url: string };

/** A result with what it is sorted by. */
type Hit = { readonly result: SearchResult; readonly hits: number; readonly at: Date };

const mostResults = 20;

/**
 * The person's own videos, publications and trends that hold any word of the query, those with most
 * of the words first, then the newest; without words the newest of everything. At most 20.
 */
export async function searchEverything(
  query: string,
  context: Context,
  operations: readonly AnyOperation[],
): Promise<SearchAnswer> {
  const lookup: Lookup = { words: wordsOf(query), match: 'any', limit: mostResults };
  const found = await Promise.all([
    operationOf('video', context, operations) ? searchVideos(context, lookup) : [],
    operationOf('publication', context, operations) ? searchPublications(context, lookup) : [],
    operationOf('trend', context, operations) ? searchTrends(context, lookup) : [],
  ]);
  const best = found
    .flat()
    .toSorted((a, b) => b.hits - a.hits || b.at.getTime() - a.at.getTime())
    .slice(0, mostResults);
  return { results: best.map(({ result }) => result) };
}

async function searchVideos(context: Context, lookup: Lookup): Promise<Hit[]> {
  const { rows } = await findVideos(context, lookup);
  return rows.map(({ row, hits }) => {
    const id = uriOf({ kind: 'video', id: row.id });
    const file = row.fileKey === null ? null : mediaLink(context, row.fileKey);
    const result = { id, title: titleFrom(row.prompt), url: file ?? id };
    return { result, hits, at: row.createdAt };
  });
}

async function searchPublications(context: Context, lookup: Lookup): Promise<Hit[]> {
  const { rows } = await findPublications(context, lookup);
  return rows.map(({ row, hits }) => {
    const id = uriOf({ kind: 'publication', id: row.id });
    const result = { id, title: titleFrom(row.title), url: watchUrlOf(context, row) ?? id };
    return { result, hits, at: row.createdAt };
  });
}

async function searchTrends(context: Context, lookup: Lookup): Promise<Hit[]> {
  const { rows } = await findTrends(context, lookup);
  return rows.map(({ row, hits, at }) => {
    const id = uriOf({ kind: 'trend', id: row.id });
    const title = untrusted('title', row.title, 300);
    return { result: { id, title, url: openable(row.url) ?? id }, hits, at };
  });
}

/** What ChatGPT's `fetch` answers. */
export type Fetched = {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly url: string;
  readonly metadata: Readonly<Record<string, string>>;
};

type Value = Readonly<Record<string, unknown>>;

/**
 * One thing by the id that `search` gave: in plain words, then whole as JSON; strangers' words are marked.
 * @throws Fault `not_found` for every other id, and what reading it fails with.
 */
export async function fetchOne(
  id: string,
  context: Context,
  operations: readonly AnyOperation[],
): Promise<Fetched> {
  const address = parseAddress(id);
  const missing = new Fault(
    'not_found',
    { what: 'resource', id: id.slice(0, 100) },
    { field: 'id' },
  );
  // A picture has no text.
  if (!address || address.kind === 'poster') throw missing;
  const reading = await readAddress(address, context, operations);
  if (!reading) throw missing;
  const { marked, said } = reading;
  const notice = marked.notice === null ? [] : [marked.notice];
  return {
    id,
    title: titleOf(address, marked.value, context),
    text: [...notice, said, JSON.stringify(marked.value)].join('\n\n'),
    url: openable(marked.value['url']) ?? id,
    metadata: metadataOf(address, marked.value),
  };
}

function titleOf(address: Address, value: Value, { locale }: Context): string {
  const words = resourceWords[locale];
  if (address.kind === 'ledger') return words.ledger;
  if (address.kind === 'month') return words.month({ month: address.month });
  if (address.kind === 'trend') return String(value['title']);
  return titleFrom(String(address.kind === 'video' ? value['prompt'] : value['title']));
}

/** What there is to know of it at a glance. */
function metadataOf({ kind }: Address, value: Value): Record<string, string> {
  const told = ['status', 'platform', 'created_at', 'published_at', 'month'].flatMap((name) => {
    const content = value[name];
    return typeof content === 'string' ? [[name, content] as const] : [];
  });
  return { kind, ...Object.fromEntries(told) };
}

import type { CompleteRequestParams } from '@modelcontextprotocol/server';

import type { Context } from '../core/context.ts';
import { wordsOf, type Lookup } from '../core/lookup.ts';
import { findPublications } from '../core/publication/recent.ts';
import { listLedgerMonths } from '../core/quota/months.ts';
import { findTrends } from '../core/trend/recent.ts';
import { findVideos } from '../core/video/recent.ts';
import { lengths, periods, promptNamed, weeklyCounts } from './prompts/list.ts';

/** What a value that is being typed may become. */
export type Completion = {
  readonly values: string[];
  readonly total: number;
  readonly hasMore: boolean;
};

/** The protocol allows no more in one answer. */
const mostValues = 100;
const mostMonths = 1000;

type Completer = (typed: string, context: Context) => Promise<Completion>;

/** Values of which all are known. */
function choose(values: readonly string[], typed: string): Completion {
  const fitting = values.filter((value) => value.startsWith(typed));
  const total = fitting.length;
  return { values: fitting.slice(0, mostValues), total, hasMore: total > mostValues };
}

const among =
  (values: readonly string[]): Completer =>
  async (typed) =>
    choose(values, typed);

const nothing: Completer = among([]);

/** Ids that begin with what was typed, or whose texts hold every word of it. */
const lookupOf = (typed: string): Lookup => {
  const words = wordsOf(typed);
  const limit = mostValues;
  const [only] = words;
  if (only === undefined) return { words, match: 'every', limit };
  return words.length === 1
    ? { words, match: 'every', idPrefix: only, limit }
    : { words, match: 'every', limit };
};

const idsFrom =
  (
    find: (
      context: Context,
      lookup: Lookup,
    ) => Promise<{
      readonly rows: readonly { readonly row: { readonly id: string } }[];
      readonly total: number;
    }>,
  ): Completer =>
  async (typed, context) => {
    const { rows, total } = await find(context, lookupOf(typed));
    return { values: rows.map(({ row }) => row.id), total, hasMore: total > rows.length };
  };

const videoIds = idsFrom(findVideos);
const trendIds = idsFrom(findTrends);
const publicationIds = idsFrom(findPublications);

const months: Completer = async (typed, context) => {
  const listed = await listLedgerMonths(context, mostMonths);
  return choose(
    listed.map(({ month }) => month),
    typed,
  );
};

/** By template and variable, and by prompt and argument. */
const completers: Readonly<Record<string, Completer>> = {
  'jilo://videos/{id} id': videoIds,
  'jilo://videos/{id}/poster id': videoIds,
  'jilo://trends/{id} id': trendIds,
  'jilo://publications/{id} id': publicationIds,
  'jilo://ledger/{month} month': months,
  'find-and-make seconds': among(lengths),
  'remix-a-trend trend': trendIds,
  'weekly-plan videos_per_week': among(weeklyCounts),
  'explain-my-stats days': among(periods),
};

/**
 * What a variable of a resource template, or an argument of a prompt, may become: at most 100 values,
 * newest first, of this person's own things only; nothing for what is not known.
 */
export function complete(
  ref: CompleteRequestParams['ref'],
  argument: CompleteRequestParams['argument'],
  context: Context,
): Promise<Completion> {
  const place = ref.type === 'ref/prompt' ? promptNamed(ref.name) : ref.uri;
  const completer = completers[`${place} ${argument.name}`] ?? nothing;
  return completer(argument.value, context);
}

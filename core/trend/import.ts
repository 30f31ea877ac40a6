import { requirePort, type Context } from '../context.ts';
import type { Reading } from '../ports/trend-source.ts';
import { reportTrends, type TrendReport } from './report.ts';

/** More items than this in one call are counted, not read. */
const maxItems = 100_000;

/**
 * Ranks dataset items that were fetched earlier, through the same path as a search; the platform of
 * each is told from its shape.
 * @param documents the text of each file; one that is no JSON counts as `not_json`.
 */
export function importTrends(
  context: Context,
  found: { readonly keyword: string; readonly documents: readonly string[] },
): Promise<TrendReport> {
  const source = requirePort(context.ports, 'trendSource');
  const broken: Reading[] = [];
  const items: unknown[] = [];
  for (const document of found.documents) {
    const parsed = parseDocument(document);
    if (parsed === null) broken.push({ skipped: 'not_json' });
    else for (const item of parsed) items.push(item);
  }
  const left = items.splice(maxItems).map((): Reading => ({ skipped: 'outside_filter' }));
  const readings = [...broken, ...source.read(items, context.clock.now()), ...left];
  return reportTrends(context, {
    keyword: found.keyword,
    request: { files: found.documents.length },
    readings,
    notes: [],
    costUsd: null,
    limit: maxItems,
  });
}

/** A dataset is an array of items; anything else stands for one item. */
function parseDocument(text: string): unknown[] | null {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/u, ''));
    return Array.isArray(value) ? value : [value];
  } catch {
    return null; // Counted as what it is.
  }
}

import { invalidRequest } from './errors.ts';
import type { CreatedRange } from './params.ts';
import type { WireObject } from './shape.ts';

type Paging = {
  readonly limit?: number | undefined;
  readonly starting_after?: string | undefined;
  readonly ending_before?: string | undefined;
};

type Listed = { readonly id: string };

/** One page, newest first. @param records oldest first */
export function page<R extends Listed>(
  records: Iterable<R>,
  paging: Paging,
  wire: { readonly url: string; readonly what: string; readonly render: (record: R) => WireObject },
): WireObject {
  const all = Array.from(records).toReversed();
  const limit = paging.limit ?? 10;
  const place = (id: string, param: string) => {
    const index = all.findIndex((record) => record.id === id);
    if (index >= 0) return index;
    throw invalidRequest(`No such ${wire.what}: '${id}'`, { code: 'resource_missing', param });
  };
  let chosen = all;
  if (paging.starting_after !== undefined) {
    chosen = all.slice(place(paging.starting_after, 'starting_after') + 1);
  }
  const { ending_before: before } = paging;
  if (before !== undefined) chosen = all.slice(0, place(before, 'ending_before'));
  const data = before === undefined ? chosen.slice(0, limit) : chosen.slice(-limit);
  return {
    object: 'list',
    data: data.map(wire.render),
    has_more: chosen.length > data.length,
    url: wire.url,
  };
}

/** Whether a time lies in the range that was asked for. */
export function isWithin(at: number, range: CreatedRange | undefined): boolean {
  if (!range) return true;
  const { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = range;
  return at > gt && at >= gte && at < lt && at <= lte;
}

import type { EmulatorAnswer } from '../http.ts';
import { apiError } from './answers.ts';

export type Page = { readonly from: number; readonly size: number };

const usualSize = 5;
const largestSize = 50;

/** The asked page of a list, or the refusal of a size or a token that does not exist. */
export function pageOf(query: URLSearchParams): { page: Page } | { refusal: EmulatorAnswer } {
  const asked = query.get('maxResults') ?? String(usualSize);
  const size = /^\d{1,9}$/u.test(asked) ? Number(asked) : Number.NaN;
  if (!(size <= largestSize)) {
    const message = `Invalid value '${asked}'. Values must be within the range: [0, ${largestSize}]`;
    const problem = { status: 400, reason: 'invalidParameter', message, location: 'maxResults' };
    return { refusal: apiError(problem) };
  }
  const token = query.get('pageToken');
  const from = token === null ? 0 : offsetOf(token);
  if (from === null) {
    const message = 'The request specifies an invalid page token.';
    const problem = { status: 400, reason: 'invalidPageToken', message, location: 'pageToken' };
    return { refusal: apiError({ ...problem, domain: 'youtube.parameter' }) };
  }
  return { page: { from, size } };
}

const tokenOf = (from: number): string => Buffer.from(`from ${from}`).toString('base64url');

function offsetOf(token: string): number | null {
  const text = Buffer.from(token, 'base64url').toString('latin1');
  const from = /^from (?<from>\d{1,9})$/u.exec(text)?.groups?.['from'];
  return from === undefined ? null : Number(from);
}

/** One page of a list, with the tokens of its neighbours. */
export function pagedAnswer<T>(
  kind: string,
  all: readonly T[],
  { from, size }: Page,
  show: (item: T, position: number) => object,
): EmulatorAnswer {
  const next = from + size;
  return {
    status: 200,
    body: {
      kind,
      etag: 'sandbox',
      ...(size > 0 && next < all.length ? { nextPageToken: tokenOf(next) } : {}),
      ...(size > 0 && from > 0 ? { prevPageToken: tokenOf(Math.max(0, from - size)) } : {}),
      pageInfo: { totalResults: all.length, resultsPerPage: size },
      items: all.slice(from, next).map((item, index) => show(item, from + index)),
    },
  };
}

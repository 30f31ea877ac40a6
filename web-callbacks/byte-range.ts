/** Bytes `start` to `end`, both included. */
export type ByteRange = { readonly start: number; readonly end: number };

/**
 * RFC 9110, 14.1.2: the bytes of a file that a Range header asks for; `none` when the file has none of
 * them, null for the whole file: another unit, a malformed header, or several parts, which would need
 * another kind of answer.
 */
export function parseRange(header: string, bytes: number): ByteRange | 'none' | null {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? [];
  const range = first === '' ? lastOf(last, bytes) : from(Number(first), last, bytes);
  if (range === null) return null;
  return range.start < bytes && range.start <= range.end ? range : 'none';
}

function lastOf(count: string, bytes: number): ByteRange | null {
  if (count === '') return null;
  return { start: Math.max(0, bytes - Number(count)), end: bytes - 1 };
}

function from(start: number, last: string, bytes: number): ByteRange | null {
  if (last === '') return { start, end: bytes - 1 };
  return Number(last) < start ? null : { start, end: Math.min(Number(last), bytes - 1) };
}

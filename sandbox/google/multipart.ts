import { BodyCut } from '../http.ts';

/** A multipart/related body of two parts: the resource whole, the media piece by piece. */
export type Related = {
  readonly resource: Buffer;
  readonly media: AsyncIterable<Buffer>;
};

const largestHead = 16_384;
const largestResource = 1_048_576;

/** Reads the first part of a multipart/related body; null where it is none. */
export async function readRelated(
  contentType: string | undefined,
  pieces: AsyncIterable<Buffer>,
): Promise<Related | null> {
  const asked = /^multipart\/related;(?:.*;)?\s*boundary="?(?<boundary>[^\s";]{1,70})/iu;
  const boundary = asked.exec(contentType ?? '')?.groups?.['boundary'];
  if (boundary === undefined) return null;
  const reader = createReader(pieces);
  const opened = await reader.until(`--${boundary}\r\n`, largestHead);
  const head = opened && (await reader.until('\r\n\r\n', largestHead));
  const resource = head && (await reader.until(`\r\n--${boundary}\r\n`, largestResource));
  const mediaHead = resource && (await reader.until('\r\n\r\n', largestHead));
  return mediaHead ? { resource, media: reader.rest(`\r\n--${boundary}--`) } : null;
}

function createReader(pieces: AsyncIterable<Buffer>) {
  const iterator = pieces[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  const more = async (): Promise<boolean> => {
    const next = await iterator.next();
    if (next.done) return false;
    held = held.length === 0 ? next.value : Buffer.concat([held, next.value]);
    return true;
  };
  return {
    /** What comes before the mark; null when it does not come within so many bytes. */
    async until(mark: string, largest: number): Promise<Buffer | null> {
      for (;;) {
        const index = held.indexOf(mark);
        if (index >= 0) {
          const before = held.subarray(0, index);
          held = held.subarray(index + mark.length);
          return before;
        }
        if (held.length > largest || !(await more())) return null;
      }
    },
    /** What comes before the mark, piece by piece. @throws BodyCut when the mark never comes. */
    async *rest(mark: string): AsyncGenerator<Buffer> {
      for (let index = held.indexOf(mark); ; index = held.indexOf(mark)) {
        // The mark may have begun at the end of what is here.
        const safe = index >= 0 ? index : Math.max(0, held.length - mark.length + 1);
        if (safe > 0) yield held.subarray(0, safe);
        if (index >= 0) return;
        held = held.subarray(safe);
        if (!(await more())) throw new BodyCut('the last boundary is missing');
      }
    },
  };
}

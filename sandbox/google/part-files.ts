import { createHash, type Hash } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writevSync,
} from 'node:fs';
import { join } from 'node:path';

/** What Google stores whole or not at all. */
export const chunkUnit = 262_144;

export type PartWriter = {
  /** Keeps what does not fill a unit yet in memory, where a cut loses it. */
  add(bytes: Buffer): void;
  /** Writes the rest, after which nothing more can come. */
  finish(): void;
  close(): void;
};

/** The bytes of uploads that are under way; none of them is ever in memory whole. */
export type PartFiles = {
  size(name: string): number;
  /** Goes on at the end of what is there. */
  open(name: string): PartWriter;
  /** In hexadecimal; read again only where another process wrote a part of it. */
  sha256(name: string): Promise<string>;
  move(name: string, file: string): void;
  drop(name: string): void;
};

/** The hash of the first `upTo` bytes of a file. */
type Digest = { readonly hash: Hash; upTo: number };

export function createPartFiles(folder: string): PartFiles {
  const digests = new Map<string, Digest>();
  const path = (name: string): string => join(folder, `${name}.part`);
  const size = (name: string): number => statSync(path(name), { throwIfNoEntry: false })?.size ?? 0;
  return {
    size,
    open(name) {
      mkdirSync(folder, { recursive: true });
      const at = size(name);
      if (at === 0) digests.set(name, { hash: createHash('sha256'), upTo: 0 });
      const known = digests.get(name);
      return openWriter(path(name), known?.upTo === at ? known : null);
    },
    async sha256(name) {
      const known = digests.get(name);
      if (known?.upTo === size(name)) return known.hash.copy().digest('hex');
      const hash = createHash('sha256');
      for await (const piece of createReadStream(path(name))) hash.update(piece);
      return hash.digest('hex');
    },
    move(name, file) {
      renameSync(path(name), file);
      digests.delete(name);
    },
    drop(name) {
      rmSync(path(name), { force: true });
      digests.delete(name);
    },
  };
}

function openWriter(file: string, digest: Digest | null): PartWriter {
  const target = openSync(file, 'a');
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  const write = (): void => {
    if (waitingBytes === 0) return;
    if (writevSync(target, waiting) !== waitingBytes) throw new Error('the disk took too little');
    for (const piece of waiting) digest?.hash.update(piece);
    if (digest) digest.upTo += waitingBytes;
    waiting = [];
    waitingBytes = 0;
  };
  const add = (bytes: Buffer): void => {
    waiting.push(bytes);
    waitingBytes += bytes.length;
  };
  return {
    add(bytes) {
      const over = (waitingBytes + bytes.length) % chunkUnit;
      if (waitingBytes + bytes.length < chunkUnit) return add(bytes);
      // The whole units end within these bytes, as less than one was waiting.
      add(bytes.subarray(0, bytes.length - over));
      write();
      if (over > 0) add(bytes.subarray(bytes.length - over));
    },
    finish: write,
    close: () => closeSync(target),
  };
}

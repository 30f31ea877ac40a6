import type { Readable } from 'node:stream';

export type StoredFile = { readonly bytes: number; readonly sha256: string };

/** A stored file as it is now. */
export type FileFacts = {
  readonly bytes: number;
  /** Another one whenever the content may be another one; letters, digits and `-`. */
  readonly version: string;
};

/** A file on the local disk, there until it is disposed of. */
export type LocalFile = AsyncDisposable & { readonly path: string };

/**
 * Keeps files under keys such as `videos/vid_x.mp4`; a key is written whole or not at all. What storage
 * elsewhere cannot do is a Fault: `provider_busy` when it is away, `provider_locked` when it refuses us.
 */
export interface Storage {
  /** @throws Fault `storage_full`. Refuses more than `maxBytes` with Fault `provider_failed`. */
  write(key: string, content: AsyncIterable<Uint8Array>, maxBytes: number): Promise<StoredFile>;
  /** Bytes `start` to `end` (both included) of a file; fails with the code `ENOENT` where there is none. */
  read(key: string, start: number, end: number): Readable;
  /** null when there is no such file. */
  stat(key: string): Promise<FileFacts | null>;
  /** Does nothing where there is no such file. */
  remove(key: string): Promise<void>;
  /** The file for tools that need a path, which read it only. @throws Error with the code `ENOENT`. */
  local(key: string): Promise<LocalFile>;
  /** Where a tool may write a file itself, such as one of `mp4`; nothing is there yet. */
  scratch(extension: string): Promise<LocalFile>;
}

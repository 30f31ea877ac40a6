import type { Readable } from 'node:stream';

export type StoredFile = { readonly bytes: number; readonly sha256: string };

/** Keeps files under keys such as `videos/vid_x.mp4`; a key is written whole or not at all. */
export interface Storage {
  /** @throws Fault `storage_full`. Refuses more than `maxBytes` with Fault `provider_failed`. */
  write(key: string, content: AsyncIterable<Uint8Array>, maxBytes: number): Promise<StoredFile>;
  /** Bytes `start` to `end` (both included) of a file. */
  read(key: string, start: number, end: number): Readable;
  /** The file on the local disk: media tools need paths. */
  path(key: string): string;
  /** Where a tool may write a file itself before it is stored; the folder exists. */
  draftPath(key: string): Promise<string>;
  has(key: string): Promise<boolean>;
  remove(key: string): Promise<void>;
}

import type { SchemaState } from '../../drizzle/migration-list.ts';

/** Why there is no database at all; the text names what to do. */
export class NoDatabase extends Error {
  override readonly name = 'NoDatabase';
}

/** How the database is. */
export type DatabaseState = SchemaState & {
  /** Such as `17.2`. */
  readonly version: string;
  readonly major: number;
  /** Seconds that this machine is ahead of the database. */
  readonly skewSeconds: number;
};

/** What publishing has shown: null where there was no occasion. */
export type History = {
  /** Whether the last video that others were to see stayed private. */
  readonly lockedPrivate: boolean | null;
  /** Whether the last preview picture was refused for want of the right to it. */
  readonly thumbnailRefused: boolean | null;
};

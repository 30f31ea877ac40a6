import type { Services } from '../../core/context.ts';
import type { AnyOperation } from '../../core/operation.ts';
import type { ProgressPlace } from '../../core/progress/messages.ts';
import type { Messenger } from './messenger.ts';
import type { Timers } from '../../core/timers.ts';

/** What the rooms of the bot work with. */
export type Parts = {
  readonly services: Services;
  readonly operations: readonly AnyOperation[];
  readonly messenger: Messenger;
  readonly timers: Timers;
  /** Shows how something is getting on, in one message that is kept up to date. */
  readonly follow: (place: ProgressPlace) => Promise<void>;
  /** Aborted when the process is to end. */
  readonly stop: AbortSignal;
};

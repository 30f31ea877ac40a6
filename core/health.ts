import type { Provider, ProviderRecord } from './provider-calls.ts';

/** How much work there is. */
export type QueueState = {
  /** Since when the oldest job that may start waits for it, in seconds; null when none does. */
  readonly oldestWaitingSeconds: number | null;
  /** Without the kinds of which there is none. */
  readonly jobs: readonly JobCounts[];
};

/** Jobs of one kind; those whose tries are used up have a kind of their own, which ends in `.dead`. */
export type JobCounts = {
  readonly name: string;
  /** May start now. */
  readonly waiting: number;
  /** Are to start later. */
  readonly delayed: number;
  readonly active: number;
  /** Are kept for a while after they have ended that way. */
  readonly failed: number;
};

/** How this process and what it works with are doing. */
export type Health = {
  /** Asks the queue itself. @throws when it does not answer. */
  readQueue(): Promise<QueueState>;
  /** What this process has seen of a provider. */
  readProvider(provider: Provider): ProviderRecord;
};

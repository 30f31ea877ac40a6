import type { Plans as CommonPlans, RequestPlan as CommonPlan } from '../plan.ts';

/**
 * One call to the subscriber. Only `well` is fal's own delivery, repeated until it is taken; the others are
 * sent beside it: `forged` by another key, `stale` signed 10 minutes ago, `altered` after it was signed,
 * `elsewhere` to the address of another job.
 */
export type PlannedCallback = {
  readonly how: 'well' | 'forged' | 'stale' | 'altered' | 'elsewhere';
  /** After the end of the job. */
  readonly delayMs: number;
};

/** What becomes of one request; whatever is left out goes well. */
export type RequestPlan = CommonPlan & {
  /** Instead of the one callback; none of them: it is lost. */
  readonly callbacks?: readonly PlannedCallback[] | undefined;
};

/** A request before it is decided upon. */
type AskedRequest = {
  readonly endpoint: string;
  readonly webhookUrl: string | null;
};

/** Decides upon each request when it arrives. */
export type Planner = (request: AskedRequest) => Promise<RequestPlan> | RequestPlan;

/** The plans of accepted requests, with what they have used up. */
export type Plans = CommonPlans<RequestPlan>;

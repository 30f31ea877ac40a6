import type { Misbehaviour } from './misbehaviour.ts';

/** One thing that goes wrong, where and when the plan says so. */
export type PlannedFault = Pick<Misbehaviour, 'how' | 'delayMs'>;

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
export type RequestPlan = {
  readonly submit?: PlannedFault | undefined;
  readonly generationMs?: number | undefined;
  /** `runner_error` may pass on another try, `final_error` does not. */
  readonly outcome?: 'refused' | 'runner_error' | 'final_error' | undefined;
  /** Instead of the one callback; none of them: it is lost. */
  readonly callbacks?: readonly PlannedCallback[] | undefined;
  /** For one fetch of the clip after the other; null: it goes well. */
  readonly downloads?: readonly (PlannedFault | null)[] | undefined;
  /** The same for looks at the status. */
  readonly looks?: readonly (PlannedFault | null)[] | undefined;
  /** A running job only gets a signal, which its model may not heed. */
  readonly ignoresCancel?: boolean | undefined;
};

/** A request before it is decided upon. */
export type AskedRequest = {
  readonly endpoint: string;
  readonly webhookUrl: string | null;
};

/** Decides upon each request when it arrives. */
export type Planner = (request: AskedRequest) => Promise<RequestPlan> | RequestPlan;

/** The plans of accepted requests, with what they have used up. */
export type Plans = {
  keep(requestId: string, plan: RequestPlan): void;
  of(requestId: string): RequestPlan;
  /** The next planned fault of this place. */
  take(requestId: string, place: 'downloads' | 'looks'): PlannedFault | null;
  clear(): void;
};

export function createPlans(): Plans {
  const plans = new Map<string, RequestPlan>();
  const used = new Map<string, number>();
  return {
    keep: (requestId, plan) => void plans.set(requestId, plan),
    of: (requestId) => plans.get(requestId) ?? {},
    take(requestId, place) {
      const key = `${place} ${requestId}`;
      const count = used.get(key) ?? 0;
      used.set(key, count + 1);
      return plans.get(requestId)?.[place]?.[count] ?? null;
    },
    clear() {
      plans.clear();
      used.clear();
    },
  };
}

import type { Spoil } from './spoil.ts';

/** What becomes of one request for a clip; whatever is left out goes well. */
export type RequestPlan = {
  readonly submit?: Spoil | undefined;
  readonly generationMs?: number | undefined;
  /** `runner_error` may pass on another try, `final_error` does not. */
  readonly outcome?: 'refused' | 'runner_error' | 'final_error' | undefined;
  /** For one fetch of the clip after the other; null: it goes well. */
  readonly downloads?: readonly (Spoil | null)[] | undefined;
  /** The same for looks at how it stands. */
  readonly looks?: readonly (Spoil | null)[] | undefined;
  /** A stop is taken in, and what runs goes on all the same. */
  readonly ignoresCancel?: boolean | undefined;
};

/** The plans of accepted requests, with what they have used up. */
export type Plans<P extends RequestPlan> = {
  keep(requestId: string, plan: P): void;
  of(requestId: string): P | null;
  /** The next planned fault of this place. */
  take(requestId: string, place: 'downloads' | 'looks'): Spoil | null;
  clear(): void;
};

export function createPlans<P extends RequestPlan>(): Plans<P> {
  const plans = new Map<string, P>();
  const used = new Map<string, number>();
  return {
    keep: (requestId, plan) => void plans.set(requestId, plan),
    of: (requestId) => plans.get(requestId) ?? null,
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

import type { StripeHouse } from './house.ts';
import type { Misbehaviours } from './misbehaviour.ts';
import type { DeliveryRecord } from './delivery-records.ts';
import { deliveryName } from './state.ts';
import { createTries, type Attempt } from './webhook-tries.ts';

export type Webhooks = {
  /** Sends what is due. */
  pump(): void;
  /** When the next try is due, in milliseconds since 1970; null: nothing waits for the clock. What is due already is sent by `pump`. */
  nextAt(): number | null;
  /** Keeps everything back until `release`. */
  hold(): void;
  /** Lets go of what was kept back, in an order drawn from `shuffle` where it is given. */
  release(options?: { readonly shuffle?: number }): void;
  /** Sends an event once more, as the dashboard's button does. */
  resend(event: string): void;
  /** Every try, in order. */
  readonly attempts: readonly Attempt[];
  /** Resolves when all that is due was answered. */
  flush(): Promise<void>;
  close(): void;
};

/** @param parallel how many tries are under way at once. */
export function createWebhooks(
  house: StripeHouse,
  misbehaviours: Misbehaviours,
  parallel: number,
): Webhooks {
  const sending = new Map<DeliveryRecord, Promise<void>>();
  const stop = new AbortController();
  const { deliver, attempts } = createTries(house, misbehaviours, stop.signal);
  const ranks = new WeakMap<DeliveryRecord, number>();
  let isHeld = false;

  const isDue = (one: DeliveryRecord) =>
    one.nextAt !== null && !sending.has(one) && one.nextAt <= house.clock.now().getTime();

  const pump = () => {
    if (isHeld || stop.signal.aborted) return;
    const due = [...house.state.deliveries.values()]
      .filter(isDue)
      .toSorted((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0));
    for (const delivery of due.slice(0, Math.max(0, parallel - sending.size))) {
      const work = deliver(delivery).finally(() => {
        sending.delete(delivery);
        house.commit();
      });
      sending.set(delivery, work);
    }
  };

  return {
    pump,
    nextAt() {
      const now = house.clock.now().getTime();
      const waiting = [...house.state.deliveries.values()].filter((one) => !sending.has(one));
      const times = waiting.flatMap(({ nextAt }) =>
        nextAt === null || nextAt <= now ? [] : [nextAt],
      );
      return times.length === 0 ? null : times.reduce((a, b) => Math.min(a, b));
    },
    hold() {
      isHeld = true;
    },
    release({ shuffle } = {}) {
      isHeld = false;
      const due = [...house.state.deliveries.values()].filter(isDue);
      if (shuffle !== undefined) {
        for (const [rank, delivery] of shuffled(due, shuffle).entries()) ranks.set(delivery, rank);
      }
      pump();
    },
    resend(event) {
      for (const endpoint of house.state.endpoints.keys()) {
        const delivery = house.state.deliveries.get(deliveryName(event, endpoint));
        if (!delivery) continue;
        delivery.nextAt = house.clock.now().getTime();
        delivery.firstAt = house.now();
        delivery.outcome = 'pending';
      }
      house.commit();
    },
    attempts,
    async flush() {
      while (sending.size > 0) await Promise.allSettled(sending.values());
    },
    close: () => stop.abort(),
  };
}

/** Fisher and Yates with a small congruential generator. */
function shuffled<T>(things: readonly T[], seed: number): T[] {
  const rest = [...things];
  const drawn: T[] = [];
  let state = seed >>> 0;
  while (rest.length > 0) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    drawn.push(...rest.splice(Math.floor((state / 2 ** 32) * rest.length), 1));
  }
  return drawn;
}

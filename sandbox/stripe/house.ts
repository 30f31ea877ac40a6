import type { SandboxClock } from '../clock.ts';
import type { StripeState } from './state.ts';

/** The request that a change comes from; both null where it comes from the clock or from a page. */
export type Cause = { readonly id: string | null; readonly key: string | null };

/** What every part of the emulator works with; the running emulator is one as well. */
export type StripeHouse = {
  readonly clock: SandboxClock;
  readonly state: StripeState;
  /** Address of the API and of the pages, known once it listens. */
  url: string;
  cause: Cause;
  /** The time of the clock in seconds. */
  readonly now: () => number;
  /** Writes the state down, sends what is to be sent, and looks again at what comes next. Call it after every change. */
  commit(): void;
};

export const hour = 3600;
export const day = 24 * hour;

/** Where a person pays an open checkout. */
export const checkoutUrl = (house: Pick<StripeHouse, 'url'>, id: string): string =>
  `${house.url}/c/pay/${id}`;

/** Where a person looks after their subscription. */
export const portalUrl = (house: Pick<StripeHouse, 'url'>, id: string): string =>
  `${house.url}/p/session/${id}`;

/** Where a person pays or confirms an invoice. */
export const invoiceUrl = (house: Pick<StripeHouse, 'url'>, id: string): string =>
  `${house.url}/i/${id}`;

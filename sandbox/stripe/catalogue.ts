import type { PriceRecord } from './records.ts';
import type { StripeState } from './state.ts';

/** The prices that the account is set up with, and the settings that name them. */
export const priceIds = {
  STRIPE_PRICE_STARTER: 'price_sandbox_starter',
  STRIPE_PRICE_PRO: 'price_sandbox_pro',
  STRIPE_PRICE_TEAM: 'price_sandbox_team',
  STRIPE_PRICE_PACK_SMALL: 'price_sandbox_pack_small',
  STRIPE_PRICE_PACK_LARGE: 'price_sandbox_pack_large',
} as const;

/** A price to set up; amounts in the smallest unit. */
export type PriceWish = Pick<PriceRecord, 'id' | 'name' | 'amount' | 'interval'> & {
  readonly currency?: string;
};

export const usualPrices: readonly PriceWish[] = [
  { id: priceIds.STRIPE_PRICE_STARTER, name: 'Starter', amount: 900, interval: 'month' },
  { id: priceIds.STRIPE_PRICE_PRO, name: 'Pro', amount: 2900, interval: 'month' },
  { id: priceIds.STRIPE_PRICE_TEAM, name: 'Team', amount: 9900, interval: 'month' },
  { id: priceIds.STRIPE_PRICE_PACK_SMALL, name: 'Small pack', amount: 500, interval: null },
  { id: priceIds.STRIPE_PRICE_PACK_LARGE, name: 'Large pack', amount: 2000, interval: null },
];

/** Sets up the prices that are not there yet. */
export function seedPrices(state: StripeState, wishes: readonly PriceWish[], now: number): void {
  for (const { currency = 'usd', ...wish } of wishes) {
    if (state.prices.has(wish.id)) continue;
    const product = wish.id.replace(/^price_/, 'prod_');
    state.prices.set(wish.id, { ...wish, currency, product, active: true, created: now });
  }
}

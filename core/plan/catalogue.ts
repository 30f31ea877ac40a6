import type { Config } from '../config.ts';

type PriceSetting =
  | 'STRIPE_PRICE_STARTER'
  | 'STRIPE_PRICE_PRO'
  | 'STRIPE_PRICE_TEAM'
  | 'STRIPE_PRICE_PACK_SMALL'
  | 'STRIPE_PRICE_PACK_LARGE';

export const planIds = ['starter', 'pro', 'team'] as const;
export const packIds = ['pack_small', 'pack_large'] as const;
export type PlanId = (typeof planIds)[number];
export type PackId = (typeof packIds)[number];

/** Something that can be paid for. What it costs is asked of the payment service. */
export type Product = {
  readonly id: PlanId | PackId;
  readonly kind: 'plan' | 'pack';
  /** Of the month for a plan, for ever for a pack. */
  readonly units: number;
  readonly setting: PriceSetting;
};

/** What everybody has each month without paying. */
export const freePlan = { id: 'free', units: 100 } as const;

const unitsOf: Record<PlanId | PackId, number> = {
  starter: 300,
  pro: 1200,
  team: 5000,
  pack_small: 100,
  pack_large: 500,
};

/** From the smallest to the largest. */
export const products: readonly Product[] = [
  ...planIds.map((id) => ({
    id,
    kind: 'plan' as const,
    units: unitsOf[id],
    setting: planPrice(id),
  })),
  ...packIds.map((id) => ({
    id,
    kind: 'pack' as const,
    units: unitsOf[id],
    setting: packPrice(id),
  })),
];

function planPrice(id: PlanId): PriceSetting {
  const settings = {
    starter: 'STRIPE_PRICE_STARTER',
    pro: 'STRIPE_PRICE_PRO',
    team: 'STRIPE_PRICE_TEAM',
  } as const;
  return settings[id];
}

function packPrice(id: PackId): PriceSetting {
  return id === 'pack_small' ? 'STRIPE_PRICE_PACK_SMALL' : 'STRIPE_PRICE_PACK_LARGE';
}

/** The product of an id; undefined for what is none. */
export const productOf = (id: string): Product | undefined =>
  products.find((product) => product.id === id);

/** The product that a price stands for; undefined for a price that is none of ours. */
export const productOfPrice = (config: Config, priceId: string): Product | undefined =>
  products.find(({ setting }) => config[setting] === priceId);

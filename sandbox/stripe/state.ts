import { randomBytes } from 'node:crypto';

import { z } from 'zod';

import { readIfThere, writeWhole } from '../files.ts';
import {
  deliverySchema,
  endpointSchema,
  eventSchema,
  storedAnswerSchema,
  type DeliveryRecord,
  type EndpointRecord,
  type EventRecord,
  type StoredAnswer,
} from './delivery-records.ts';
import {
  chargeSchema,
  checkoutSchema,
  customerSchema,
  disputeSchema,
  intentSchema,
  invoiceSchema,
  methodSchema,
  portalSchema,
  priceSchema,
  refundSchema,
  subscriptionSchema,
  type ChargeRecord,
  type CheckoutRecord,
  type CustomerRecord,
  type DisputeRecord,
  type IntentRecord,
  type InvoiceRecord,
  type MethodRecord,
  type PortalRecord,
  type PriceRecord,
  type RefundRecord,
  type SubscriptionRecord,
} from './records.ts';

const stateSchema = z.object({
  version: z.literal(1),
  /** What ids are drawn from, and how many there were. */
  salt: z.string(),
  made: z.int(),
  prices: z.array(priceSchema),
  customers: z.array(customerSchema),
  methods: z.array(methodSchema),
  checkouts: z.array(checkoutSchema),
  subscriptions: z.array(subscriptionSchema),
  invoices: z.array(invoiceSchema),
  intents: z.array(intentSchema),
  charges: z.array(chargeSchema),
  refunds: z.array(refundSchema),
  disputes: z.array(disputeSchema),
  portals: z.array(portalSchema),
  events: z.array(eventSchema),
  endpoints: z.array(endpointSchema),
  deliveries: z.array(deliverySchema),
  answers: z.array(storedAnswerSchema),
});
type Stored = z.infer<typeof stateSchema>;

/** What Stripe would remember, oldest first. The records are changed in place. */
export type StripeState = {
  readonly salt: string;
  made: number;
  readonly prices: Map<string, PriceRecord>;
  readonly customers: Map<string, CustomerRecord>;
  readonly methods: Map<string, MethodRecord>;
  readonly checkouts: Map<string, CheckoutRecord>;
  readonly subscriptions: Map<string, SubscriptionRecord>;
  readonly invoices: Map<string, InvoiceRecord>;
  readonly intents: Map<string, IntentRecord>;
  readonly charges: Map<string, ChargeRecord>;
  readonly refunds: Map<string, RefundRecord>;
  readonly disputes: Map<string, DisputeRecord>;
  readonly portals: Map<string, PortalRecord>;
  readonly events: Map<string, EventRecord>;
  readonly endpoints: Map<string, EndpointRecord>;
  /** By `deliveryName`. */
  readonly deliveries: Map<string, DeliveryRecord>;
  /** Answers kept for idempotency, by their keys. */
  readonly answers: Map<string, StoredAnswer>;
  /** Writes the state down; call it after every change. */
  save(): void;
};

/** Finished deliveries beyond this many are forgotten, oldest first. */
const keptDeliveries = 2000;

/** The name that a delivery is kept under. */
export const deliveryName = (event: string, endpoint: string): string => `${event} ${endpoint}`;

/** Reads the state file, or starts afresh; without a file everything stays in memory. */
export function openState(stateFile?: string, seed?: number): StripeState {
  const stored = readStored(stateFile) ?? nothingStored(seed);
  const state: StripeState = {
    salt: stored.salt,
    made: stored.made,
    prices: byId(stored.prices),
    customers: byId(stored.customers),
    methods: byId(stored.methods),
    checkouts: byId(stored.checkouts),
    subscriptions: byId(stored.subscriptions),
    invoices: byId(stored.invoices),
    intents: byId(stored.intents),
    charges: byId(stored.charges),
    refunds: byId(stored.refunds),
    disputes: byId(stored.disputes),
    portals: byId(stored.portals),
    events: byId(stored.events),
    endpoints: byId(stored.endpoints),
    deliveries: new Map(
      stored.deliveries.map((one) => [deliveryName(one.event, one.endpoint), one]),
    ),
    answers: new Map(stored.answers.map((answer) => [answer.key, answer])),
    save() {
      forgetDeliveries(state.deliveries);
      if (stateFile !== undefined) writeWhole(stateFile, JSON.stringify(asStored(state)));
    },
  };
  return state;
}

function readStored(stateFile: string | undefined): Stored | null {
  const text = stateFile === undefined ? null : readIfThere(stateFile);
  return text && stateSchema.parse(JSON.parse(text.toString('utf8')));
}

function nothingStored(seed: number | undefined): Stored {
  return {
    version: 1,
    salt: seed === undefined ? randomBytes(16).toString('hex') : `seed ${seed}`,
    made: 0,
    prices: [],
    customers: [],
    methods: [],
    checkouts: [],
    subscriptions: [],
    invoices: [],
    intents: [],
    charges: [],
    refunds: [],
    disputes: [],
    portals: [],
    events: [],
    endpoints: [],
    deliveries: [],
    answers: [],
  };
}

function byId<R extends { readonly id: string }>(records: readonly R[]): Map<string, R> {
  return new Map(records.map((record) => [record.id, record]));
}

function asStored(state: StripeState): Stored {
  return {
    version: 1,
    salt: state.salt,
    made: state.made,
    prices: [...state.prices.values()],
    customers: [...state.customers.values()],
    methods: [...state.methods.values()],
    checkouts: [...state.checkouts.values()],
    subscriptions: [...state.subscriptions.values()],
    invoices: [...state.invoices.values()],
    intents: [...state.intents.values()],
    charges: [...state.charges.values()],
    refunds: [...state.refunds.values()],
    disputes: [...state.disputes.values()],
    portals: [...state.portals.values()],
    events: [...state.events.values()],
    endpoints: [...state.endpoints.values()],
    deliveries: [...state.deliveries.values()],
    answers: [...state.answers.values()],
  };
}

function forgetDeliveries(deliveries: StripeState['deliveries']): void {
  if (deliveries.size <= keptDeliveries) return;
  let over = deliveries.size - keptDeliveries;
  for (const [name, { nextAt }] of deliveries) {
    if (over === 0) return;
    if (nextAt !== null) continue;
    deliveries.delete(name);
    over -= 1;
  }
}

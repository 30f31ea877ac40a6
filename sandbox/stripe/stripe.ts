import type { SandboxClock } from '../clock.ts';
import { serveRoutes, type Emulator } from '../http.ts';
import type { OnWait } from '../spoil.ts';
import { createAgenda } from './agenda.ts';
import { seedPrices, usualPrices, type PriceWish } from './catalogue.ts';
import { guarded, type Gate, type SeenRequest } from './gate.ts';
import type { StripeHouse } from './house.ts';
import { createIdempotency } from './idempotency.ts';
import { createMisbehaviours, type Misbehaviour } from './misbehaviour.ts';
import { pageRoutes } from './page-routes.ts';
import { accountRoutes } from './routes-account.ts';
import { checkoutRoutes } from './routes-checkout.ts';
import { customerRoutes } from './routes-customers.ts';
import { invoiceRoutes } from './routes-invoices.ts';
import { paymentRoutes } from './routes-payments.ts';
import { subscriptionRoutes } from './routes-subscriptions.ts';
import { openState } from './state.ts';
import type { Attempt } from './webhook-tries.ts';
import { createWebhooks, type Webhooks } from './webhooks.ts';

export type StripeOptions = {
  /** 0 or absent: a free port. */
  readonly port?: number;
  readonly clock: SandboxClock;
  /** What must follow `Bearer ` in the Authorization header. */
  readonly secretKey: string;
  /** What deliveries to `webhook.setUrl` are signed with. */
  readonly webhookSecret: string;
  /** JSON file that survives restarts. */
  readonly stateFile?: string;
  /** What is for sale; absent: three plans and two packs. */
  readonly prices?: readonly PriceWish[];
  /** Makes ids repeatable. */
  readonly seed?: number;
  /** Deliveries under way at once; with one they come in order, unless something goes wrong. */
  readonly parallelDeliveries?: number;
  readonly onWait?: OnWait;
};

/** A running stand-in; `acts.ts` is what people do with it. */
export type StripeEmulator = Emulator &
  StripeHouse & {
    readonly webhook: Pick<Webhooks, 'hold' | 'release' | 'resend' | 'flush'> & {
      /** Where events go from now on, and those that still wait. */
      setUrl(url: string): void;
      /** Every try to deliver, in order. */
      readonly attempts: readonly Attempt[];
    };
    /** Every request, in order, since this process started. */
    readonly requests: readonly SeenRequest[];
    misbehave(misbehaviour: Misbehaviour): void;
    /** Forgets what is armed. */
    behave(): void;
  };

/** The endpoint that `webhook.setUrl` sets up. */
const ownEndpoint = 'we_sandbox';

/**
 * Starts a stand-in for Stripe on loopback: the API of version 2026-10-28.endive under `/v1`, the
 * pages that people see, what happens by itself on the clock, and signed webhooks.
 */
export async function startStripe(options: StripeOptions): Promise<StripeEmulator> {
  const { clock } = options;
  const state = openState(options.stateFile, options.seed);
  const now = () => Math.floor(clock.now().getTime() / 1000);
  seedPrices(state, options.prices ?? usualPrices, now());
  const house: StripeHouse = {
    clock,
    state,
    url: '',
    cause: { id: null, key: null },
    now,
    commit() {
      state.save();
      webhooks.pump();
      agenda.plan();
    },
  };
  const misbehaviours = createMisbehaviours(clock, options.onWait);
  const webhooks = createWebhooks(house, misbehaviours, options.parallelDeliveries ?? 1);
  const agenda = createAgenda(house, () => webhooks.nextAt());
  const gate: Gate = {
    house,
    secretKey: options.secretKey,
    idempotency: createIdempotency(house),
    misbehaviours,
    seen: [],
  };
  const api = allRoutes.map((route) => guarded(gate, route));
  const server = await serveRoutes([...api, ...pageRoutes(house)], unknownUrl, options.port);
  house.url = server.url;
  agenda.plan();
  return Object.assign(house, {
    webhook: {
      setUrl(url: string) {
        setEndpoint(house, url, options.webhookSecret);
        house.commit();
      },
      hold: () => webhooks.hold(),
      release: (order?: { readonly shuffle?: number }) => webhooks.release(order),
      resend: (event: string) => webhooks.resend(event),
      flush: () => webhooks.flush(),
      attempts: webhooks.attempts,
    },
    requests: gate.seen,
    misbehave: (misbehaviour: Misbehaviour) => misbehaviours.arm(misbehaviour),
    behave: () => misbehaviours.clear(),
    async close() {
      agenda.close();
      webhooks.close();
      await server.close();
      await webhooks.flush();
    },
  });
}

const allRoutes = [
  ...customerRoutes,
  ...checkoutRoutes,
  ...subscriptionRoutes,
  ...invoiceRoutes,
  ...paymentRoutes,
  ...accountRoutes,
];

const unknownUrl = {
  status: 404,
  body: {
    error: {
      message: 'Unrecognized request URL. Please see https://stripe.com/docs.',
      type: 'invalid_request_error',
    },
  },
};

function setEndpoint({ state, now }: StripeHouse, url: string, secret: string): void {
  const known = state.endpoints.get(ownEndpoint);
  state.endpoints.set(ownEndpoint, {
    id: ownEndpoint,
    enabledEvents: ['*'],
    description: null,
    metadata: {},
    created: known?.created ?? now(),
    url,
    secret,
  });
}

import { z } from 'zod';

import { localeForm } from './checkout-form.ts';
import { find, invalidRequest, noSuch } from './errors.ts';
import { apiVersion, wireEvent } from './events.ts';
import type { ApiRoute } from './gate.ts';
import type { StripeHouse } from './house.ts';
import { newId } from './ids.ts';
import { isWithin, page } from './lists.ts';
import { createdForm, metadataForm, paging, readParams, text, url, whole } from './params.ts';
import { type EndpointRecord } from './delivery-records.ts';
import { portalFlows, type PortalRecord } from './records.ts';
import type { Shape, WireObject } from './shape.ts';
import { wirePortal } from './wire-checkout.ts';
import type Stripe from 'stripe';

const subscriptionFlow = z.strictObject({ subscription: text });
const portalForm = z.strictObject({
  customer: text,
  return_url: url.optional(),
  locale: localeForm.optional(),
  configuration: text.optional(),
  flow_data: z
    .strictObject({
      type: z.enum(portalFlows),
      subscription_cancel: subscriptionFlow.optional(),
      subscription_update: subscriptionFlow.optional(),
      subscription_update_confirm: subscriptionFlow
        .extend({
          items: z.array(
            z.strictObject({ id: text, price: text.optional(), quantity: whole.optional() }),
          ),
        })
        .optional(),
    })
    .optional(),
});
type Flow = NonNullable<z.infer<typeof portalForm>['flow_data']>;

const eventsForm = z.strictObject({
  ...paging,
  type: text.optional(),
  types: z.array(text).max(20).optional(),
  created: createdForm.optional(),
});

const endpointForm = z.strictObject({
  url,
  enabled_events: z.array(text).min(1),
  api_version: text.optional(),
  description: text.optional(),
  metadata: metadataForm.optional(),
});
const none = z.strictObject({});

/** The portal, events, and where they are delivered. */
export const accountRoutes: readonly ApiRoute[] = [
  {
    method: 'POST',
    path: /\/v1\/billing_portal\/sessions/,
    run({ house, input }) {
      const wish = readParams(portalForm, input);
      const customer = house.state.customers.get(wish.customer);
      if (!customer) throw noSuch('customer', wish.customer, 'customer');
      const portal: PortalRecord = {
        id: newId(house.state, 'bps'),
        customer: customer.id,
        returnUrl: wish.return_url ?? null,
        locale: wish.locale ?? null,
        flow: wish.flow_data ? flowOf(house, customer.id, wish.flow_data) : null,
        created: house.now(),
      };
      house.state.portals.set(portal.id, portal);
      return wirePortal(house, portal);
    },
  },
  {
    method: 'GET',
    path: /\/v1\/events/,
    run({ house, input }) {
      const { type, types, created, ...rest } = readParams(eventsForm, input);
      if (type !== undefined && types) {
        throw invalidRequest('You may only specify one of these parameters: type, types.');
      }
      const wanted = type === undefined ? types : [type];
      const found = [...house.state.events.values()].filter(
        (one) =>
          (!wanted || wanted.some((kind) => matches(kind, one.type))) &&
          isWithin(one.created, created),
      );
      return page(found, rest, {
        url: '/v1/events',
        what: 'event',
        render: (one) => wireEvent(house, one),
      });
    },
  },
  {
    method: 'GET',
    path: /\/v1\/events\/(?<id>[^/]+)/,
    run({ house, id, input }) {
      readParams(none, input);
      return wireEvent(house, find(house.state.events, 'event', id));
    },
  },
  {
    method: 'POST',
    path: /\/v1\/webhook_endpoints/,
    run({ house, input }) {
      const wish = readParams(endpointForm, input);
      if (wish.api_version !== undefined && wish.api_version !== apiVersion) {
        throw invalidRequest(`Invalid API version: ${wish.api_version}`, { param: 'api_version' });
      }
      const endpoint: EndpointRecord = {
        id: newId(house.state, 'we'),
        url: wish.url,
        secret: newId(house.state, 'whsec', 32),
        enabledEvents: wish.enabled_events,
        description: wish.description ?? null,
        metadata: wish.metadata ?? {},
        created: house.now(),
      };
      house.state.endpoints.set(endpoint.id, endpoint);
      return { ...wireEndpoint(endpoint), secret: endpoint.secret };
    },
  },
  {
    method: 'GET',
    path: /\/v1\/webhook_endpoints/,
    run({ house, input }) {
      const rest = readParams(z.strictObject(paging), input);
      return page(house.state.endpoints.values(), rest, {
        url: '/v1/webhook_endpoints',
        what: 'webhook_endpoint',
        render: wireEndpoint,
      });
    },
  },
];

/** `charge.*` asks for a family. */
const matches = (wanted: string, type: string): boolean =>
  wanted.endsWith('*') ? type.startsWith(wanted.slice(0, -1)) : wanted === type;

function flowOf(house: StripeHouse, customer: string, flow: Flow): PortalRecord['flow'] {
  const { type } = flow;
  if (type === 'payment_method_update') return { type, subscription: null, price: null };
  const details = flow[type];
  const param = `flow_data[${type}]`;
  if (!details) {
    throw invalidRequest(`Missing required param: ${param}.`, { code: 'parameter_missing', param });
  }
  const subscription = house.state.subscriptions.get(details.subscription);
  if (!subscription || subscription.customer !== customer) {
    throw noSuch('subscription', details.subscription, `${param}[subscription]`);
  }
  if (subscription.status === 'canceled') {
    throw invalidRequest('This subscription cannot be updated because it has been canceled.', {
      param: `${param}[subscription]`,
    });
  }
  const price = flow.subscription_update_confirm?.items[0]?.price ?? null;
  return { type, subscription: subscription.id, price };
}

function wireEndpoint(endpoint: EndpointRecord): WireObject {
  return {
    id: endpoint.id,
    object: 'webhook_endpoint',
    api_version: apiVersion,
    application: null,
    created: endpoint.created,
    description: endpoint.description,
    enabled_events: endpoint.enabledEvents,
    livemode: false,
    metadata: endpoint.metadata,
    status: 'enabled',
    url: endpoint.url,
  } satisfies Shape<Stripe.WebhookEndpoint>;
}

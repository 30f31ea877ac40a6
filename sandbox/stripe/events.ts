import type { StripeHouse } from './house.ts';
import { newId } from './ids.ts';
import type { EventRecord } from './delivery-records.ts';
import type { WireObject } from './shape.ts';
import { deliveryName } from './state.ts';

export const apiVersion = '2026-10-28.endive';

/** Events beyond this many are forgotten, oldest first; Stripe keeps them for 30 days. */
const keptEvents = 20_000;

/** Remembers what happened and owes it to every endpoint that listens to it. */
export function publish(
  house: StripeHouse,
  type: string,
  object: WireObject,
  previous: WireObject | null = null,
): EventRecord {
  const { state, cause } = house;
  const event: EventRecord = {
    id: newId(state, 'evt'),
    type,
    object: structuredClone(object),
    previous,
    request: { id: cause.id, key: cause.key },
    created: house.now(),
  };
  state.events.set(event.id, event);
  for (const endpoint of state.endpoints.values()) {
    if (!endpoint.enabledEvents.some((kind) => kind === '*' || kind === type)) continue;
    state.deliveries.set(deliveryName(event.id, endpoint.id), {
      event: event.id,
      endpoint: endpoint.id,
      attempts: 0,
      firstAt: event.created,
      nextAt: house.clock.now().getTime(),
      outcome: 'pending',
    });
  }
  for (const id of state.events.keys()) {
    if (state.events.size <= keptEvents) break;
    state.events.delete(id);
  }
  return event;
}

/** An event in the form of the API, as it is listed and delivered. */
export function wireEvent({ state }: StripeHouse, event: EventRecord): WireObject {
  let pending = 0;
  for (const endpoint of state.endpoints.keys()) {
    if (state.deliveries.get(deliveryName(event.id, endpoint))?.outcome === 'pending') pending += 1;
  }
  return {
    id: event.id,
    object: 'event',
    api_version: apiVersion,
    created: event.created,
    data: {
      object: event.object,
      ...(event.previous ? { previous_attributes: event.previous } : {}),
    },
    livemode: false,
    pending_webhooks: pending,
    request: { id: event.request.id, idempotency_key: event.request.key },
    type: event.type,
  };
}

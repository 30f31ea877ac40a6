import { apiVersion, wireEvent } from './events.ts';
import { day, type StripeHouse } from './house.ts';
import type { Misbehaviours, WebhookFault } from './misbehaviour.ts';
import type { DeliveryRecord, EndpointRecord, EventRecord } from './delivery-records.ts';
import { signatureHeader } from './signatures.ts';

/** Stripe takes no answer for a failure after about this long; network time is real time. */
const answerLimitMs = 20_000;
/** Growing waits; the last one is repeated until three days are over. */
const retryMinutes = [5, 30, 120, 300, 600, 720] as const;
const keepsTryingFor = 3 * day;

/** One try to tell an endpoint; `status` is null when nothing answered. */
export type Attempt = {
  readonly event: string;
  readonly type: string;
  readonly attempt: number;
  readonly status: number | null;
  /** `well`, or how it went wrong. */
  readonly how: 'well' | WebhookFault;
};

type Tries = {
  /** Tries once to tell the endpoint, and writes down on the delivery what comes next. */
  readonly deliver: (delivery: DeliveryRecord) => Promise<void>;
  /** Every try, in order. */
  readonly attempts: readonly Attempt[];
};

/** Sends deliveries over the network, well or as `misbehaviours` say, until `stop`. */
export function createTries(
  house: StripeHouse,
  misbehaviours: Misbehaviours,
  stop: AbortSignal,
): Tries {
  const attempts: Attempt[] = [];

  const deliver = async (delivery: DeliveryRecord): Promise<void> => {
    const event = house.state.events.get(delivery.event);
    const endpoint = house.state.endpoints.get(delivery.endpoint);
    if (!event || !endpoint) {
      settle(delivery, true);
      return;
    }
    const fault = misbehaviours.takeDelivery(event.type);
    const how = fault?.how ?? 'well';
    if (how === 'lost') {
      delivery.nextAt = null;
      delivery.outcome = 'dropped';
      return;
    }
    if (how === 'late') {
      delivery.nextAt = house.clock.now().getTime() + (fault?.delayMs ?? 1000);
      return;
    }
    const skewMs = fault?.delayMs ?? 600_000;
    if (how === 'duplicate') await send(delivery, event, endpoint, { how, skewMs });
    const status = await send(delivery, event, endpoint, { how, skewMs });
    if (!stop.aborted) settle(delivery, status !== null && status >= 200 && status < 300);
  };

  const send = async (
    delivery: DeliveryRecord,
    event: EventRecord,
    endpoint: EndpointRecord,
    way: Way,
  ): Promise<number | null> => {
    const request = requestOf(house, event, endpoint, way);
    const status = await post(endpoint.url, request, stop);
    const attempt = delivery.attempts + 1;
    attempts.push({ event: event.id, type: event.type, attempt, status, how: way.how });
    return status;
  };

  const settle = (delivery: DeliveryRecord, taken: boolean) => {
    delivery.attempts += 1;
    const minutes = retryMinutes[delivery.attempts - 1] ?? retryMinutes.at(-1) ?? 0;
    const nextAt = house.clock.now().getTime() + minutes * 60_000;
    const isTooLate = nextAt / 1000 > delivery.firstAt + keepsTryingFor;
    delivery.nextAt = taken || isTooLate ? null : nextAt;
    delivery.outcome = taken ? 'taken' : isTooLate ? 'given_up' : 'pending';
  };

  return { deliver, attempts };
}

type Way = { readonly how: Attempt['how']; readonly skewMs: number };
type Request = { readonly body: string; readonly headers: Record<string, string> };

function requestOf(
  house: StripeHouse,
  event: EventRecord,
  endpoint: EndpointRecord,
  { how, skewMs }: Way,
): Request {
  const body = JSON.stringify(wireEvent(house, event), null, 2);
  const skew = Math.round(skewMs / 1000);
  const at = house.now() + (how === 'future' ? skew : how === 'stale' ? -skew : 0);
  const stranger = `${endpoint.secret}_of_somebody_else`;
  const secrets =
    how === 'forged'
      ? [stranger]
      : how === 'rotating'
        ? [stranger, endpoint.secret]
        : [endpoint.secret];
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
    'cache-control': 'no-cache',
    ...(how === 'unsigned' ? {} : { 'stripe-signature': signatureHeader(secrets, at, body) }),
  };
  const sent = how === 'altered' ? body.replace(`"${apiVersion}"`, ` "${apiVersion}"`) : body;
  return { body: sent, headers };
}

async function post(url: string, request: Request, stop: AbortSignal): Promise<number | null> {
  try {
    const signal = AbortSignal.any([AbortSignal.timeout(answerLimitMs), stop]);
    const response = await fetch(url, { method: 'POST', ...request, redirect: 'manual', signal });
    await response.body?.cancel();
    return response.status;
  } catch {
    return null;
  }
}

import type { Failure, IntentRecord } from './records.ts';
import type { WireObject } from './shape.ts';
import { wireFailure } from './wire-payment.ts';

/** A refusal in the form of the API. */
export class ApiError extends Error {
  readonly status: number;
  readonly body: WireObject;
  /** Whether the request had begun to take effect, so that its answer is kept for the idempotency key. */
  readonly hasRun: boolean;

  constructor(status: number, error: WireObject & { readonly message: string }, hasRun = false) {
    super(error.message);
    this.status = status;
    this.body = { error };
    this.hasRun = hasRun;
  }
}

/** A request that makes no sense; `param` in bracket notation. */
export function invalidRequest(
  message: string,
  { code, param, status = 400 }: { code?: string; param?: string; status?: number } = {},
): ApiError {
  const doc_url = `https://stripe.com/docs/error-codes/${(code ?? '').replaceAll('_', '-')}`;
  return new ApiError(status, {
    ...(code === undefined ? {} : { code, doc_url }),
    message,
    ...(param === undefined ? {} : { param }),
    type: 'invalid_request_error',
  });
}

/** `what` in Stripe's words: customer, price, checkout.session. 404 for the thing of the address, 400 for a parameter. */
export function noSuch(what: string, id: string, param = 'id'): ApiError {
  const status = param === 'id' || param === 'intent' ? 404 : 400;
  return invalidRequest(`No such ${what}: '${id}'`, { code: 'resource_missing', param, status });
}

/** The bank said no. */
export function cardError(failure: Failure, intent?: IntentRecord): ApiError {
  const error = { ...wireFailure(failure), message: failure.message };
  return new ApiError(402, intent ? { ...error, payment_intent: { id: intent.id } } : error, true);
}

/** The record of this id. @throws ApiError when there is none. */
export function find<R>(records: Map<string, R>, what: string, id: string, param = 'id'): R {
  const record = records.get(id);
  if (!record) throw noSuch(what, id, param);
  return record;
}

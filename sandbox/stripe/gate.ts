import type { EmulatorAnswer, EmulatorRequest, Route } from '../http.ts';
import { ApiError, invalidRequest } from './errors.ts';
import { apiVersion } from './events.ts';
import { expandAll } from './expand.ts';
import { readForm, type FormTree } from './forms.ts';
import type { StripeHouse } from './house.ts';
import type { Idempotency } from './idempotency.ts';
import { newId } from './ids.ts';
import type { Misbehaviours } from './misbehaviour.ts';
import type { WireObject } from './shape.ts';

/** A request that has been let in. */
export type ApiCall = {
  readonly house: StripeHouse;
  /** The id in the address; empty where there is none. */
  readonly id: string;
  readonly input: FormTree;
};

export type ApiRoute = {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: RegExp;
  /** Answers at once and wholly, or throws ApiError before anything has changed. */
  readonly run: (call: ApiCall) => WireObject;
};

/** One request as the log of the account has it. */
export type SeenRequest = {
  readonly method: string;
  readonly path: string;
  readonly input: FormTree;
  readonly idempotencyKey: string | null;
  readonly status: number;
  /** Whether a kept answer was given. */
  readonly isReplay: boolean;
};

export type Gate = {
  readonly house: StripeHouse;
  readonly secretKey: string;
  readonly idempotency: Idempotency;
  readonly misbehaviours: Misbehaviours;
  readonly seen: SeenRequest[];
};

type Answer = { readonly status: number; readonly body: WireObject; readonly isReplay?: boolean };

/** A route of the API behind its door: key, version, form, idempotency, expansion. */
export function guarded(gate: Gate, { method, path, run }: ApiRoute): Route {
  return { method, path, handle: (request) => enter(gate, request, run) };
}

async function enter(
  gate: Gate,
  request: EmulatorRequest,
  run: ApiRoute['run'],
): Promise<EmulatorAnswer> {
  const { house, misbehaviours, idempotency } = gate;
  const { pathname, href } = request.url;
  const requestId = newId(house.state, 'req', 14);
  const key = request.method === 'POST' ? (request.header('idempotency-key') ?? null) : null;
  const headers = (answer: Answer) => ({
    'request-id': requestId,
    'stripe-version': apiVersion,
    ...(key === null ? {} : { 'idempotency-key': key, 'original-request': requestId }),
    ...(answer.isReplay ? { 'idempotent-replayed': 'true' } : {}),
  });
  const respond = (answer: Answer, input: FormTree): EmulatorAnswer => {
    const { status, isReplay = false } = answer;
    const { method } = request;
    gate.seen.push({ method, path: pathname, input, idempotencyKey: key, status, isReplay });
    return { status, headers: headers(answer), body: answer.body };
  };
  const attempt = async (): Promise<EmulatorAnswer> => {
    checkAccess(gate, request);
    const input = inputOf(request);
    const handle = () =>
      respond(perform(gate, { requestId, key, pathname, input, run }, request), input);
    return misbehaviours.answer(`${request.method} ${pathname}`, href, handle);
  };
  try {
    return await (key === null ? attempt() : idempotency.alone(key, attempt));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return respond({ status: error.status, body: error.body }, {});
  }
}

type Asked = {
  readonly requestId: string;
  readonly key: string | null;
  readonly pathname: string;
  readonly input: FormTree;
  readonly run: ApiRoute['run'];
};

function perform(gate: Gate, asked: Asked, request: EmulatorRequest): Answer {
  const { house, idempotency } = gate;
  const { requestId, key, pathname: path, input } = asked;
  const same = key === null ? null : { key, path, params: JSON.stringify(sorted(input)) };
  const kept = same && idempotency.replay(same);
  if (kept) return { status: kept.status, body: kept.body, isReplay: true };
  house.cause = { id: requestId, key };
  try {
    const answer = execute(house, asked, request.params['id'] ?? '');
    if (same) idempotency.keep(same, { ...answer, requestId });
    return answer;
  } catch (error) {
    if (!(error instanceof ApiError) || !error.hasRun) throw error;
    const answer = { status: error.status, body: error.body };
    if (same) idempotency.keep(same, { ...answer, requestId });
    return answer;
  } finally {
    house.cause = { id: null, key: null };
    if (request.method !== 'GET') house.commit();
  }
}

function execute(house: StripeHouse, { input, run }: Asked, id: string): Answer {
  const { expand = [], ...rest } = input;
  const paths = Array.isArray(expand) ? expand.map(String) : [];
  if (!Array.isArray(expand)) throw invalidRequest('Invalid array', { param: 'expand' });
  const body = run({ house, id, input: rest });
  return { status: 200, body: expandAll(house, body, paths) };
}

function sorted(tree: FormTree): unknown {
  return Object.entries(tree).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** @throws ApiError without the right key, or for a version that this is not. */
function checkAccess({ secretKey }: Gate, request: EmulatorRequest): void {
  const sent = /^Bearer (.+)$/.exec(request.header('authorization') ?? '')?.[1];
  if (sent === undefined) {
    throw invalidRequest(
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
      { status: 401 },
    );
  }
  if (sent !== secretKey) {
    throw invalidRequest(`Invalid API Key provided: ${sent.slice(0, 8)}****`, { status: 401 });
  }
  const version = request.header('stripe-version') ?? apiVersion;
  if (version !== apiVersion) throw invalidRequest(`Invalid Stripe API version: ${version}`);
  const key = request.header('idempotency-key');
  if (key !== undefined && (key === '' || key.length > 255)) {
    throw invalidRequest('Idempotency-Key must be between 1 and 255 characters long.');
  }
}

function inputOf(request: EmulatorRequest): FormTree {
  const type = request.header('content-type') ?? 'application/x-www-form-urlencoded';
  const body = request.method === 'GET' ? '' : request.body.toString('utf8');
  if (body !== '' && !type.startsWith('application/x-www-form-urlencoded')) {
    throw invalidRequest(
      `Invalid request (check that your POST content type is application/x-www-form-urlencoded).`,
    );
  }
  const text = [request.url.search.slice(1), body].filter((part) => part !== '').join('&');
  const form = readForm(text);
  if (!form) throw invalidRequest('Invalid request: brackets do not match.');
  return form;
}

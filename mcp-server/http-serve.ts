import {
  createMcpHandler,
  hostHeaderValidationResponse,
  isJSONRPCRequest,
  isJSONRPCResponse,
  isLegacyRequest,
  isSpecType,
  legacyStatelessFallback,
  originValidationResponse,
  specTypeSchemas,
  type ClientCapabilities,
  type Server,
} from '@modelcontextprotocol/server';

import type { Crypto } from '../core/crypto.ts';
import type { Ids } from '../core/ids.ts';
import { askByMail } from './asker.ts';
import { openAccountBus } from './http-bus.ts';
import { readSession, writeSession, type Session } from './http-session.ts';
import type { Mailbox } from './mailbox.ts';
import { buildServer } from './server.ts';
import type { Service } from './service.ts';

/** A call holds a prompt and some ids; nobody needs more. */
export const maxBodyBytes = 1024 * 1024;

/** Only our own names may be asked for, and only our own pages may ask: browsers can be led elsewhere. */
export const refuseStranger = (request: Request, names: string[]): Response | undefined =>
  hostHeaderValidationResponse(request, names) ?? originValidationResponse(request, names);

/** Stands for a body that is not JSON. */
export const unreadable = Symbol('not JSON');

/** The message or the batch of a request; undefined where it carries none, `unreadable` for anything else. */
export async function readBody(request: Request): Promise<unknown> {
  if (request.method !== 'POST') return undefined;
  const text = await request.clone().text();
  try {
    return JSON.parse(text);
  } catch {
    return unreadable;
  }
}

export const answerUnreadable = (): Response =>
  Response.json(
    { jsonrpc: '2.0', error: { code: -32_700, message: 'The body is not JSON.' }, id: null },
    { status: 400 },
  );

/** What one request is served with, once it is known whose it is. */
export type Serving = {
  readonly service: Service;
  readonly mailbox: Mailbox;
  readonly crypto: Crypto;
  readonly ids: Ids;
  readonly account: string;
};

/** Serves one request of either era, of a client that has been let in already. */
export async function serveMcp(
  request: Request,
  body: unknown,
  serving: Serving,
): Promise<Response> {
  const { service } = serving;
  if (!(await isLegacyRequest(request, body))) {
    const { bus, closeUnused } = await openAccountBus(service, body);
    const handler = createMcpHandler(({ era }) => buildServer(service, { era, notifies: true }), {
      legacy: 'reject',
      bus,
      maxRequestBodySize: maxBodyBytes,
    });
    const response = await handler.fetch(request, { parsedBody: body });
    await closeUnused();
    return unbuffered(response);
  }
  return serveLegacy(request, body, serving);
}

async function serveLegacy(request: Request, body: unknown, serving: Serving): Promise<Response> {
  const { service, mailbox } = serving;
  const session = readSession(serving, request.headers.get('mcp-session-id'));
  const letter = letterIn(body, session);
  if (letter) {
    await mailbox.deliver(letter.id, letter.content);
    return new Response(null, { status: 202 });
  }
  const over = new AbortController();
  const signal = await signalOf(request, body, { session, mailbox, over: over.signal });
  const respond = legacyStatelessFallback(() => {
    const server: Server = buildServer(service, {
      era: 'legacy',
      client: session?.client ?? {},
      asker: askByMail(() => server, mailbox),
      notifies: false,
    });
    Object.assign(server, { onclose: () => over.abort() });
    return server;
  });
  const { url, method, headers } = request;
  const served = new Request(url, { method, headers, signal });
  const response = unbuffered(await respond(served, { parsedBody: body }));
  const declared = declaredIn(body);
  if (declared && response.ok)
    response.headers.set('Mcp-Session-Id', writeSession(serving, declared));
  return response;
}

/** What is meant for a call that may run elsewhere: an answer to its question, or that it is given up. */
function letterIn(
  body: unknown,
  session: Session | null,
): { readonly id: string; readonly content: unknown } | null {
  if (isJSONRPCResponse(body))
    return { id: String(body.id), content: 'result' in body ? body.result : null };
  if (!session || !isSpecType.CancelledNotification(body)) return null;
  return { id: cancelId(session, body.params.requestId), content: true };
}

const cancelId = ({ id }: Session, requestId: unknown): string =>
  `${id}:${JSON.stringify(requestId)}`;

/** Aborts with the connection, and when the client says in a request of its own that it has given up. */
async function signalOf(
  request: Request,
  body: unknown,
  how: { readonly session: Session | null; readonly mailbox: Mailbox; readonly over: AbortSignal },
): Promise<AbortSignal> {
  const { session, mailbox, over } = how;
  if (!session || !isJSONRPCRequest(body) || body.method !== 'tools/call') return request.signal;
  const { answer } = await mailbox.open(over, cancelId(session, body.id));
  const givenUp = new AbortController();
  void answer.then((word) => (word === true ? givenUp.abort() : null)).catch(() => null);
  return AbortSignal.any([request.signal, givenUp.signal]);
}

/** What a client that opens a connection says it can do; null for any other message. */
function declaredIn(body: unknown): ClientCapabilities | null {
  if (!isJSONRPCRequest(body) || body.method !== 'initialize') return null;
  const params = specTypeSchemas.InitializeRequestParams['~standard'].validate(body.params);
  return params.issues ? null : params.value.capabilities;
}

/** A proxy must hand events on as they come. */
function unbuffered(response: Response): Response {
  response.headers.set('X-Accel-Buffering', 'no');
  return response;
}

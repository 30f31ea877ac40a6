import {
  CLIENT_CAPABILITIES_META_KEY,
  isInputRequiredResult,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  Server,
  specTypeSchemas,
  type CallToolResult,
  type ClientCapabilities,
  type InputRequiredResult,
  type ServerCapabilities,
  type ServerContext,
} from '@modelcontextprotocol/server';

import type { Asker } from './asker.ts';
import { hideDefects } from './hide-defects.ts';
import { openOnce } from './open-once.ts';
import type { Call, Service, Watch } from './service.ts';

export type ServerParts = {
  readonly era: 'legacy' | 'modern';
  /** What the client can do, where the connection does not know it by itself. */
  readonly client?: ClientCapabilities;
  readonly asker?: Asker;
  /** Whether this connection can carry notices of resources that have changed. */
  readonly notifies: boolean;
};

/** A call that asks its person more often than this is broken. */
const maxRounds = 4;

/**
 * A server over a service, for one connection or one request, in either era. It remembers nothing
 * but which resources its own connection wants to hear of.
 */
export function buildServer(offered: Service, parts: ServerParts): Server {
  const service = hideDefects(offered);
  const { info, instructions } = service;
  const server = new Server(info, {
    capabilities: capabilitiesOf(service, parts),
    ...(instructions ? { instructions } : {}),
  });
  const callOf = (context: ServerContext): Call => ({
    signal: context.mcpReq.signal,
    client: parts.client ?? declaredIn(context) ?? server.getClientCapabilities() ?? {},
    answers: context.mcpReq.inputResponses ?? null,
    state: context.mcpReq.requestState<string>() ?? null,
    ...progressOf(context),
  });
  server.setRequestHandler('tools/list', (_, context) => service.listTools(callOf(context)));
  server.setRequestHandler('tools/call', ({ params }, context) =>
    askUntilDone(parts.asker, context, callOf(context), (call) => service.callTool(params, call)),
  );
  serveResources(server, service, { callOf, parts });
  servePrompts(server, service, callOf);
  return server;
}

/** A client of 2026 says with every request what it can do. */
function declaredIn({ mcpReq }: ServerContext): ClientCapabilities | undefined {
  const envelope: Readonly<Record<string, unknown>> = { ...mcpReq.envelope };
  const declared = specTypeSchemas.ClientCapabilities['~standard'].validate(
    envelope[CLIENT_CAPABILITIES_META_KEY],
  );
  return declared.issues ? undefined : declared.value;
}

function capabilitiesOf(
  { resources, prompts, complete }: Service,
  { notifies }: ServerParts,
): ServerCapabilities {
  const subscribes = notifies && resources?.watch !== undefined;
  return {
    tools: {},
    ...(resources ? { resources: subscribes ? { subscribe: true } : {} } : {}),
    ...(prompts ? { prompts: {} } : {}),
    ...(complete ? { completions: {} } : {}),
  };
}

/** Tells a client that gave a token how far its call is; each notice is further than the last. */
function progressOf({ mcpReq }: ServerContext): Pick<Call, 'onProgress'> {
  const { _meta: meta } = mcpReq;
  const progressToken = meta?.progressToken;
  if (progressToken === undefined) return {};
  let last = -1;
  return {
    onProgress(progress) {
      if (progress.progress <= last) return;
      last = progress.progress;
      const params = { progressToken, ...progress };
      // Whoever does not listen any more misses nothing that the answer does not hold.
      mcpReq.notify({ method: 'notifications/progress', params }).catch(() => null);
    },
  };
}

/** Without an asker the SDK, or the client itself, brings the answers back. */
async function askUntilDone(
  asker: Asker | undefined,
  context: ServerContext,
  first: Call,
  handle: (call: Call) => Promise<CallToolResult | InputRequiredResult>,
): Promise<CallToolResult | InputRequiredResult> {
  let result = await handle(first);
  if (!asker) return result;
  for (let round = 0; isInputRequiredResult(result); round += 1) {
    if (round === maxRounds) throw new Error('a call asks its person without end');
    const answers = await asker(result.inputRequests ?? {}, context);
    result = await handle({ ...first, answers, state: result.requestState ?? null });
  }
  return result;
}

type Serving = {
  readonly callOf: (context: ServerContext) => Call;
  readonly parts: ServerParts;
};

function serveResources(server: Server, { resources }: Service, { callOf, parts }: Serving): void {
  if (!resources) return;
  if (resources.watch && parts.notifies && parts.era === 'legacy')
    serveSubscriptions(server, resources.watch.bind(resources));
  server.setRequestHandler('resources/list', ({ params }, context) =>
    resources.list(params?.cursor, callOf(context)),
  );
  server.setRequestHandler('resources/templates/list', (_, context) =>
    resources.templates(callOf(context)),
  );
  server.setRequestHandler('resources/read', async ({ params }, context) => {
    const found = await resources.read(params.uri, callOf(context));
    if (!found) throw new ResourceNotFoundError(params.uri);
    return found;
  });
}

/** A client of 2025 names what it wants to hear of; one of 2026 is served by its connection. */
function serveSubscriptions(server: Server, watch: Watch): void {
  const wanted = new Set<string>();
  const watching = openOnce(async () => ({
    close: await watch((uri) => {
      // Whoever has gone needs no notice.
      if (wanted.has(uri)) server.sendResourceUpdated({ uri }).catch(() => null);
    }),
  }));
  Object.assign(server, { onclose: () => void watching.close().catch(() => null) });
  server.setRequestHandler('resources/subscribe', async ({ params }) => {
    await watching.open();
    wanted.add(params.uri);
    return {};
  });
  server.setRequestHandler('resources/unsubscribe', ({ params }) => {
    wanted.delete(params.uri);
    return {};
  });
}

function servePrompts(
  server: Server,
  { prompts, complete }: Service,
  callOf: (context: ServerContext) => Call,
): void {
  if (prompts) {
    server.setRequestHandler('prompts/list', (_, context) => prompts.list(callOf(context)));
    server.setRequestHandler('prompts/get', async ({ params }, context) => {
      const found = await prompts.get(params, callOf(context));
      if (!found)
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown prompt: ${params.name}`);
      return found;
    });
  }
  if (complete)
    server.setRequestHandler('completion/complete', ({ params }, context) =>
      complete(params, callOf(context)),
    );
}

import { contextOfAccount } from '../../core/account/acting.ts';
import { openApp } from '../../core/app.ts';
import { loadSurroundings } from '../../core/config.ts';
import type { Context } from '../../core/context.ts';
import type { AnyOperation } from '../../core/operation.ts';
import { tokenCreate } from '../../core/token/create.ts';
import { createJiloService } from '../../mcp-server/jilo/service.ts';
import type { Service } from '../../mcp-server/service.ts';
import { listTools } from '../../mcp-server/tools.ts';
import { createWebApp } from '../../web-callbacks/app.ts';
import { serveWeb } from '../../web-callbacks/serve.ts';
import { connectByHttp, connectInMemory, type ClientOptions, type McpClient } from './mcp.ts';
import type { World } from './world.ts';

/** Two web apps on one database that share nothing else, as two processes do. */
export type McpWeb = {
  readonly url: string;
  readonly otherUrl: string;
  /** A new access token of the account that a context is for. */
  tokenFor(context: Context, scopes?: string, days?: number): Promise<string>;
  close(): Promise<void>;
};

export async function openMcpWeb(
  world: World,
  operations: readonly AnyOperation[],
): Promise<McpWeb> {
  const { config, clock } = world.app;
  const other = await openApp({
    config,
    path: loadSurroundings().path,
    write: (line) => void world.logs.push(line),
    worker: false,
    publicUrl: () => world.publicUrl,
    clock,
    timers: world.app.timers,
  });
  const options = { operations, instanceId: 'run_mcp' };
  const [first, second] = await Promise.all([
    serveWeb(createWebApp(world.app, options), 0),
    serveWeb(createWebApp(other, options), 0),
  ]);
  return {
    url: first.url,
    otherUrl: second.url,
    async tokenFor(context, scopes = 'read,write,spend,publish', days = 90) {
      const made = await world.must(
        tokenCreate,
        { name: 'Test', scopes, days },
        {
          ...context,
          actor: { ...context.actor, surface: 'terminal' },
        },
      );
      return String(made['token']);
    },
    async close() {
      await Promise.all([first.close(), second.close()]);
      await other.close();
    },
  };
}

/** Sends what answers the server's own questions to the other web app, and all else to the first. */
const answersElsewhere =
  ({ url, otherUrl }: Pick<McpWeb, 'url' | 'otherUrl'>): typeof fetch =>
  (address, init) => {
    const { href } = new URL(address instanceof Request ? address.url : address);
    const isAnswer = typeof init?.body === 'string' && !('method' in Object(JSON.parse(init.body)));
    return fetch(isAnswer ? href.replace(url, otherUrl) : href, init);
  };

/** The service as the standard input server has it. */
export const serviceOf = (operations: readonly AnyOperation[], context: Context): Service =>
  createJiloService(listTools(operations), async () => ({
    operations,
    contextFor: (signal) =>
      contextOfAccount(context, {
        accountId: context.actor.accountId,
        surface: 'mcp',
        signal,
      }),
  }));

export const transports = ['stdio', 'HTTP'] as const;
export type Transport = (typeof transports)[number];

/** Every era over every transport. */
export const everywhere = (['2025', '2026'] as const).flatMap((era) =>
  transports.map((transport) => ({ era, transport })),
);

/** What a test needs to reach the same operations over either transport. */
export type Reach = {
  readonly web: McpWeb;
  readonly operations: readonly AnyOperation[];
};

/** A client of one person over either transport; over HTTP its answers land at the other web app. */
export async function connect(
  { web, operations }: Reach,
  context: Context,
  { transport, ...options }: ClientOptions & { readonly transport: Transport },
): Promise<McpClient> {
  if (transport === 'stdio') return connectInMemory(serviceOf(operations, context), options);
  const token = await web.tokenFor(context);
  return connectByHttp({ ...options, url: web.url, token, fetch: answersElsewhere(web) });
}

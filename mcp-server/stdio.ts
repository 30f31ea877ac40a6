import { Console } from 'node:console';
import { EventEmitter, once } from 'node:events';
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';

import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { JSONRPCMessage, RequestId } from '@modelcontextprotocol/sdk/types.js';

import type { Context, Surface } from '../core/context.ts';
import type { AnyOperation } from '../core/operation.ts';
import { buildMcpServer } from './server.ts';

/** The product as the entry opens it. */
type StdioHost = {
  readonly operations: readonly AnyOperation[];
  contextFor(surface: Surface, signal: AbortSignal): Promise<Context>;
  close(): Promise<void>;
};

/** How long calls in flight are waited for once the client has said its last word. */
const graceMs = 5000;

/**
 * Serves one client over standard input and output until it goes away or this process is told to
 * stop. Whose account it acts for comes from the settings, never from an argument.
 */
export async function serveStdio(host: StdioHost): Promise<void> {
  // Standard output carries frames only, whatever a library wants to print.
  globalThis.console = new Console(process.stderr);
  const never = new AbortController().signal;
  const context = await host.contextFor('mcp', never);
  const server = buildMcpServer(host.operations, (signal) => ({ ...context, signal }));
  const transport = new StdioServerTransport();
  const end = waitForEnd();
  await server.connect(transport);
  const answered = trackCalls(transport);
  if ((await end) === 'input ended') await Promise.race([answered(), setTimeout(graceMs)]);
  await server.close();
}

/** Resolves when the client hangs up, or on the usual signals. */
function waitForEnd(): Promise<'input ended' | 'stopped'> {
  return new Promise((resolve) => {
    process.stdin.once('end', () => resolve('input ended'));
    const stop = () => resolve('stopped');
    process.stdin.once('close', stop);
    process.stdout.once('error', stop);
    process.once('SIGINT', stop).once('SIGTERM', stop);
  });
}

/** @returns what waits until every request that came in has its answer. */
function trackCalls(transport: StdioServerTransport): () => Promise<void> {
  const open = new Set<RequestId>();
  const calls = new EventEmitter();
  const { onmessage } = transport;
  const send = transport.send.bind(transport);
  Object.assign(transport, {
    onmessage(message: JSONRPCMessage) {
      if ('method' in message && 'id' in message) open.add(message.id);
      onmessage?.(message);
    },
    async send(message: JSONRPCMessage) {
      await send(message);
      if ('method' in message || message.id === undefined) return;
      open.delete(message.id);
      if (open.size === 0) calls.emit('answered');
    },
  });
  return async () => {
    if (open.size > 0) await once(calls, 'answered');
  };
}

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { toNodeHandler } from '@modelcontextprotocol/node';

import { createCrypto } from '../../core/crypto.ts';
import { systemIds } from '../../core/ids.ts';
import {
  answerUnreadable,
  maxBodyBytes,
  readBody,
  refuseStranger,
  serveMcp,
  unreadable,
} from '../../mcp-server/http-serve.ts';
import type { Mailbox } from '../../mcp-server/mailbox.ts';
import { createFixtureService } from './fixture-service.ts';

/**
 * A server with the names that the official suite expects, over HTTP, served by what serves Jilo: only
 * whose request it is does not have to be shown, and answers travel within this process.
 */
export async function startFixture(): Promise<{ url: string; close(): Promise<void> }> {
  const service = createFixtureService();
  const mailbox = createMemoryMailbox();
  const crypto = createCrypto(() => ({ current: 'x'.repeat(32), previous: [] }), systemIds);
  const handle = toNodeHandler(
    {
      async fetch(request) {
        const refused = refuseStranger(request, ['localhost', '127.0.0.1', '[::1]']);
        if (refused) return refused;
        const body = await readBody(request);
        if (body === unreadable) return answerUnreadable();
        return serveMcp(request, body, {
          service,
          mailbox,
          crypto,
          ids: systemIds,
          account: 'fixture',
        });
      },
    },
    { maxRequestBodySize: maxBodyBytes },
  );
  const server = createServer((request, response) => {
    const { method = 'GET', url = '/' } = request;
    void handle(Object.assign(request, { method, url }), response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${portOf(server.address())}/mcp`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('it does not listen');
  return address.port;
}

/** Letters of this process alone. */
function createMemoryMailbox(): Mailbox {
  const waiting = new Map<string, (answer: unknown) => void>();
  return {
    async open(signal, id = systemIds.next('elc')) {
      const { promise, resolve } = Promise.withResolvers<unknown>();
      waiting.set(id, resolve);
      signal.addEventListener('abort', () => resolve(null), { once: true });
      return { id, answer: promise.finally(() => waiting.delete(id)) };
    },
    async deliver(id, answer) {
      waiting.get(id)?.(answer);
    },
  };
}

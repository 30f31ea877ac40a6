import {
  isJSONRPCRequest,
  type JSONRPCMessage,
  type Server,
  type Transport,
} from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';

import { askDirectly } from './asker.ts';
import { openOnce } from './open-once.ts';
import { buildServer } from './server.ts';
import type { Service } from './service.ts';

/** Serves one client over what carries messages both ways, in the era that its first message is of. */
export function connectService(service: Service, transport: Transport): { close(): Promise<void> } {
  let modern: Server | null = null;
  const connection = serveStdio(
    ({ era }) => {
      const asks = era === 'legacy' ? { asker: askDirectly } : {};
      const server = buildServer(service, { era, notifies: true, ...asks });
      if (era === 'modern') modern = server;
      return server;
    },
    { transport },
  );
  const watching = watchOnListen(service, transport, (uri) => {
    // The SDK hands on what the client asked for and drops the rest.
    modern?.sendResourceUpdated({ uri }).catch(() => null);
  });
  return {
    async close() {
      await watching.close().catch(() => null);
      await connection.close();
    },
  };
}

/** Hears of changes from the moment that a client of 2026 asks to; what it is told then is complete. */
function watchOnListen(
  { resources }: Service,
  transport: Transport,
  onChange: (uri: string) => void,
): { close(): Promise<void> } {
  const watching = openOnce(async () => {
    const stop = await resources?.watch?.(onChange);
    return { close: async () => stop?.() };
  });
  const handle: unknown = transport.onmessage;
  if (typeof handle !== 'function') throw new Error('the transport is not listened to');
  const onmessage = (message: JSONRPCMessage, ...more: unknown[]): void => {
    const handOn = () => void Reflect.apply(handle, transport, [message, ...more]);
    if (isJSONRPCRequest(message) && message.method === 'subscriptions/listen')
      // One that cannot be watched for is answered all the same: the next one tries again.
      watching.open().then(handOn, handOn);
    else handOn();
  };
  Object.assign(transport, { onmessage });
  return watching;
}

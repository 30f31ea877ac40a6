import {
  isJSONRPCRequest,
  type ServerEvent,
  type ServerEventBus,
} from '@modelcontextprotocol/server';

import type { Service } from './service.ts';

type Listener = (event: ServerEvent) => void;

/**
 * Changes of what one account has, for the one request that it serves: they are heard from before
 * the client is told that it listens, and no other account is heard of.
 */
export async function openAccountBus(
  { resources }: Service,
  body: unknown,
): Promise<{ readonly bus: ServerEventBus; readonly closeUnused: () => Promise<void> }> {
  const listeners = new Set<Listener>();
  const tell = (uri: string) => {
    for (const listener of listeners) listener({ kind: 'resource_updated', uri });
  };
  const listens = isJSONRPCRequest(body) && body.method === 'subscriptions/listen';
  const stop = listens ? await resources?.watch?.(tell) : undefined;
  const closeUnused = async () => {
    if (listeners.size === 0) await stop?.();
  };
  const bus: ServerEventBus = {
    // Events come from the database alone.
    publish: () => undefined,
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        if (listeners.delete(listener)) closeUnused().catch(() => null);
      };
    },
  };
  return { bus, closeUnused };
}

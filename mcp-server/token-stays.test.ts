import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';

import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import { operations } from '../core/operations.ts';
import { connectByHttp, type McpClient } from '../test/kit/mcp.ts';
import { openMcpWeb, type McpWeb } from '../test/kit/mcp-web.ts';
import { connectChannel } from '../test/kit/trips.ts';
import { createWorld, type World } from '../test/kit/world.ts';

let world: World;
let web: McpWeb;
/** Every byte that a server of this process was sent, by the server's port. */
const heard = new Map<number, string>();

function listen(message: unknown): void {
  const { socket } = z.object({ socket: z.instanceof(Socket) }).parse(message);
  const { localPort = 0 } = socket;
  socket.on('data', (bytes) => {
    heard.set(localPort, (heard.get(localPort) ?? '') + bytes.toString('latin1'));
  });
}

beforeAll(async () => {
  subscribe('net.server.socket', listen);
  world = await createWorld();
  web = await openMcpWeb(world, operations);
});
afterAll(async () => {
  unsubscribe('net.server.socket', listen);
  await web.close();
  await world.close();
});

const heardAt = (url: string): string => heard.get(Number(new URL(url).port)) ?? '';

async function must(mcp: McpClient, name: string, input: Record<string, unknown>) {
  const answer = await mcp.call(name, input);
  expect(answer.isError, answer.texts.join('\n')).toBeUndefined();
  return z.record(z.string(), z.unknown()).parse(answer.structuredContent);
}

test.each(['2025', '2026'] as const)(
  'no service that Jilo uses ever sees the token of a client of %s',
  async (era) => {
    const owner = await world.context();
    const token = await web.tokenFor(owner);
    const mcp = await connectByHttp({
      era,
      way: 'form',
      person: () => ({ action: 'accept', content: {} }),
      url: web.url,
      token,
    });
    await must(mcp, 'trend_search', { keyword: 'latte' });
    const { quote } = await must(mcp, 'video_quote', { prompt: 'a paper boat', seconds: 15 });
    const { video } = await must(mcp, 'video_generate', { quote });
    await world.drain();
    const channel = await connectChannel(world);
    await must(mcp, 'publication_suggest', { video });
    await must(mcp, 'publication_create', { video, channel, title: `Paper boat ${era}` });
    await world.drain();
    await mcp.close();

    expect(heardAt(web.url)).toContain(token);
    const { fal, runway, apify, gemini, google } = world.emulators;
    for (const { url } of [apify, gemini, google, fal]) {
      expect(heardAt(url)).toMatch(/authorization|x-goog-api-key/i);
      expect(heardAt(url)).not.toContain(token);
    }
    expect(heardAt(runway.url)).not.toContain(token);
    expect(world.logs.join('')).not.toContain(token);
  },
);

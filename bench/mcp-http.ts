import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { z } from 'zod';

import { median } from './bench-clips.ts';
import { spawnNode } from './mcp-peer.ts';

const calls = 300;
const revision = '2026-07-28';

const tokenSchema = z.object({ token: z.string(), resource: z.string() });

const fileOf = (url: string): string => fileURLToPath(url);
const prepared = ['--import', import.meta.resolve('../scripts/require-node.mjs')];

/** A read tool of Jilo over HTTP, with its token, beside the bare server's echo, in turns. */
export async function benchHttp(folder: string, say: (line: string) => void): Promise<void> {
  const settings = { JILO_DATA_DIR: folder, PORT: '0' };
  const start = fileOf(import.meta.resolve('../scripts/start.ts'));
  const jilo = spawnNode([...prepared, start], settings);
  const bare = spawnNode([fileOf(import.meta.resolve('./mcp-bare.mjs')), 'http'], {});
  try {
    await lineOf(jilo, /Stop with/);
    const bareUrl = await lineOf(bare, /^http/);
    const { token, resource } = await createToken(settings);
    const read = () => call(resource, 'quota_show', { Authorization: `Bearer ${token}` });
    const echo = () => call(bareUrl, 'echo', {});
    let times = { read: [0], echo: [0] };
    // Once beforehand, for the compiler.
    for (let round = 0; round < 2; round += 1) times = await inTurns(read, echo);
    const [readMs, echoMs] = [median(times.read), median(times.echo)];
    say(`p50 of ${calls} calls over HTTP, in turns, each with a token to check:`);
    say(`quota_show of Jilo: ${readMs.toFixed(2)} ms`);
    say(`the bare echo:      ${echoMs.toFixed(2)} ms, without a token`);
    say(`times the bare echo: ${(readMs / echoMs).toFixed(2)} (no limit)`);
  } finally {
    const ended = [jilo, bare].map((child) => once(child, 'exit'));
    jilo.kill('SIGTERM');
    bare.stdin.end();
    await Promise.all(ended);
  }
}

type Child = ReturnType<typeof spawnNode>;

/** The first line that fits. @throws Error when the process ends without one. */
async function lineOf({ stdout }: Child, wanted: RegExp): Promise<string> {
  for await (const line of createInterface({ input: stdout })) if (wanted.test(line)) return line;
  throw new Error(`a server has ended before it said ${wanted.source}`);
}

async function createToken(settings: Readonly<Record<string, string>>) {
  const script = fileOf(import.meta.resolve('../scripts/call.ts'));
  const input = JSON.stringify({ name: 'Bench', scopes: 'read' });
  const child = spawnNode([...prepared, script, 'token_create', input], settings);
  return tokenSchema.parse(JSON.parse(await text(child.stdout)));
}

async function inTurns(read: () => Promise<void>, echo: () => Promise<void>) {
  const times = { read: [0], echo: [0] };
  for (let round = 0; round < calls; round += 1) {
    times.read[round] = await timeOf(read);
    times.echo[round] = await timeOf(echo);
  }
  return times;
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** @throws Error when the tool does not answer. */
async function call(
  url: string,
  name: string,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      ...headers,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      'MCP-Protocol-Version': revision,
      'Mcp-Method': 'tools/call',
      'Mcp-Name': name,
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: {
        name,
        arguments: {},
        _meta: {
          'io.modelcontextprotocol/protocolVersion': revision,
          'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1.0.0' },
          'io.modelcontextprotocol/clientCapabilities': {},
        },
      },
    }),
  });
  const answer = await response.text();
  if (!response.ok || !answer.includes('"content"')) throw new Error(`${name} says: ${answer}`);
}

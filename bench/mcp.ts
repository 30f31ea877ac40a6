import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { removeEmbedded } from '../drizzle/embedded.ts';
import { median } from './bench-clips.ts';
import { benchHttp } from './mcp-http.ts';
import { openPeer, type Peer } from './mcp-peer.ts';

const rounds = 9;
const calls = 300;
/** Resident memory after the tools have been listed, in MB of 1,000,000 bytes. */
const memoryLimit = 80;
/** The p50 of a read tool, times that of the bare server's echo. */
const callLimit = 5;

const scripts = {
  jilo: import.meta.resolve('../mcp-server/start.mjs'),
  bare: import.meta.resolve('./mcp-bare.mjs'),
  everything: import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'),
  filesystem: import.meta.resolve('@modelcontextprotocol/server-filesystem/dist/index.js'),
};
type Name = keyof typeof scripts;
const names = ['jilo', 'bare', 'everything', 'filesystem'] as const satisfies readonly Name[];

type Start = { readonly ms: number; readonly megabytes: number; readonly tools: number };
type Say = (line: string) => void;

/**
 * Jilo's stdio server beside a bare one and two official ones, in turns: spawn to the answer of
 * tools/list, resident memory then, and a read tool beside the bare server's echo; true when all
 * are within their limits.
 */
export async function bench(say: Say): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'jilo-bench-mcp-'));
  try {
    const areStartsFine = await benchStarts(folder, say);
    const areCallsFine = await benchCalls(folder, say);
    await benchHttp(folder, say);
    return areStartsFine && areCallsFine;
  } finally {
    removeEmbedded(folder);
    rmSync(folder, { recursive: true, force: true });
  }
}

const open = (name: Name, folder: string): Peer =>
  openPeer([fileURLToPath(scripts[name]), ...(name === 'filesystem' ? [folder] : [])], {
    JILO_DATA_DIR: folder,
    PORT: '0',
  });

async function benchStarts(folder: string, say: Say): Promise<boolean> {
  const starts = new Map<Name, Start[]>(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of names) {
      const start = await measureStart(name, folder);
      // The first round is for the caches.
      if (round > 0) starts.get(name)?.push(start);
    }
  }
  const of = (name: Name, pick: (start: Start) => number) =>
    median((starts.get(name) ?? []).map(pick));
  say(`spawn to the answer of tools/list, medians of ${rounds} rounds, in turns:`);
  for (const name of names) {
    const ms = of(name, (start) => start.ms);
    const megabytes = of(name, (start) => start.megabytes);
    const tools = of(name, (start) => start.tools);
    say(
      `${name.padEnd(11)} ${ms.toFixed(0).padStart(4)} ms  ${megabytes.toFixed(1).padStart(5)} MB  ${tools} tools`,
    );
  }
  const ratio = of('jilo', ({ ms }) => ms) / of('everything', ({ ms }) => ms);
  const memory = of('jilo', ({ megabytes }) => megabytes);
  say(`Jilo's start, times that of server-everything: ${ratio.toFixed(2)} (limit: below 1)`);
  say(`Jilo's memory: ${memory.toFixed(1)} MB (limit ${memoryLimit} MB)`);
  return ratio < 1 && memory <= memoryLimit;
}

async function measureStart(name: Name, folder: string): Promise<Start> {
  const began = performance.now();
  const peer = open(name, folder);
  const { tools } = await peer.request('tools/list', {});
  const ms = performance.now() - began;
  const megabytes = peer.memory() / 1_000_000;
  await peer.close();
  return { ms, megabytes, tools: Array.isArray(tools) ? tools.length : 0 };
}

async function benchCalls(folder: string, say: Say): Promise<boolean> {
  const [jilo, bare] = [open('jilo', folder), open('bare', folder)];
  const read = () => jilo.request('tools/call', { name: 'quota_show', arguments: {} });
  const echo = () => bare.request('tools/call', { name: 'echo', arguments: { words: 'hello' } });
  const { structuredContent } = await read();
  if (!structuredContent) throw new Error('quota_show has failed');
  const times = { read: [0], echo: [0] };
  // Once beforehand, for the compiler and the database.
  for (let round = 0; round < 2; round += 1) {
    times.read = [];
    times.echo = [];
    for (let call = 0; call < calls; call += 1) {
      times.read.push(await timeOf(read));
      times.echo.push(await timeOf(echo));
    }
  }
  await Promise.all([jilo.close(), bare.close()]);
  const [readMs, echoMs] = [median(times.read), median(times.echo)];
  const ratio = readMs / echoMs;
  say(`p50 of ${calls} calls, in turns:`);
  say(`quota_show of Jilo: ${readMs.toFixed(2)} ms`);
  say(`the bare echo:      ${echoMs.toFixed(2)} ms`);
  say(`times the bare echo: ${ratio.toFixed(2)} (limit ${callLimit})`);
  return ratio <= callLimit;
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { z } from 'zod';

import { loadSurroundings } from '../core/config.ts';

const root = join(import.meta.dirname, '..');

const client = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'bench', version: '1.0.0' },
};

const answerSchema = z.object({
  id: z.number().optional(),
  result: z.record(z.string(), z.unknown()).optional(),
});

export type Answer = Readonly<Record<string, unknown>>;

/** A server in a process of its own, spoken to over its standard input and output. */
export type Peer = {
  /** @throws Error when the server answers with an error, or ends. */
  request(method: string, params: object): Promise<Answer>;
  /** Resident memory, in bytes. */
  memory(): number;
  close(): Promise<void>;
};

/** A process of this Node, with nothing of this one's surroundings but where programs are found. */
export const spawnNode = (words: readonly string[], settings: Readonly<Record<string, string>>) =>
  spawn(process.execPath, [...words], {
    cwd: root,
    env: {
      PATH: loadSurroundings().path,
      LANG: 'en_US.UTF-8',
      LOG_LEVEL: 'warn',
      ...settings,
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });

/** Starts a server; `initialize` is answered before the first request goes out. */
export function openPeer(
  words: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Peer {
  const child = spawnNode(words, settings);
  const ended = once(child, 'exit');
  const waiting = new Map<number, (answer: Answer | undefined) => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { id, result } = answerSchema.parse(JSON.parse(line));
    if (id !== undefined) waiting.get(id)?.(result);
  });
  const send = (message: object) => child.stdin.write(`${JSON.stringify(message)}\n`);
  let last = 0;
  const ask = async (method: string, params: object): Promise<Answer> => {
    const id = (last += 1);
    const { promise, resolve } = Promise.withResolvers<Answer | undefined>();
    waiting.set(id, resolve);
    send({ jsonrpc: '2.0', id, method, params });
    const answer = await Promise.race([promise, ended.then(() => undefined)]);
    waiting.delete(id);
    if (!answer) throw new Error(`${words.join(' ')} does not answer ${method}`);
    return answer;
  };
  const greeted = ask('initialize', client).then(() =>
    send({ jsonrpc: '2.0', method: 'notifications/initialized' }),
  );
  return {
    async request(method, params) {
      await greeted;
      return ask(method, params);
    },
    memory() {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
    },
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}

import { Console } from 'node:console';
import process from 'node:process';
import { PassThrough } from 'node:stream';
import { setImmediate, setTimeout } from 'node:timers/promises';

import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';

import { countCalls } from './count-calls.ts';
import type { Service } from './service.ts';
import { connectService } from './stdio-connection.ts';

/** How long calls in flight are waited for once the client has said its last word. */
const graceMs = 5000;

/** Serves one client over standard input and output until it goes away or this process is told to stop. */
export async function serveStdio(service: Service): Promise<void> {
  // Standard output carries frames only, whatever a library wants to print.
  globalThis.console = new Console(process.stderr);
  const calls = countCalls(service);
  // The SDK drops what is in flight when its input ends, so the end is kept from it for a while.
  const input = process.stdin.pipe(new PassThrough(), { end: false });
  const transport = new StdioServerTransport(input, process.stdout);
  const end = waitForEnd();
  const connection = connectService(calls.service, transport);
  if ((await end) === 'input ended') await Promise.race([lastAnswers(calls), setTimeout(graceMs)]);
  await connection.close();
}

/** What has been read is handed on first, and what has been answered is written last. */
async function lastAnswers(calls: ReturnType<typeof countCalls>): Promise<void> {
  await setImmediate();
  await calls.idle();
  await setImmediate();
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

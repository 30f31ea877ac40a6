import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

const root = join(import.meta.dirname, '..');
/** Static gates side by side; the tests come last and have the machine to themselves. */
const sideBySide = 2;

type Result = { readonly gate: string; readonly ok: boolean; readonly output: string };

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Runs one script of package.json, keeps what it prints, and says in one line how it ended. */
async function runGate(gate: string, script: string): Promise<Result> {
  const began = performance.now();
  const chunks: string[] = [];
  const child = spawn('npm', ['run', '--silent', script], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  const ok = await new Promise<boolean>((settle) => {
    child.once('error', (error) => {
      chunks.push(String(error));
      settle(false);
    });
    child.once('close', (code) => settle(code === 0));
  });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  say(`${ok ? 'ok  ' : 'FAIL'}  ${gate.padEnd(15)} ${seconds.padStart(6)} s`);
  return { gate, ok, output: chunks.join('').trim() };
}

/** The gates are the scripts named `check:…`, in their order. */
function readGates(): string[] {
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  return Object.keys(scripts).flatMap((name) => /^check:(.+)$/.exec(name)?.[1] ?? []);
}

async function runAll(): Promise<Result[]> {
  const waiting = readGates();
  const results: Result[] = [];
  const lane = async (): Promise<void> => {
    for (let gate = waiting.shift(); gate !== undefined; gate = waiting.shift())
      results.push(await runGate(gate, `check:${gate}`));
  };
  await Promise.all(Array.from({ length: sideBySide }, lane));
  results.push(await runGate('tests', 'test:short'));
  return results;
}

const failures = (await runAll()).filter(({ ok }) => !ok);
for (const { gate, output } of failures) say(`\n==== ${gate}\n\n${output}`);
process.exitCode = failures.length > 0 ? 1 : 0;

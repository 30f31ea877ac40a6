import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { join } from 'node:path';

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ElicitRequestSchema, type ElicitResult } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';

import { loadSurroundings } from '../../core/config.ts';

const root = join(import.meta.dirname, '../..');
/** As npm starts every entry. */
const prepared = ['--import', join(root, 'scripts/require-node.mjs')];

/** Settings of a process that must know nothing of the machine's own. */
export type Environment = Readonly<Record<string, string>>;

const environmentOf = (settings: Environment): Record<string, string> => ({
  PATH: loadSurroundings().path,
  LANG: 'en_US.UTF-8',
  LOG_LEVEL: 'warn',
  ...settings,
});

function spawnScript(script: string, words: readonly string[], settings: Environment) {
  return spawn(process.execPath, [...prepared, join(root, script), ...words], {
    cwd: root,
    env: environmentOf(settings),
    stdio: 'pipe',
  });
}

const exitOf = (child: ChildProcessWithoutNullStreams): Promise<number | null> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
    else child.once('exit', resolve);
  });

/** A Jilo in a process of its own. */
export type JiloProcess = {
  /** Address of its web app; empty for one without. */
  readonly url: string;
  /** Address of the local Discord's page; empty for one without. */
  readonly page: string;
  /** Everything it has written. */
  output(): string;
  /** Dies on the spot, as a machine without power does. */
  kill(): Promise<void>;
  /** Is asked to stop, and does; the exit code. */
  stop(): Promise<number | null>;
};

/** Starts `npm start` and waits until it says that it runs. */
export async function startJilo(
  settings: Environment,
  words: readonly string[] = [],
): Promise<JiloProcess> {
  const child = spawnScript('scripts/start.ts', words, settings);
  let output = '';
  child.stderr.on('data', (part) => (output += String(part)));
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (part) => {
      output += String(part);
      if (output.includes('Stop with Ctrl+C.')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`Jilo ended with ${code}: ${output}`)));
  });
  return {
    url: /^ {2}Web +(http:\S+)/m.exec(output)?.[1] ?? '',
    page: /^Talk to it: +(http:\S+)/m.exec(output)?.[1] ?? '',
    output: () => output,
    async kill() {
      child.kill('SIGKILL');
      await exitOf(child);
    },
    async stop() {
      child.kill('SIGTERM');
      return exitOf(child);
    },
  };
}

export type Ran = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

/** Runs a script to its end without a terminal. */
export async function runScript(
  script: string,
  words: readonly string[],
  settings: Environment,
): Promise<Ran> {
  const child = spawnScript(script, words, settings);
  child.stdin.end();
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (part) => (stdout += String(part)));
  child.stderr.on('data', (part) => (stderr += String(part)));
  const code = await exitOf(child);
  return { code, stdout, stderr };
}

/** What a surface answered: the same for every one of them. */
export type Answer =
  | { readonly ok: true; readonly value: Record<string, unknown> }
  | { readonly ok: false; readonly code: string; readonly text: string };

export type Surface = {
  readonly name: string;
  call(operation: string, input: unknown): Promise<Answer>;
  close(): Promise<void>;
};

const record = z.record(z.string(), z.unknown());
const contentSchema = z.array(z.object({ type: z.literal('text'), text: z.string() }));
const faultAnswer = z.object({ error: z.object({ code: z.string() }) });

/** The terminal: one process per call, the person says yes in advance. */
export function terminalSurface(settings: Environment, yes = true): Surface {
  return {
    name: 'call',
    async call(operation, input) {
      const text = typeof input === 'string' ? input : JSON.stringify(input);
      const words = [operation, text, ...(yes ? ['--yes'] : [])];
      const { code, stdout, stderr } = await runScript('scripts/call.ts', words, settings);
      if (stdout === '') throw new Error(`nothing was answered: ${stderr}`);
      const value = record.parse(JSON.parse(stdout));
      if (code === 0) return { ok: true, value };
      return { ok: false, code: faultAnswer.parse(value).error.code, text: stdout };
    },
    close: async () => undefined,
  };
}

export type McpSurface = Surface & { readonly client: Client };

/** A real MCP client over stdio; `decide` is the person at its elicitation dialog, absent for a client without one. */
export async function mcpSurface(
  settings: Environment,
  decide?: () => ElicitResult,
): Promise<McpSurface> {
  const client = new Client(
    { name: 'journey', version: '1.0.0' },
    { capabilities: decide ? { elicitation: {} } : {} },
  );
  if (decide) client.setRequestHandler(ElicitRequestSchema, () => decide());
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [join(root, 'mcp-server/start.mjs')],
    cwd: root,
    env: environmentOf(settings),
    stderr: 'pipe',
  });
  await client.connect(transport);
  return {
    name: 'mcp',
    client,
    async call(operation, input) {
      const args = typeof input === 'string' ? {} : record.parse(input);
      const result = await client.callTool({ name: operation, arguments: args });
      if (!result.isError) return { ok: true, value: record.parse(result.structuredContent) };
      const texts = contentSchema.parse(result.content).map((part) => part.text);
      const { error } = faultAnswer.parse(JSON.parse(texts.at(-1) ?? ''));
      return { ok: false, code: error.code, text: texts.join('\n') };
    },
    close: () => client.close(),
  };
}

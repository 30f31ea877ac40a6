import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { z } from 'zod';

import { speechSpecSchema, type SpeechSpec } from './speech.ts';

const clipSpecSchema = z.object({
  prompt: z.string(),
  seed: z.number(),
  width: z.int().multipleOf(2).positive(),
  height: z.int().multipleOf(2).positive(),
  fps: z.number().positive(),
  seconds: z.number().positive(),
  audio: z.boolean(),
});
export type ClipSpec = z.infer<typeof clipSpecSchema>;

/** What goes to the process that draws and speaks. */
export const clipJobSchema = z.union([
  z.object({ id: z.int(), clip: clipSpecSchema }),
  z.object({ id: z.int(), speech: speechSpecSchema }),
]);

const replySchema = z.union([
  z.object({ id: z.int(), bytes: z.instanceof(Uint8Array) }),
  z.object({ id: z.int(), error: z.string() }),
]);

export type ClipRenderer = {
  /** The clip as MP4 bytes: the same spec gives the same bytes. Rejects when the encoder fails. */
  render(spec: ClipSpec): Promise<Uint8Array>;
  /** Speech-like sound as MP3 bytes, as long as the text takes to say. */
  speak(spec: SpeechSpec): Promise<Uint8Array>;
  close(): Promise<void>;
};

type Waiting = { resolve: (bytes: Uint8Array) => void; reject: (error: Error) => void };

/**
 * Draws and encodes clips in a process of its own, so that the emulator goes on answering meanwhile; a worker
 * thread that is ended while FFmpeg works takes the whole process down with it (measured, node-av 6.1.1).
 * `scale` shrinks the picture (0.1: a tenth of each side) for tests that do not look at it.
 */
export function createClipRenderer(scale = 1): ClipRenderer {
  let child: ChildProcess | null = null;
  let lastId = 0;
  const waiting = new Map<number, Waiting>();

  const failAll = (error: Error) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
    child = null;
  };
  const settle = (from: ChildProcess, message: unknown) => {
    const reply = replySchema.parse(message);
    const waiter = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (waiting.size === 0) letGo(from);
    if ('bytes' in reply) waiter?.resolve(reply.bytes);
    else waiter?.reject(new Error(reply.error));
  };
  const start = (): ChildProcess => {
    const started = fork(fileURLToPath(new URL('clip-process.ts', import.meta.url)), {
      // The parent's flags may name loaders (a test runner's) that have no place here.
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    started.on('message', (message) => settle(started, message));
    started.on('error', failAll);
    started.on('exit', () => failAll(new Error('the process that draws the clips ended')));
    return started;
  };

  const order = (work: { clip: ClipSpec } | { speech: SpeechSpec }): Promise<Uint8Array> =>
    new Promise((resolve, reject) => {
      child ??= start();
      child.ref();
      child.channel?.ref();
      lastId += 1;
      waiting.set(lastId, { resolve, reject });
      child.send({ id: lastId, ...work });
    });

  return {
    render: (spec) => order({ clip: scaled(spec, scale) }),
    speak: (spec) => order({ speech: spec }),
    async close() {
      if (!child) return;
      const ended = once(child, 'exit');
      child.ref();
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** An idle helper must not keep its parent alive. */
function letGo(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
}

function scaled(spec: ClipSpec, scale: number): ClipSpec {
  const even = (pixels: number) => Math.max(48, Math.round((pixels * scale) / 2) * 2);
  return { ...spec, width: even(spec.width), height: even(spec.height) };
}

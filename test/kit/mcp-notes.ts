import { z } from 'zod';

import type { Context } from '../../core/context.ts';
import { Fault } from '../../core/fault.ts';
import { defineOperation, type AnyOperation } from '../../core/operation.ts';

/** Operations of every effect that start nothing: what each did is written down. */
export type Notes = {
  readonly operations: readonly AnyOperation[];
  readonly publish: AnyOperation;
  /** Inputs that were carried out. */
  readonly ran: unknown[];
  /** Resolves at the next call of `note_wait`, and again when its caller has given up. */
  readonly waits: { started: PromiseWithResolvers<void>; aborted: PromiseWithResolvers<void> };
};

/** What tests of MCP offer in the place of the product's own operations. */
export function openNotes(): Notes {
  const ran: unknown[] = [];
  const waits = {
    started: Promise.withResolvers<void>(),
    aborted: Promise.withResolvers<void>(),
  };
  const publish = publishNote(ran);
  const operations: AnyOperation[] = [
    publish,
    failingNote,
    waitingNote(waits),
    readNote,
    actingNote('note_write', 'write', ran),
    actingNote('note_buy', 'spend', ran),
    actingNote('note_erase', 'destroy', ran),
    { ...failingNote, name: 'note_own', audience: 'people' },
    { ...failingNote, name: 'note_chat', audience: 'chat' },
  ];
  return { operations, publish, ran, waits };
}

const publishNote = (ran: unknown[]) =>
  defineOperation({
    name: 'note_publish',
    summary: { en: 'Publish a note: it is public at once.', zh: '发布一条便签。' },
    guidance: 'Call it once.',
    effect: 'publish',
    audience: 'everyone',
    needs: [],
    decidedByPerson: ['privacy', 'notify'],
    input: z.object({
      text: z.string().min(1).describe('What it says'),
      privacy: z.enum(['private', 'public']).default('private').describe('Who can see it'),
      notify: z.boolean().default(false).describe('Whether subscribers are notified'),
    }),
    output: z.object({ text: z.string() }),
    preview: async ({ text }) => ({
      title: 'Publish a note',
      lines: [['Text', text]] as const,
      cost: 3,
    }),
    run: async (input) => {
      ran.push(input);
      return { text: input.text };
    },
    say: ({ text }) => `Published "${text}".`,
  });

/** Fails in the way that its input names. */
const failingNote = defineOperation({
  name: 'note_fail',
  summary: { en: 'Fail as told.', zh: '按要求失败。' },
  effect: 'read',
  audience: 'everyone',
  needs: [],
  input: z.object({ how: z.enum(['busy', 'defect']).describe('How to fail') }),
  output: z.object({}),
  run: async ({ how }) => {
    if (how === 'busy')
      throw new Fault('provider_busy', { provider: 'fal' }, { retryAfterSeconds: 12 });
    throw new Error('password=hunter2 at /srv/secret.ts');
  },
  say: () => '',
});

/** Tells how far it is, also backwards, and goes on until its caller gives up. */
const waitingNote = (waits: Notes['waits']) =>
  defineOperation({
    name: 'note_wait',
    summary: { en: 'Wait until told to stop.', zh: '一直等待。' },
    effect: 'read',
    audience: 'everyone',
    needs: [],
    input: z.object({ steps: z.int().min(0).max(9).default(0).describe('Ends after so many') }),
    output: z.object({ steps: z.number() }),
    run: async ({ steps }, context: Context) => {
      for (const done of [1, 1, 3, 2, 4].slice(0, steps))
        context.onProgress?.({ done, total: 5, message: `step ${done}` });
      if (steps > 0) return { steps };
      await new Promise<void>((resolve) => {
        context.signal.addEventListener('abort', () => resolve(), { once: true });
        waits.started.resolve();
      });
      waits.aborted.resolve();
      return { steps };
    },
    say: ({ steps }) => `${steps} steps.`,
  });

const readNote = defineOperation({
  name: 'note_list',
  summary: { en: 'List notes.', zh: '列出便签。' },
  effect: 'read',
  audience: 'everyone',
  needs: [],
  input: z.object({}),
  output: z.object({ notes: z.array(z.string()) }),
  run: async () => ({ notes: ['one'] }),
  say: () => 'One note.',
});

const actingNote = (
  name: 'note_write' | 'note_buy' | 'note_erase',
  effect: 'write' | 'spend' | 'destroy',
  ran: unknown[],
) =>
  defineOperation({
    name,
    summary: { en: 'Do something with a note.', zh: '处理一条便签。' },
    effect,
    audience: 'everyone',
    needs: [],
    input: z.object({ text: z.string().min(1).describe('What it says') }),
    output: z.object({ text: z.string() }),
    ...(effect === 'write'
      ? {}
      : {
          preview: async ({ text }: { text: string }) => ({
            title: `Do ${name}`,
            lines: [['Text', text]] as const,
            cost: 0,
          }),
        }),
    run: async (input) => {
      ran.push(input);
      return { text: input.text };
    },
    say: ({ text }) => text,
  });

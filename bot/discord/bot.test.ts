import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';

import { defineOperation, type AnyOperation } from '../../core/operation.ts';
import { operations } from '../../core/operations.ts';
import type { ChatModel } from '../../core/ports/chat-model.ts';
import type { Place } from '../../sandbox/discord/discord.ts';
import { plainModel } from '../../test/kit/chat-steps.ts';
import { createChat, expectNoViolation, type Chat } from '../../test/kit/chat.ts';
import { silentModel } from '../../test/kit/scripted-model.ts';

let started: PromiseWithResolvers<AbortSignal>;
let goOn: PromiseWithResolvers<void>;
/** In the place of a real one: ends when a test lets it. */
const slowList: AnyOperation = defineOperation({
  name: 'video_list',
  summary: { en: 'Take a while.', zh: '需要一会儿。' },
  effect: 'read',
  audience: 'people',
  needs: [],
  input: z.object({}),
  output: z.object({ videos: z.array(z.object({})) }),
  run: async (_, { signal }) => {
    started.resolve(signal);
    await goOn.promise;
    return { videos: [] };
  },
  say: () => 'Done.',
});

let model: ChatModel;
const chatModel: ChatModel = { open: () => model.open(), toFault: (error) => model.toFault(error) };
let chat: Chat;
let dm: Place;
const openChat = async (graceMs: number): Promise<void> => {
  const offered = operations.map((one) => (one.name === 'video_list' ? slowList : one));
  chat = await createChat({ operations: offered, ports: { chatModel }, graceMs });
  dm = chat.discord.person('owner').dm();
};
beforeEach(() => {
  model = plainModel();
  started = Promise.withResolvers();
  goOn = Promise.withResolvers();
});
afterEach(async () => {
  goOn.resolve();
  await chat.close();
});
const soon = { timeout: 10_000 };

describe('closing', () => {
  test('waits for what is in hand, and its answer is shown', async () => {
    await openChat(10_000);
    const turn = await dm.slash('/video list');
    const signal = await started.promise;
    let isStopped = false;
    const stop = async () => {
      await chat.stop();
      isStopped = true;
    };
    const stopped = stop();
    await vi.waitFor(() => {
      expect(chat.discord.sessions().filter(({ connected }) => connected)).toEqual([]);
    }, soon);
    // Long enough for everything that does not wait.
    await (await fetch(chat.discord.url)).text();
    expect({ isStopped, isAborted: signal.aborted }).toEqual({
      isStopped: false,
      isAborted: false,
    });
    goOn.resolve();
    await stopped;
    expect(turn.state).toBe('answered');
    expectNoViolation(chat);
  });

  test('does not wait for longer than the grace, and then tells it to stop', async () => {
    await openChat(50);
    await dm.slash('/video list');
    const signal = await started.promise;
    await chat.stop();
    expect(signal.aborted).toBe(true);
  });

  test('leaves a turn open whose model says nothing; the next start answers it once', async () => {
    await openChat(50);
    const asked = Promise.withResolvers<void>();
    model = {
      ...silentModel(),
      open: () => {
        asked.resolve();
        return silentModel().open();
      },
    };
    await dm.say('are you there');
    await asked.promise;
    await chat.stop();
    expect(dm.sees().filter(({ text }) => text.includes('You said'))).toEqual([]);
    model = plainModel();
    await chat.restart();
    await dm.waitFor(/You said: are you there/u, { timeoutMs: 10_000 });
    await chat.restart();
    expect(dm.sees().filter(({ text }) => text.includes('You said'))).toHaveLength(1);
  });

  test('takes nothing more', async () => {
    await openChat(50);
    await chat.stop();
    const before = chat.discord.requests.length;
    await dm.say('too late');
    await vi.waitFor(() => {
      expect(chat.discord.sessions().filter(({ connected }) => connected)).toEqual([]);
    }, soon);
    expect(chat.discord.requests).toHaveLength(before);
  });
});

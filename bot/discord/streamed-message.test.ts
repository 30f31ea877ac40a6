import { beforeEach, describe, expect, test } from 'vitest';

import { createLog } from '../../core/log.ts';
import { createManualClock } from '../../sandbox/clock.ts';
import { recordChat, type RecordedChat } from '../../test/kit/recorded-chat.ts';
import type { Messenger } from './messenger.ts';
import { streamMessage, type StreamedMessage } from './streamed-message.ts';

let clock: ReturnType<typeof createManualClock>;
let chat: RecordedChat;
let typed: number;
let calls: string[];
let failing: number;
beforeEach(() => {
  clock = createManualClock(new Date(0));
  chat = recordChat();
  typed = 0;
  calls = [];
  failing = 0;
});
const log = createLog({ level: 'fatal', secrets: [], write: () => undefined });

const open = (replyTo: string | null = null, isResumed = false): StreamedMessage => {
  const may = <T>(name: string, work: () => Promise<T>): Promise<T> => {
    calls.push(name);
    failing -= 1;
    return failing >= 0 ? Promise.reject(new Error('away')) : work();
  };
  const messenger: Messenger = {
    ...chat.messenger,
    send: (...sent) => may('send', () => chat.messenger.send(...sent)),
    edit: (...edited) => may('edit', () => chat.messenger.edit(...edited)),
    type: async () => void (typed += 1),
  };
  return streamMessage({
    messenger,
    timers: clock,
    log,
    channelId: 'c1',
    replyTo,
    nonce: 't1',
    isResumed,
  });
};
const settle = () => new Promise((resolve) => setImmediate(resolve));
const pass = async (ms: number) => {
  clock.advance(ms);
  await settle();
  await settle();
};
/** What each message says now. */
const shown = (): string[] =>
  chat.messages.map(({ views }) => {
    const [first] = views.at(-1)?.components ?? [];
    return first && 'content' in first ? first.content : '';
  });

describe('an answer that grows', () => {
  test('is sent once and edited at a pace, and its last state is shown', async () => {
    const stream = open();
    await settle();
    for (let at = 1; at <= 100; at += 1) {
      stream.say('x'.repeat(at));
      await pass(100);
    }
    expect(chat.messages).toHaveLength(1);
    // Ten seconds at one edit in 1.5 s, and the one that follows the sending.
    expect(calls.filter((call) => call === 'edit').length).toBeLessThanOrEqual(8);
    expect(calls.filter((call) => call === 'edit').length).toBeGreaterThan(3);
    stream.say('the end');
    expect(await stream.end()).toBe(true);
    expect(shown()).toEqual(['the end']);
  });

  test('is not edited where nothing has changed', async () => {
    const stream = open();
    await settle();
    stream.say('hello');
    await pass(1500);
    const before = calls.length;
    stream.say('hello');
    await pass(3000);
    await stream.end();
    expect(calls).toHaveLength(before);
  });

  test('types until there are words', async () => {
    const stream = open();
    await settle();
    expect(typed).toBe(1);
    await pass(7999);
    expect(typed).toBe(1);
    await pass(1);
    expect(typed).toBe(2);
    stream.say('hello');
    await pass(60_000);
    expect(typed).toBe(2);
    await stream.end();
  });

  test('answers a message with its first part alone', async () => {
    const stream = open('m1');
    stream.say('x'.repeat(3801));
    await stream.end();
    expect(chat.messages.map(({ how }) => how?.replyTo)).toEqual(['m1', undefined]);
    expect(chat.messages.map(({ how }) => how?.nonce)).toEqual(['t1-0', 't1-1']);
  });

  test('says nothing where there is nothing to say', async () => {
    expect(await open().end()).toBe(true);
    expect(chat.messages).toEqual([]);
  });
});

describe('a line of status', () => {
  test('stands below the words, and goes at the end', async () => {
    const stream = open();
    await settle();
    stream.status('Looking');
    await pass(8000);
    expect(shown()).toEqual(['-# Looking']);
    stream.say('Found it.');
    await pass(1500);
    expect(shown()).toEqual(['Found it.\n-# Looking']);
    await stream.end();
    expect(shown()).toEqual(['Found it.']);
  });

  test.each([
    [3788, true],
    [3789, true],
    [3790, false],
    [3800, false],
  ])('has room behind %i letters: %s, and never gets a message of its own', async (count, fits) => {
    const stream = open();
    await settle();
    stream.status('Looking');
    stream.say('x'.repeat(count));
    await pass(8000);
    expect(shown()).toHaveLength(1);
    expect(shown()[0]?.endsWith('\n-# Looking')).toBe(fits);
    await stream.end();
    expect(shown()).toEqual(['x'.repeat(count)]);
  });
});

describe('a long answer', () => {
  const partsOf = async (text: string) => {
    const stream = open(null, true);
    stream.say(text);
    await stream.end();
    return shown();
  };

  test.each([
    [3799, [3799]],
    [3800, [3800]],
    [3801, [3800, 1]],
    [7601, [3800, 3800, 1]],
  ])('of %i letters is %j', async (count, parts) => {
    expect((await partsOf('x'.repeat(count))).map(({ length }) => length)).toEqual(parts);
  });

  test('is cut at the end of a line where there is one in its second half', async () => {
    expect(await partsOf(`${'a'.repeat(3000)}\n${'b'.repeat(2000)}`)).toEqual([
      'a'.repeat(3000),
      'b'.repeat(2000),
    ]);
    const early = await partsOf(`${'a'.repeat(100)}\n${'b'.repeat(5000)}`);
    expect(early[1]?.length).toBe(5101 - 3800);
  });

  test('is never cut inside a character', async () => {
    const [first, second] = await partsOf(`${'a'.repeat(3799)}😀${'b'.repeat(10)}`);
    expect(first).toBe('a'.repeat(3799));
    expect(second).toBe(`😀${'b'.repeat(10)}`);
  });
});

describe('where something stands in the way', () => {
  test('a closed place is told, and not tried again', async () => {
    chat.closed.add('c1');
    const stream = open();
    stream.say('hello');
    expect(await stream.end()).toBe(false);
    const before = calls.length;
    expect(await stream.end()).toBe(false);
    expect(calls).toHaveLength(before);
  });

  test('a failure on the way is tried again, one at the end is the caller’s', async () => {
    const stream = open();
    await settle();
    failing = 1;
    stream.say('hello');
    await pass(8000);
    await pass(8000);
    expect(shown()).toEqual(['hello']);
    failing = 1;
    stream.say('hello again');
    await expect(stream.end()).rejects.toThrow('away');
  });

  test('a message that an earlier process has sent is found by its nonce and brought up to date', async () => {
    const first = open();
    first.say('half of');
    await first.end();
    const second = open(null, true);
    second.say('half of the answer');
    await second.end();
    expect(shown()).toEqual(['half of the answer']);
  });
});

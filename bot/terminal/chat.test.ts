import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { publications } from '../../drizzle/schema/publishing.ts';
import { approvals } from '../../drizzle/schema/consent.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import type { Context } from '../../core/context.ts';
import type { Locale } from '../../core/messages/catalogue.ts';
import { operations } from '../../core/operations.ts';
import { scriptedModel, type ScriptedStep } from '../../test/kit/scripted-model.ts';
import { connectChannel, comeBack } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { runChat, type ChatOptions } from './chat.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

type Person = {
  readonly account: string;
  readonly locale?: Locale;
  readonly types?: readonly string[];
  readonly isInteractive?: boolean;
  readonly script?: readonly ScriptedStep[];
  readonly timeZone?: string;
} & Partial<Pick<ChatOptions, 'yes' | 'messages'>>;

/** A chat whose person types lines ahead; what they see is `seen()`. */
async function chat(person: Person) {
  const plain = await world.context('terminal', person.account, person.locale ?? 'en');
  const stop = new AbortController();
  const model = person.script ? { chatModel: scriptedModel(person.script) } : {};
  const context: Context = {
    ...plain,
    ports: { ...plain.ports, ...model },
    signal: stop.signal,
    timeZone: person.timeZone ?? 'UTC',
  };
  const typed = [...(person.types ?? [])];
  let seen = '';
  const screen = {
    isInteractive: person.isInteractive ?? true,
    write: (text: string) => void (seen += text),
    readLine: async (prompt: string) => {
      const line = typed.shift();
      if (line !== undefined) seen += `${prompt}${line}\n`;
      return line ?? null;
    },
  };
  const ended = runChat({
    context,
    operations,
    screen,
    yes: person.yes ?? false,
    lookEveryMs: 20,
    ...(person.messages ? { messages: person.messages } : {}),
  });
  return { context, ended, stop, seen: () => seen };
}

const rowsOf = async (context: Context) => {
  const { db } = world.app.database;
  const { accountId } = context.actor;
  return {
    videos: await db.select().from(videos).where(eq(videos.accountId, accountId)),
    publications: await db.select().from(publications).where(eq(publications.accountId, accountId)),
    approvals: await db.select().from(approvals).where(eq(approvals.accountId, accountId)),
  };
};

const making: ScriptedStep = {
  text: 'I draw it.',
  calls: [['video_generate', { prompt: 'A calm city of robots at dawn', seconds: 15 }]],
};

describe('a person at the terminal', () => {
  it('types, reads the answer as it grows, and leaves', async () => {
    const { ended, seen } = await chat({
      account: 'reader',
      types: ['hello', '', '/quit', 'never said'],
      script: [{ text: 'Hello there, what shall we make?' }],
    });
    await ended;
    expect(seen()).toBe('you> hello\nHello there, what shall we make?\nyou> \nyou> /quit\n');
  });

  it.each([
    ['y', 1, 'Started vid_'],
    ['Yes', 1, 'Started vid_'],
    ['批准', 1, 'Started vid_'],
    ['n', 0, 'Declined. Nothing was started.'],
    ['', 0, 'Declined. Nothing was started.'],
    ['maybe', 0, 'Declined. Nothing was started.'],
  ])('answers a card with %j: %i videos', async (word, made, told) => {
    const { ended, seen, context } = await chat({
      account: `decider-${word}`,
      types: ['make it', word],
      script: [making, { text: 'The card waits.' }, { text: 'I was told.' }],
    });
    await ended;
    expect(seen()).toContain('┌ Make a 15 s video');
    expect(seen()).toContain('│ Quota: 1');
    expect(seen()).toContain('The card waits.\nApprove? [y/N] ');
    expect(seen()).toContain(told);
    expect(seen()).toContain('I was told.');
    const { videos: rows, approvals: asked } = await rowsOf(context);
    expect(rows).toHaveLength(made);
    expect(asked).toMatchObject([
      { status: made === 1 ? 'used' : 'declined', decidedOn: 'terminal', surface: 'agent' },
    ]);
  });

  it('who leaves the question has not approved', async () => {
    const { ended, context } = await chat({
      account: 'leaver',
      types: ['make it'],
      script: [making, { text: 'The card waits.' }],
    });
    await ended;
    expect((await rowsOf(context)).videos).toHaveLength(0);
  });
});

describe('without a person', () => {
  it('nobody approves; the link is told instead', async () => {
    const { ended, seen, context } = await chat({
      account: 'pipe',
      types: ['make it', 'y'],
      isInteractive: false,
      script: [making, { text: 'The card waits.' }, { text: 'You said y.' }],
    });
    await ended;
    expect(seen()).toContain(`Open ${world.publicUrl}/approvals/apr_`);
    const { videos: rows, approvals: asked } = await rowsOf(context);
    expect(rows).toHaveLength(0);
    expect(asked).toMatchObject([{ status: 'pending' }]);
  });

  it('with --yes everything is approved, and what was started is waited for', async () => {
    const { ended, seen, context } = await chat({
      account: 'hasty',
      messages: ['make it'],
      isInteractive: false,
      yes: true,
      script: [making, { text: 'Waiting.' }, { text: 'It began.' }, { text: 'It is ready!' }],
    });
    await vi.waitFor(() => expect(seen()).toContain('It began.'));
    await world.drain();
    await ended;
    expect(seen()).toMatch(/vid_\w+: ready, 100%\nIt is ready!\n$/u);
    expect((await rowsOf(context)).videos).toMatchObject([{ status: 'ready' }]);
  });

  it('what an earlier run left behind is taken up first', async () => {
    const first = await chat({
      account: 'returner',
      types: ['make it', 'y', '/quit'],
      script: [making, { text: 'Waiting.' }, { text: 'It began.' }],
    });
    await first.ended;
    await world.drain();
    const second = await chat({
      account: 'returner',
      types: ['/quit'],
      script: [{ text: 'Your video is ready.' }],
    });
    await second.ended;
    expect(second.seen()).toMatch(/^vid_\w+: ready, 100%\nYour video is ready\.\nyou> \/quit\n$/u);
  });
});

describe('the whole way, with the model of the sandbox', () => {
  it('one Chinese sentence ends in a scheduled publication', async () => {
    await connectChannel(world, 'traveller');
    const { ended, seen, context, stop } = await chat({
      account: 'traveller',
      locale: 'zh',
      timeZone: 'Asia/Shanghai',
      messages: ['找一个关于AI工具的爆款，做个30秒竖屏视频，晚上8点发到我的频道'],
      isInteractive: false,
      yes: true,
    });
    // The work is done by hand here, until the chat has nothing left to wait for.
    let isOver = false;
    void ended.finally(() => {
      isOver = true;
    });
    await vi.waitFor(
      async () => {
        await world.drain();
        expect(isOver).toBe(true);
      },
      { timeout: 25_000, interval: 50 },
    );
    stop.abort();
    const rows = await rowsOf(context);
    expect(rows.videos).toMatchObject([{ status: 'ready', seconds: 30, shape: '9:16' }]);
    expect(rows.publications).toMatchObject([
      { status: 'scheduled', publishAt: new Date('2026-11-22T12:00:00.000Z') },
    ]);
    expect(
      rows.approvals.map(({ operation, status }) => `${operation} ${status}`).toSorted(),
    ).toStrictEqual(['publication_create used', 'video_generate used']);
    expect(seen()).toMatch(/pub_\w+：scheduled/u);
  });

  it('a channel that is connected meanwhile is noticed', async () => {
    const person = await chat({
      account: 'connector',
      messages: ['connect'],
      isInteractive: true,
      script: [
        { calls: [['channel_connect', {}]] },
        { text: 'Open the link.' },
        { text: 'Your channel is connected.' },
      ],
    });
    await vi.waitFor(() => expect(person.seen()).toContain('Open the link.'));
    await comeBack(person.context, world);
    await vi.waitFor(() => expect(person.seen()).toContain('Your channel is connected.'));
    await person.ended;
  });
});

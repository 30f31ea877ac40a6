import { and, eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { accountUpdate } from '../../core/account/update.ts';
import { decideApproval } from '../../core/consent/decide.ts';
import type { Context } from '../../core/context.ts';
import { isFault } from '../../core/fault.ts';
import { operations } from '../../core/operations.ts';
import { perform, type AnyOperation } from '../../core/operation.ts';
import { publicationCreate } from '../../core/publication/create.ts';
import { videoGenerate } from '../../core/video/generate.ts';
import { openDatabase } from '../../drizzle/client.ts';
import { notices } from '../../drizzle/schema/chat.ts';
import { identities } from '../../drizzle/schema/people.ts';
import { publications } from '../../drizzle/schema/publishing.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import { createManualClock } from '../../sandbox/clock.ts';
import type { Person, Place, Seen } from '../../sandbox/discord/discord.ts';
import { approvalOf, buttonOf, now, statusOf } from '../../test/kit/chat-steps.ts';
import { createChat, expectNoViolation, type Chat } from '../../test/kit/chat.ts';
import { createMortal, recordChat, shownIn } from '../../test/kit/recorded-chat.ts';
import { connectChannel, makeReadyVideo } from '../../test/kit/trips.ts';
import { startNotices } from './notices.ts';

let chat: Chat;
let number = 0;
let name: string;
let owner: Person;
let dm: Place;
/** The person on a page of their own, and a program of theirs. */
let person: Context;
let program: Context;
beforeAll(async () => {
  chat = await createChat({ discord: { rateLimits: 'off' } });
});
afterEach(() => {
  expectNoViolation(chat);
});
afterAll(() => chat.close());
beforeEach(async () => {
  name = `owner ${(number += 1)}`;
  owner = chat.discord.person(name);
  dm = owner.dm();
  person = await chat.world.context('terminal', name);
  program = { ...person, actor: { ...person.actor, surface: 'mcp' } };
  await chat.world.app.database.db.insert(identities).values({
    provider: 'discord',
    subject: owner.id,
    accountId: person.actor.accountId,
    createdAt: chat.world.now(),
  });
});

const patience = { timeout: 10_000 };
const isQuestion = ({ buttons }: Seen): boolean =>
  buttons.some(({ customId }) => customId?.startsWith('v1:consent-yes:'));
const newWish = () => ({ prompt: `A paper boat crosses a far city, take ${number}` });

async function ask(input: object = newWish(), operation: AnyOperation = videoGenerate) {
  const outcome = await perform(operation, input, program);
  if (outcome.ok) return 'ok';
  return isFault(outcome.fault, 'approval_required') ? outcome.fault.params.id : outcome.fault.code;
}
const card = () => dm.waitFor(isQuestion);
const press = (message: Seen, action: 'consent-yes' | 'consent-no', where = dm) =>
  where.click(message, buttonOf(message, action));
const settled = (message: Seen, words: RegExp, where = dm) =>
  vi.waitFor(() => {
    const { buttons, selects, text } = now(where, message);
    expect({ buttons, selects }).toEqual({ buttons: [], selects: [] });
    expect(text).toMatch(words);
  }, patience);
const made = async () => {
  const { db } = chat.world.app.database;
  const rows = await db.select().from(videos).where(eq(videos.accountId, person.actor.accountId));
  return rows.length;
};
const decide = (id: string, approved: boolean) =>
  decideApproval(chat.world.app, { id, approved, by: person.actor.accountId, surface: 'web' });
const openNotices = async () => {
  const rows = await chat.world.app.database.db
    .select()
    .from(notices)
    .where(and(eq(notices.accountId, person.actor.accountId), eq(notices.kind, 'approval_asked')));
  return rows.filter(({ deliveredAt }) => deliveredAt === null).length;
};
const delivered = () => vi.waitFor(async () => expect(await openNotices()).toBe(0), patience);

describe('a question of a program', () => {
  test('comes as a direct message that says what, how much, who asks and until when', async () => {
    const id = await ask();
    const message = await card();
    expect(approvalOf(message)).toBe(id);
    expect(message.text).toContain('A program that you have connected (MCP) asks for this');
    expect(message.text).toContain(newWish().prompt);
    expect(message.text).toMatch(/\*\*1\*\* quota · Left afterwards: \*\*99\*\*/u);
    expect(message.text).toMatch(/Valid until <t:\d+:t>/u);
    expect(message.buttons.map(({ label }) => label)).toEqual(['Approve', 'Decline']);
    // The same question is not sent again.
    expect(await ask()).toBe(id);
    await delivered();
    expect(dm.sees().filter(isQuestion)).toHaveLength(1);
  });

  test('is in the language of its person', async () => {
    await chat.world.must(accountUpdate, { locale: 'zh' }, person);
    await ask();
    const message = await card();
    expect(message.text).toContain('这是您连接的程序（MCP）提出的请求');
    expect(message.buttons.map(({ label }) => label)).toEqual(['批准', '拒绝']);
    await press(message, 'consent-yes');
    await settled(message, /已批准[\s\S]*对它说“继续”/u);
  });

  test('approved starts nothing by itself; the same call goes through once', async () => {
    await ask();
    const message = await card();
    await press(message, 'consent-yes');
    await settled(message, /Approved[\s\S]*Say “go on” to it/u);
    expect(await statusOf(chat, approvalOf(message))).toBe('approved');
    expect(await made()).toBe(0);
    expect(await ask({ ...newWish(), seconds: 60 })).not.toBe('ok');
    expect(await ask()).toBe('ok');
    expect(await statusOf(chat, approvalOf(message))).toBe('used');
    expect(await ask()).not.toBe('ok');
    expect(await made()).toBe(1);
  });

  test('declined is refused to the program', async () => {
    await ask();
    const message = await card();
    await press(message, 'consent-no');
    await settled(message, /Cancelled/u);
    expect(await ask()).toBe('approval_refused');
    expect(await made()).toBe(0);
  });

  test('lets the person decide what a program may not', async () => {
    const video = await makeReadyVideo(chat.world, name);
    const channel = await connectChannel(chat.world, name);
    const wish = { video, channel, title: 'Boats' };
    await ask(wish, publicationCreate);
    const message = await card();
    const privacy = message.selects.find(({ customId }) => customId.endsWith(':privacy'));
    await dm.select(message, privacy?.customId ?? '', ['unlisted']);
    await vi.waitFor(
      () => expect(now(dm, message).text).toContain('**Visibility** Unlisted'),
      patience,
    );
    expect(now(dm, message).text).toContain('A program that you have connected');
    await press(now(dm, message), 'consent-yes');
    await settled(message, /Approved/u);
    expect(await ask(wish, publicationCreate)).toBe('ok');
    const { db } = chat.world.app.database;
    const [row] = await db.select().from(publications).where(eq(publications.videoId, video));
    expect(row?.privacy).toBe('unlisted');
  });
});

describe('a press', () => {
  test('of somebody else counts for nothing', async () => {
    await ask();
    const message = await card();
    const channel = chat.discord.guild('Studio').channel('general');
    const copy = await showIn(channel.id, message);
    const other = chat.discord.person(`other ${number}`).in(channel);
    const there = await other.waitFor(({ id }) => id === copy);
    for (const action of ['consent-yes', 'consent-no'] as const) {
      const answer = await (await press(there, action, other)).reply();
      expect(answer.ephemeral).toBe(true);
      expect(answer.text).toMatch(/somebody else|not yours|not for you|whoever/iu);
    }
    expect(await statusOf(chat, approvalOf(message))).toBe('pending');
    expect(await ask()).toBe(approvalOf(message));
  });

  test('that comes in time counts, and one that comes later finds it expired', async () => {
    await ask();
    const early = await card();
    await chat.world.advance(899);
    await press(early, 'consent-yes');
    await settled(early, /Approved/u);
    await chat.world.advance(1);
    const id = await ask();
    const late = await dm.waitFor((one) => isQuestion(one) && approvalOf(one) === id);
    await chat.world.advance(900);
    await press(late, 'consent-yes');
    await settled(late, /Expired/u);
    expect(await statusOf(chat, id)).toBe('pending');
    expect(await ask()).not.toBe('ok');
  });

  test.each([
    ['Approve and Decline', ['consent-yes', 'consent-no']],
    ['Decline and Approve', ['consent-no', 'consent-yes']],
    ['Approve twice', ['consent-yes', 'consent-yes']],
    ['Decline twice', ['consent-no', 'consent-no']],
  ] as const)('decides once: %s at the same instant', async (_, actions) => {
    await ask();
    const message = await card();
    const turns = await Promise.all(actions.map((action) => press(message, action)));
    await Promise.all(turns.map((turn) => turn.acked()));
    // Both have been dealt with: what is in hand ends before the next start.
    await chat.restart();
    await settled(message, /Approved|Cancelled/u);
    const status = await statusOf(chat, approvalOf(message));
    expect(['approved', 'declined']).toContain(status);
    expect(now(dm, message).text).toMatch(status === 'approved' ? /Approved/u : /Cancelled/u);
    // Nor does a card that was seen before change it.
    for (const action of actions) {
      await showAgain(message);
      await press(message, action);
      await settled(message, status === 'approved' ? /Approved/u : /Cancelled/u);
      expect(await statusOf(chat, approvalOf(message))).toBe(status);
    }
    expect(await ask()).toBe(status === 'approved' ? 'ok' : 'approval_refused');
  });

  test.each([
    ['approved', true, /Approved[\s\S]*go on/u],
    ['declined', false, /Cancelled/u],
    ['used', true, /Already done/u],
  ])('on what was %s elsewhere says so', async (status, approved, words) => {
    await ask();
    const message = await card();
    await decide(approvalOf(message), approved);
    if (status === 'used') await ask();
    for (const action of ['consent-no', 'consent-yes'] as const) {
      await showAgain(message);
      await press(message, action);
      await settled(message, words);
      expect(await statusOf(chat, approvalOf(message))).toBe(status);
    }
  });
});

describe('no direct message comes', () => {
  test('to somebody who wants none: they have the link', async () => {
    await chat.world.must(accountUpdate, { notices: false }, person);
    const id = await ask();
    await delivered();
    expect(dm.sees()).toEqual([]);
    await decide(id, true);
    expect(await ask()).toBe('ok');
  });

  test.each<[string, (id: string) => Promise<unknown>, string]>([
    ['approved', (id) => decide(id, true), 'approved'],
    ['declined', (id) => decide(id, false), 'declined'],
    ['expired', () => chat.world.advance(900), 'pending'],
    [
      'settled on the leash',
      async () => {
        await chat.world.must(accountUpdate, { leash: 1 }, person);
        await ask();
      },
      'used',
    ],
  ])('about what is %s meanwhile', async (_, settle, status) => {
    await chat.stop();
    const id = await ask();
    await settle(id);
    expect(await statusOf(chat, id)).toBe(status);
    await chat.restart();
    await delivered();
    expect(dm.sees()).toEqual([]);
  });

  test('before it is decided it comes after a restart as well', async () => {
    await chat.stop();
    const id = await ask();
    await chat.world.advance(899);
    await chat.restart();
    expect(approvalOf(await card())).toBe(id);
  });
});

describe('with a chat service that is only watched', () => {
  const start = (chatService: ReturnType<typeof recordChat>, wrap = chatService.messenger) => {
    const clock = createManualClock(chat.world.now());
    const opened = openDatabase(chat.world.databaseUrl, 4);
    const services = { ...chat.world.app, database: opened };
    const running = startNotices({ services, operations, messenger: wrap, timers: clock });
    return {
      /** Lets time pass until it holds. */
      until: (check: () => void | Promise<void>) =>
        vi.waitFor(async () => {
          clock.advance(10_000);
          await check();
        }, patience),
      async close() {
        await (await running).close();
        await opened.close();
      },
    };
  };
  beforeAll(() => chat.stop());
  afterAll(() => chat.restart());
  const none = async () => expect(await openNotices()).toBe(0);

  test('two processes send one message', async () => {
    const watched = recordChat();
    const both = [start(watched), start(watched)];
    const lengths = [15, 30, 60, 15, 30, 60];
    const ids = new Set(
      await Promise.all(lengths.map((seconds) => ask({ ...newWish(), seconds }))),
    );
    await both[0]?.until(none);
    const shown = watched.messages.map(shownIn).join('\n');
    expect(ids.size).toBe(3);
    expect(watched.messages).toHaveLength(3);
    for (const id of ids) expect(shown.split(`v1:consent-yes:${owner.id}:${id}`)).toHaveLength(2);
    for (const one of both) await one.close();
  });

  test.each([
    ['before', 1],
    ['before', 2],
    ['after', 1],
    ['after', 2],
  ] as const)('a death %s call %i sends one message all the same', async (when, diesAt) => {
    const watched = recordChat();
    const mortal = createMortal(diesAt, when);
    const first = start(watched, mortal.wrap(watched.messenger));
    const id = await ask();
    await first.until(() => expect(mortal.isDead()).toBe(true));
    await first.close();
    expect(await openNotices()).toBe(1);
    const second = start(watched);
    await second.until(none);
    expect(watched.messages).toHaveLength(1);
    expect(shownIn(watched.messages[0])).toContain(id);
    await second.close();
  });

  test('what is offered no more is not asked', async () => {
    const watched = recordChat();
    const services = { ...chat.world.app };
    const clock = createManualClock(chat.world.now());
    const how = { services, operations: [], messenger: watched.messenger, timers: clock };
    const running = await startNotices(how);
    await ask();
    await vi.waitFor(async () => {
      clock.advance(10_000);
      await none();
    }, patience);
    expect(watched.messages).toEqual([]);
    await running.close();
  });
});

const send = (path: string, method: string, { message }: Seen) =>
  fetch(`${chat.discord.apiUrl}/v10/channels/${path}`, {
    method,
    headers: { authorization: `Bot ${chat.discord.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ flags: message.flags, components: message.components }),
  });

/** The same card in another channel; the id of that message. */
async function showIn(channelId: string, message: Seen): Promise<unknown> {
  const answer = await send(`${channelId}/messages`, 'POST', message);
  const sent: unknown = await answer.json();
  return typeof sent === 'object' && sent !== null && 'id' in sent ? sent.id : null;
}

/** Puts the buttons back, as a client sees them that has not seen the change. */
async function showAgain(message: Seen): Promise<void> {
  const answer = await send(`${message.channelId}/messages/${message.id}`, 'PATCH', message);
  expect(answer.status).toBe(200);
}

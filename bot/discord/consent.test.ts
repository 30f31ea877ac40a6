import { fc } from '@fast-check/vitest';
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';

import { decideApproval } from '../../core/consent/decide.ts';
import { postTransfer } from '../../core/quota/ledger.ts';
import { readBalance } from '../../core/quota/wallet.ts';
import { quotes } from '../../drizzle/schema/videos.ts';
import type { Person, Place, Seen, Turn } from '../../sandbox/discord/discord.ts';
import {
  accountOf,
  approvalOf,
  askAgentForVideo,
  askForVideo,
  buttonOf,
  newPrompt,
  now,
  plainModel,
  spentBy,
  statusOf,
} from '../../test/kit/chat-steps.ts';
import { createChat, expectNoViolation, type Chat } from '../../test/kit/chat.ts';

let chat: Chat;
let number = 0;
let owner: Person;
let place: Place;
beforeAll(async () => {
  const discord = { rateLimits: 'off' } as const;
  chat = await createChat({ ports: { chatModel: plainModel() }, discord });
});
afterEach(() => {
  expectNoViolation(chat);
});
afterAll(() => chat.close());

/** Somebody new, in the server's channel. */
function comeIn(): void {
  owner = chat.discord.person(`owner ${(number += 1)}`);
  place = owner.in(chat.discord.guild('Studio').channel('general'));
}

const press = (card: Seen, action: 'consent-yes' | 'consent-no', where = place): Promise<Turn> =>
  where.click(card, buttonOf(card, action));
const patience = { timeout: 10_000 };
const none = { videos: 0, holds: 0, held: 0 };
const one = { videos: 1, holds: 1, held: 1 };

/** The card cannot be pressed any more, and tells this. */
async function expectSettled(card: Seen, words: RegExp, where = place): Promise<void> {
  await vi.waitFor(() => {
    const { buttons, selects, text } = now(where, card);
    expect({ buttons, selects }).toEqual({ buttons: [], selects: [] });
    expect(text).toMatch(words);
  }, patience);
}
/** Everything that was pressed has been dealt with: what is in hand ends before the next start. */
async function settle(...turns: Turn[]): Promise<void> {
  await Promise.all(turns.map((turn) => turn.acked()));
  await chat.restart();
}

describe('a question', () => {
  test('is for the eyes of who asked, and Confirm starts it once', async () => {
    comeIn();
    const card = await askForVideo(place);
    expect(card.ephemeral).toBe(true);
    expect(await spentBy(chat, owner)).toEqual(none);
    await press(card, 'consent-yes');
    await expectSettled(card, /Confirmed/u);
    expect(await spentBy(chat, owner)).toEqual(one);
    expect(await statusOf(chat, approvalOf(card))).toBe('used');
    await place.waitFor(/getting ready|0%/iu);
  });

  test('ends with Cancel: nothing is started, then or later', async () => {
    comeIn();
    const card = await askForVideo(place);
    await press(card, 'consent-no');
    await expectSettled(card, /Cancelled/u);
    expect(await statusOf(chat, approvalOf(card))).toBe('declined');
    expect(await spentBy(chat, owner)).toEqual(none);
  });

  test.each([
    ['Confirm twice', 'consent-yes', 'consent-yes', [1]],
    ['Cancel twice', 'consent-no', 'consent-no', [0]],
    ['Confirm and Cancel', 'consent-yes', 'consent-no', [0, 1]],
    ['Cancel and Confirm', 'consent-no', 'consent-yes', [0, 1]],
  ] as const)('pressed at the same instant, %s, ends once', async (_, first, second, allowed) => {
    comeIn();
    const card = await askForVideo(place);
    await settle(...(await Promise.all([press(card, first), press(card, second)])));
    await expectSettled(card, /Confirmed|Cancelled|Already done/u);
    const spent = await spentBy(chat, owner);
    expect(allowed).toContain(spent.videos);
    expect(spent.holds).toBe(spent.videos);
    const status = spent.videos === 1 ? 'used' : 'declined';
    expect(await statusOf(chat, approvalOf(card))).toBe(status);
  });
});

describe('a press on a card that was seen before it changed', () => {
  test.each([
    ['Confirm, then Cancel', 'consent-yes', 'consent-no', one, /Already done/u],
    ['Confirm, then Confirm', 'consent-yes', 'consent-yes', one, /Already done/u],
    ['Cancel, then Confirm', 'consent-no', 'consent-yes', none, /Cancelled/u],
    ['Cancel, then Cancel', 'consent-no', 'consent-no', none, /Cancelled/u],
  ] as const)('%s', async (_, first, second, spent, words) => {
    comeIn();
    const dm = owner.dm();
    const card = await askAgentForVideo(dm, '');
    await press(card, first, dm);
    await expectSettled(card, /Confirmed|Cancelled/u, dm);
    await showAgain(card);
    await press(card, second, dm);
    await expectSettled(card, words, dm);
    expect(await spentBy(chat, owner)).toEqual(spent);
  });

  test('after 15 minutes: nothing is started, and the card says why', async () => {
    comeIn();
    const [early, late] = [await askForVideo(place), await askForVideo(place)];
    await chat.world.advance(15 * 60 - 1);
    await press(early, 'consent-yes');
    await expectSettled(early, /Confirmed/u);
    await chat.world.advance(1);
    await press(late, 'consent-yes');
    await expectSettled(late, /Expired/u);
    expect(await spentBy(chat, owner)).toMatchObject({ videos: 1 });
  });
});

describe('between the question and the press', () => {
  test('the bot starts anew: the buttons work', async () => {
    comeIn();
    const [yes, no] = [await askForVideo(place), await askForVideo(place)];
    await chat.restart();
    await press(yes, 'consent-yes');
    await press(no, 'consent-no');
    await expectSettled(yes, /Confirmed/u);
    await expectSettled(no, /Cancelled/u);
    expect(await spentBy(chat, owner)).toEqual(one);
  });

  test('it died after the decision: Confirm goes on, once', async () => {
    comeIn();
    const card = await askForVideo(place);
    await decideBefore(card);
    await settle(...(await Promise.all([press(card, 'consent-yes'), press(card, 'consent-yes')])));
    await expectSettled(card, /Confirmed|Already done/u);
    expect(await spentBy(chat, owner)).toEqual(one);
  });

  test('it died after the decision: Cancel takes it back', async () => {
    comeIn();
    const dm = owner.dm();
    const card = await askAgentForVideo(dm, '');
    await decideBefore(card);
    await press(card, 'consent-no', dm);
    await expectSettled(card, /Cancelled/u, dm);
    expect(await statusOf(chat, approvalOf(card))).toBe('declined');
    await showAgain(card);
    await press(card, 'consent-yes', dm);
    await expectSettled(card, /Cancelled/u, dm);
    expect(await spentBy(chat, owner)).toEqual(none);
  });

  test('the price changes: nothing is started, and the person is asked anew', async () => {
    comeIn();
    const { db } = chat.world.app.database;
    await (await place.slash('/video quote', { prompt: newPrompt() })).reply();
    const accountId = await accountOf(chat, owner);
    const [quote] = await db.select().from(quotes).where(eq(quotes.accountId, accountId));
    const asked = await place.slash('/video generate', { quote: quote?.id ?? '' });
    const card = await asked.reply();
    await db.update(quotes).set({ quota: 2 }).where(eq(quotes.accountId, accountId));
    await press(card, 'consent-yes');
    await expectSettled(card, /nothing was started/u);
    const anew = await place.waitFor(({ text }) => text.includes('Left afterwards: **98**'));
    expect(anew.ephemeral).toBe(true);
    expect(approvalOf(anew)).not.toBe(approvalOf(card));
    expect(await spentBy(chat, owner)).toEqual(none);
  });

  test('the quota goes: nothing is started, and the card does not say so', async () => {
    comeIn();
    const first = await askForVideo(place);
    const accountId = await accountOf(chat, owner);
    const cards: Seen[] = [first];
    await emptyWallet(accountId, 1);
    cards.push(await askForVideo(place));
    for (const card of cards) await press(card, 'consent-yes');
    const open = () => cards.flatMap((card) => now(place, card).buttons);
    await vi.waitFor(() => expect(open()).toEqual([]), patience);
    const told = await place.waitFor(/Not enough quota/u);
    expect(told.ephemeral).toBe(true);
    expect(cards.filter((card) => now(place, card).text.includes('has started'))).toHaveLength(1);
    expect(await spentBy(chat, owner)).toEqual(one);
  });
});

describe('somebody else', () => {
  test('can press neither, and the question stays open', async () => {
    comeIn();
    const other = chat.discord.person('other');
    const there = other.in(place);
    const card = await askAgentForVideo(place);
    expect(card.ephemeral).toBe(false);
    for (const action of ['consent-yes', 'consent-no'] as const) {
      const answer = await (await press(card, action, there)).reply();
      expect(answer).toMatchObject({ ephemeral: true, visibleTo: other.id });
      expect(answer.text).toMatch(/somebody else|not yours|not for you|whoever/iu);
    }
    expect(await statusOf(chat, approvalOf(card))).toBe('pending');
    await press(card, 'consent-yes');
    await expectSettled(card, /Confirmed/u);
    expect(await spentBy(chat, owner)).toEqual(one);
    await place.waitFor(/Noted: approved and done: video_generate/u);
  });
});

const pressing = fc.record({
  isOwner: fc.boolean(),
  action: fc.constantFrom('consent-yes', 'consent-no'),
});
const step = fc.oneof(
  { weight: 4, arbitrary: fc.array(pressing, { minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: fc.constant('restart' as const) },
);

test('whoever presses what how often: one video at most, none without its person', async () => {
  const other = chat.discord.person('other');
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
      comeIn();
      const card = await askAgentForVideo(place);
      for (const next of steps) {
        if (next === 'restart') {
          await chat.restart();
          continue;
        }
        await showAgain(card);
        const turns = await Promise.all(
          next.map(({ isOwner, action }) => press(card, action, isOwner ? place : other.in(place))),
        );
        await Promise.all(turns.map((turn) => turn.acked()));
      }
      await settle();
      const own = steps.flat().filter((done) => done !== 'restart' && done.isOwner);
      const confirms = own.filter((done) => done !== 'restart' && done.action === 'consent-yes');
      const spent = await spentBy(chat, owner);
      expect(spent.videos).toBeLessThanOrEqual(Math.min(1, confirms.length));
      expect(spent.holds).toBe(spent.videos);
      const status = await statusOf(chat, approvalOf(card));
      expect(status === 'pending').toBe(own.length === 0);
      expect(status === 'used').toBe(spent.videos === 1);
    }),
    { numRuns: 6 },
  );
});

/** Puts the buttons back, as a client sees them that has not seen the change. */
async function showAgain(card: Seen): Promise<void> {
  const { flags, components } = card.message;
  const url = `${chat.discord.apiUrl}/v10/channels/${card.channelId}/messages/${card.id}`;
  const answer = await fetch(url, {
    method: 'PATCH',
    headers: { authorization: `Bot ${chat.discord.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ flags, components }),
  });
  expect(answer.status).toBe(200);
}

/** The decision is stored, and then the process dies. */
async function decideBefore(card: Seen): Promise<void> {
  const by = await accountOf(chat, owner);
  const decision = { id: approvalOf(card), approved: true, by, surface: 'discord' } as const;
  await decideApproval(chat.world.app, decision);
}

/** Leaves so many units. */
async function emptyWallet(accountId: string, left: number): Promise<void> {
  const { db } = chat.world.app.database;
  const balance = await readBalance(db, accountId);
  await postTransfer(db, {
    verb: 'expire',
    walletId: accountId,
    amount: balance.available - left,
    reference: 'test',
    key: `test:${accountId}`,
    at: chat.world.now(),
  });
}

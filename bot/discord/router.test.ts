import { REST } from 'discord.js';
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { defineOperation, type AnyOperation } from '../../core/operation.ts';
import { operations } from '../../core/operations.ts';
import { identities } from '../../drizzle/schema/people.ts';
import { wallets } from '../../drizzle/schema/quota.ts';
import type { Person, PersonOptions, Place, Seen } from '../../sandbox/discord/discord.ts';
import { accountOf, buttonOf, now, plainModel } from '../../test/kit/chat-steps.ts';
import { createChat, expectNoViolation, type Chat } from '../../test/kit/chat.ts';
import { actionId } from './action-id.ts';
import { createMessenger } from './rest-messenger.ts';
import { button, card, row, text } from './view.ts';

/** Stands in the place of `trend_list`, so that it has words: does what its text says. */
const probe: AnyOperation = defineOperation({
  name: 'trend_list',
  summary: { en: 'Do what is said.', zh: '照做。' },
  effect: 'read',
  audience: 'people',
  needs: [],
  input: z.object({
    idea: z.string().max(40).describe('What to do'),
    keyword: z.string().min(3).optional().describe('At least three letters'),
  }),
  output: z.object({ did: z.string() }),
  run: async ({ idea }) => {
    if (idea === 'break') throw new Error('secret-detail at /root/private.ts');
    return { did: idea };
  },
  say: ({ did }) => did,
});
const offered = [probe, ...operations.filter(({ name }) => name !== 'trend_list')];

let chat: Chat;
let number = 0;
beforeAll(async () => {
  chat = await createChat({ operations: offered, ports: { chatModel: plainModel() } });
});
afterEach(() => {
  expectNoViolation(chat);
  expect(chat.discord.invalidRequests).toBe(0);
});
afterAll(() => chat.close());

const comeIn = (options: PersonOptions = {}): { person: Person; place: Place } => {
  const person = chat.discord.person(`owner ${(number += 1)}`, options);
  return { person, place: person.in(chat.discord.guild('Studio').channel('general')) };
};
const welcome = /Welcome/u;
const welcomesSeenBy = (...places: Place[]) =>
  places.flatMap((place) => place.sees()).filter((message) => welcome.test(message.text));

describe('first contact', () => {
  test('opens an account with 100 and welcomes, once', async () => {
    const { person, place } = comeIn();
    await (await place.slash('/model list')).reply();
    await place.waitFor(welcome);
    await (await place.slash('/model list')).reply();
    const accountId = await accountOf(chat, person);
    const [wallet] = await chat.world.app.database.db
      .select()
      .from(wallets)
      .where(eq(wallets.accountId, accountId));
    expect(wallet).toMatchObject({ granted: 100, available: 100 });
    await chat.restart();
    const [shown] = welcomesSeenBy(place);
    expect(welcomesSeenBy(place)).toHaveLength(1);
    expect(shown?.ephemeral).toBe(true);
  });

  test('that begins with a form welcomes when the form is sent', async () => {
    const { place } = comeIn();
    const form = await (await place.slash('/video generate')).modal();
    expect(welcomesSeenBy(place)).toHaveLength(0);
    await (await place.submit(form, { prompt: 'a paper boat in the rain' })).reply();
    await place.waitFor(welcome);
    expect(welcomesSeenBy(place)).toHaveLength(1);
  });

  test('two first commands and a first message at once welcome once and open one account', async () => {
    const { person, place } = comeIn();
    const [turns] = await Promise.all([
      Promise.all([
        place.slash('/model list'),
        place.slash('/quota show'),
        person.dm().slash('/quota show'),
      ]),
      person.dm().say('hello there'),
    ]);
    for (const turn of turns) await turn.reply();
    await person.dm().waitFor(/You said: hello there/u);
    await chat.restart();
    expect(welcomesSeenBy(place, person.dm())).toHaveLength(1);
    const rows = await chat.world.app.database.db
      .select()
      .from(identities)
      .where(eq(identities.subject, person.id));
    expect(rows).toHaveLength(1);
  });

  test('by typing alone it opens no second account either', async () => {
    const { person, place } = comeIn();
    await Promise.all([
      place.suggest('/video show', 'video', 'a'),
      place.suggest('/video show', 'video', 'b'),
    ]);
    expect(await accountOf(chat, person)).toMatch(/^acc_/u);
  });
});

describe('who sees an answer', () => {
  test('results everybody, what is personal only the person', async () => {
    const { place } = comeIn();
    const shown = await (await place.slash('/model list')).reply();
    const quota = await (await place.slash('/quota show')).reply();
    const account = await (await place.slash('/account show')).reply();
    const channels = await (await place.slash('/channel list')).reply();
    expect([shown, quota, account, channels].map(({ ephemeral }) => ephemeral)).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });

  test('a failure only the person, also where an answer was announced to everybody', async () => {
    const { person, place } = comeIn();
    const turn = await place.slash('/video show', { video: 'vid_0000000000000000' });
    expect(await turn.acked()).toBe('thinking');
    const told = await place.waitFor(/No video/iu);
    expect(told).toMatchObject({ ephemeral: true, visibleTo: person.id });
    expect(place.sees().filter(({ thinking }) => thinking)).toEqual([]);
    const everybody = chat.discord.person('other').in(place).sees();
    expect(everybody.filter((message) => message.text.includes('vid_0000000000000000'))).toEqual(
      [],
    );
  });
});

describe('an answer that Discord refuses', () => {
  test.each([
    ['/model list', 'that everybody was told of'],
    ['/quota show', 'for the person alone'],
  ])('%s, %s, leaves a word to the person and nothing to others', async (command) => {
    const { person, place } = comeIn();
    await (await place.slash('/video list')).reply();
    await place.waitFor(welcome);
    const route = /^\/webhooks\/.*@original$/u;
    chat.discord.fault({ route, method: 'PATCH', status: 400, code: 50_035 });
    await (await place.slash(command)).acked();
    const told = await place.waitFor(/broke/iu);
    expect(told).toMatchObject({ ephemeral: true, visibleTo: person.id });
    expect(place.sees().filter(({ thinking }) => thinking)).toEqual([]);
  });
});

describe('what goes wrong', () => {
  test('a field that does not fit is named, in the language of the person', async () => {
    const english = comeIn();
    await english.place.slash('/publication create', { video: 'vid_1', title: 'A <b>' });
    const told = await english.place.waitFor(/title: must not/u);
    expect(told.ephemeral).toBe(true);
    const chinese = comeIn({ locale: 'zh-CN' });
    await chinese.place.slash('/publication create', { video: 'vid_1', title: 'A <b>' });
    expect((await chinese.place.waitFor(/title: 不能/u)).ephemeral).toBe(true);
  });

  test('a defect is told with a reference and nothing of its inside', async () => {
    const { place } = comeIn();
    await place.slash('/trend list', { idea: 'break' });
    const told = await place.waitFor(/broke/iu);
    expect(told.ephemeral).toBe(true);
    const [reference] = /\b[0-9A-Z]{6,}\b/u.exec(told.text) ?? [];
    expect(reference).toBeDefined();
    expect(chat.discord.transcript(place)).not.toMatch(/secret-detail|private\.ts|\bat \//u);
    expect(chat.world.logs.filter((line) => line.includes(reference ?? '-'))).not.toEqual([]);
  });

  test('an operation that is no longer offered', async () => {
    const { place } = comeIn();
    const turn = await fromOldClient('quota', 'gone', place);
    expect(turn.text).toMatch(/older version/iu);
    expect(turn.ephemeral).toBe(true);
  });
});

describe('a button', () => {
  test.each([
    ['of another version', () => 'v0:videos-show:1'],
    ['that nobody knows', (owner: string) => actionId('no-such-thing', owner)],
    ['without any form', () => 'whatever'],
  ])('%s is answered', async (_, idFor) => {
    const { person, place } = comeIn();
    const message = await draw(place, idFor(person.id));
    const answer = await (await place.click(message, 'Press')).reply();
    expect(answer).toMatchObject({ ephemeral: true, visibleTo: person.id });
    expect(answer.text).toMatch(/older version/iu);
  });

  test("of somebody else is refused and changes nothing; its owner's press counts", async () => {
    const { person, place } = comeIn();
    const message = await draw(place, actionId('videos-show', person.id));
    const other = chat.discord.person('other').in(place);
    const before = now(place, message).edits;
    const refusal = await (await other.click(message, 'Press')).reply();
    expect(refusal.ephemeral).toBe(true);
    expect(refusal.text).not.toMatch(/older version/iu);
    expect(now(place, message).edits).toBe(before);
    const answer = await (await place.click(message, 'Press')).reply();
    expect(answer.text).not.toBe(refusal.text);
  });
});

describe('a form', () => {
  test('is the first answer where something is asked for, and is left out where it is given', async () => {
    const { place } = comeIn();
    const asked = await place.slash('/video generate');
    expect(await asked.acked()).toBe('modal');
    const given = await place.slash('/video generate', { prompt: 'A paper boat in the rain' });
    expect(buttonOf(await given.reply(), 'consent-yes')).toContain('consent-yes');
  });

  test('cannot follow a form: what it leads to is a message', async () => {
    const { place } = comeIn();
    const form = await (await place.slash('/prompt write')).modal();
    const [field] = form.fields;
    const sent = await place.submit(form, { [field?.customId ?? '']: 'A paper boat in the rain' });
    expect(await sent.acked()).not.toBe('modal');
    await sent.reply();
  });
});

/** A message of the bot with one button in the channel. */
async function draw(place: Place, customId: string): Promise<Seen> {
  const rest = new REST({ api: chat.discord.apiUrl }).setToken(chat.discord.token);
  const view = card(0, [text(customId), row(button(customId, { label: 'Press' }))]);
  const id = await createMessenger(rest, chat.discord.token).send(place.channelId, view);
  return place.waitFor((message) => message.id === id);
}

/** A command that Discord still has and the bot does not. */
async function fromOldClient(noun: string, verb: string, place: Place): Promise<Seen> {
  const url = `${chat.discord.apiUrl}/v10/applications/${chat.discord.applicationId}/commands`;
  const headers = {
    authorization: `Bot ${chat.discord.token}`,
    'content-type': 'application/json',
  };
  const body = {
    name: noun,
    description: 'Old',
    options: [{ type: 1, name: verb, description: 'Old' }],
  };
  await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return (await place.slash(`/${noun} ${verb}`)).reply();
}

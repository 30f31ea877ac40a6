import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import type { Guild, Person, Place, Seen } from '../../sandbox/discord/discord.ts';
import {
  accountOf,
  askAgentForVideo,
  askForVideo,
  buttonOf,
  now,
  plainModel,
} from '../../test/kit/chat-steps.ts';
import { createChat, type Chat } from '../../test/kit/chat.ts';
import { givePacks, walletOf } from '../../test/kit/server-wallet.ts';
import { readServer } from '../../core/server/settings.ts';

/** A channel that nobody has. */
const gone = `1${'0'.repeat(17)}`;

let chat: Chat;
let number = 0;
let guild: Guild;
let manager: Person;
let owner: Person;
let place: Place;
let office: Place;
let ledger: Place;
beforeAll(async () => {
  chat = await createChat({ ports: { chatModel: plainModel() }, discord: { rateLimits: 'off' } });
});
/** A server whose crew has two units a day of its ten, told in a channel of its own. */
beforeEach(async () => {
  number += 1;
  guild = chat.discord.guild(`Club ${number}`, { roles: [{ name: `Crew ${number}` }] });
  manager = chat.discord.person(`manager ${number}`, { isManager: true });
  owner = chat.discord.person(`owner ${number}`, { roles: [`Crew ${number}`] });
  place = owner.in(guild.channel('general'));
  office = manager.in(guild.channel('office'));
  ledger = manager.in(guild.channel('ledger'));
  await (await office.slash('/server show')).reply();
  await givePacks(chat.world, await accountOf(chat, manager), 10);
  const crew = guild.roles().find(({ name }) => name === `Crew ${number}`);
  await fund(10);
  const settled = await office.slash('/server update', {
    pays: 'server',
    role_limits: `<@&${crew?.id}>=2`,
    ledger_channel: `<#${ledger.channelId}>`,
  });
  expect((await settled.reply()).text).toContain(`<@&${crew?.id}> 2`);
});
afterEach(() => {
  const others = chat.discord.violations.filter(({ route }) => !route.includes(gone));
  expect(others).toEqual([]);
});
afterAll(() => chat.close());

const patience = { timeout: 10_000 };

async function fund(units: number): Promise<Seen> {
  const card = await (await office.slash('/server fund', { units })).reply();
  expect(card.text).toContain(`Give ${units} quota to this server`);
  await office.click(card, buttonOf(card, 'consent-yes'));
  return office.waitFor(({ text }) => text.includes(`**${units}** given`));
}
const ofServer = () => walletOf(chat.world, { serverId: guild.id });
const ofOwner = async () => walletOf(chat.world, { accountId: await accountOf(chat, owner) });
/** The question that came after this one. */
const nextQuestion = (card: Seen): Promise<Seen> =>
  place.waitFor(
    (message) =>
      message.id !== card.id &&
      message.buttons.some(({ customId }) => customId?.startsWith('v1:consent-yes:')),
  );

describe('a server that pays', () => {
  test('pays for its crew, says so on the card, and tells it in its channel', async () => {
    const card = await askForVideo(place);
    expect(card.text).toContain(
      '**Paid by** this server; its wallet has 10, and you may use 2 of it today',
    );
    expect(card.text).toContain('Left afterwards: **9**');
    await place.click(card, buttonOf(card, 'consent-yes'));
    await vi.waitFor(async () => expect(await ofServer()).toMatchObject({ held: 1 }), patience);
    await chat.world.drain();
    await ledger.waitFor(({ text }) => text.includes('spent on a video'));
    expect(await ofServer()).toEqual({ available: 9, held: 0, spent: 1 });
    expect(await ofOwner()).toEqual({ available: 100, held: 0, spent: 0 });
    const told = ledger.sees();
    const lines = told
      .flatMap(({ text }) => text.split('\n'))
      .filter((line) => line.startsWith('`'));
    expect(lines).toHaveLength(3);
    expect(lines[0]).toContain(`\`+10\` · <@${manager.id}> · given to the server · 10 left`);
    expect(lines[1]).toContain(`\`−1\` · <@${owner.id}> · set aside for a video`);
    expect(lines[1]).toContain('· 9 left');
    expect(lines[2]).toContain(`\`·1\` · <@${owner.id}> · spent on a video`);
    for (const { message } of told) expect(message.mentions).toEqual([]);
  });

  test('pays for what its crew asks the agent for', async () => {
    const card = await askAgentForVideo(place);
    expect(card.text).toContain('**Paid by** this server');
    await place.click(card, buttonOf(card, 'consent-yes'));
    await vi.waitFor(async () => expect(await ofServer()).toMatchObject({ held: 1 }), patience);
    expect(await ofOwner()).toMatchObject({ available: 100, held: 0 });
  });

  test('pays nothing in a private talk', async () => {
    const direct = owner.dm();
    const card = await askForVideo(direct);
    expect(card.text).not.toContain('Paid by');
    await direct.click(card, buttonOf(card, 'consent-yes'));
    await vi.waitFor(async () => expect(await ofOwner()).toMatchObject({ held: 1 }), patience);
    expect(await ofServer()).toMatchObject({ available: 10, held: 0 });
  });

  test('shows what is left of it on the card of a price', async () => {
    const turn = await place.slash('/video quote', { prompt: 'a paper boat on a quiet lake' });
    const quote = await turn.reply();
    const asked = await (await place.click(quote, buttonOf(quote, 'quote-generate'))).reply();
    expect(asked.text).toContain('**Paid by** this server');
  });
});

describe('a role that is taken away before the press', () => {
  test('starts nothing and asks anew, and then the person pays', async () => {
    const card = await askForVideo(place);
    guild.setRoles(owner.id, []);
    await place.click(card, buttonOf(card, 'consent-yes'));
    const next = await nextQuestion(card);
    expect(next.text).toContain('**Paid by** you; you have 100');
    expect(now(place, card).buttons).toEqual([]);
    expect(await ofServer()).toMatchObject({ available: 10, held: 0 });
    expect(await ofOwner()).toMatchObject({ available: 100, held: 0 });
    await place.click(next, buttonOf(next, 'consent-yes'));
    await vi.waitFor(async () => expect(await ofOwner()).toMatchObject({ held: 1 }), patience);
    expect(await ofServer()).toMatchObject({ available: 10, held: 0 });
  });

  test('asks anew for the agent too, which hears of what is decided then', async () => {
    const card = await askAgentForVideo(place);
    guild.setRoles(owner.id, []);
    await place.click(card, buttonOf(card, 'consent-yes'));
    const next = await nextQuestion(card);
    expect(next.text).toContain('**Paid by** you');
    await place.click(next, buttonOf(next, 'consent-no'));
    await place.waitFor(/Noted: declined: video_generate/u);
    expect(await ofOwner()).toMatchObject({ available: 100, held: 0 });
    expect(await ofServer()).toMatchObject({ available: 10, held: 0 });
  });
});

describe('the card of the settings', () => {
  test('changes who pays and the channel of the ledger', async () => {
    const card = await (await office.slash('/server show')).reply();
    expect(card.text).toContain('given to the server · 10 left');
    const listOf = (message: Seen, action: string) =>
      message.selects.find(({ customId }) => customId.split(':')[1] === action)?.customId ?? '';
    await office.select(card, listOf(card, 'server-pays'), ['person']);
    await vi.waitFor(async () => {
      expect(await readServer(chat.world.app, guild.id)).toMatchObject({ pays: 'person' });
    }, patience);
    await office.select(now(office, card), listOf(card, 'server-ledger'), []);
    await vi.waitFor(async () => {
      expect(await readServer(chat.world.app, guild.id)).toMatchObject({ ledgerChannel: null });
    }, patience);
    await vi.waitFor(() => expect(now(office, card).text).toContain('**Ledger channel** off'));
  });

  test('a ledger channel that does not exist is switched off, and the manager is told', async () => {
    await ledger.waitFor(/given to the server/u);
    await (await office.slash('/server update', { ledger_channel: gone })).reply();
    await givePacks(chat.world, await accountOf(chat, manager), 1);
    await fund(1);
    await manager.dm().waitFor(({ text }) => text.includes('I cannot write in <#'));
    expect(await readServer(chat.world.app, guild.id)).toMatchObject({ ledgerChannel: null });
  });
});

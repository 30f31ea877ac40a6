import { PermissionFlagsBits } from 'discord.js';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import type { Guild, Person, Place } from '../../sandbox/discord/discord.ts';
import {
  accountOf,
  askForVideo,
  buttonOf,
  newPrompt,
  plainModel,
} from '../../test/kit/chat-steps.ts';
import { createChat, expectNoViolation, type Chat } from '../../test/kit/chat.ts';
import { refusalOf } from './server-rules.ts';

const rules = { channels: [], roles: [], locale: null, visibility: 'everyone' } as const;
const member = {
  userId: '1',
  name: 'owner',
  language: 'en',
  serverId: '2',
  isManager: false,
  roles: ['r1'],
};

describe('who is refused', () => {
  test('nobody where nothing is settled', () => {
    expect(refusalOf(rules, member, ['c1'])).toBeNull();
  });

  test('whoever is in none of the channels; a thread counts as its channel', () => {
    const settled = { ...rules, channels: ['c1', 'c2'] };
    expect(refusalOf(settled, member, ['c3'])).toMatchObject({
      code: 'channel_not_allowed',
      params: { channels: '<#c1>, <#c2>' },
    });
    expect(refusalOf(settled, member, ['c2'])).toBeNull();
    expect(refusalOf(settled, member, ['thread', 'c1'])).toBeNull();
  });

  test('whoever has none of the roles', () => {
    expect(refusalOf({ ...rules, roles: ['r2'] }, member, ['c1'])).toMatchObject({
      code: 'role_not_allowed',
    });
    expect(refusalOf({ ...rules, roles: ['r2', 'r1'] }, member, ['c1'])).toBeNull();
  });

  test('never who manages the server', () => {
    const settled = { ...rules, channels: ['c1'], roles: ['r2'] };
    expect(refusalOf(settled, { ...member, isManager: true }, ['c3'])).toBeNull();
  });
});

let chat: Chat;
let number = 0;
let guild: Guild;
let owner: Person;
let manager: Person;
let here: Place;
let there: Place;
beforeAll(async () => {
  const chatModel = plainModel((words, everything) =>
    words === 'recall' ? { text: `Recalled: ${everything}` } : null,
  );
  chat = await createChat({ ports: { chatModel }, discord: { rateLimits: 'off' } });
});
afterEach(() => {
  expectNoViolation(chat);
});
afterAll(() => chat.close());

/** A server of its own with two channels and somebody who manages it. */
function openServer(): void {
  number += 1;
  const roles = [
    { name: `Crew ${number}` },
    { name: `Lead ${number}`, permissions: PermissionFlagsBits.ManageGuild },
  ];
  guild = chat.discord.guild(`Server ${number}`, { roles });
  owner = chat.discord.person(`owner ${number}`);
  manager = chat.discord.person('manager', { isManager: true });
  here = owner.in(guild.channel('general'));
  there = owner.in(guild.channel('elsewhere'));
}
const settle = async (options: Readonly<Record<string, string>>) => {
  const turn = await manager.in(guild.channel('general')).slash('/server update', options);
  const answer = await turn.reply();
  expect(answer.ephemeral).toBe(true);
};
const refused = /only in|only for|role|channel/iu;

describe('a server that has settled', () => {
  test('its channels answers in them and in their threads, and elsewhere says where', async () => {
    openServer();
    await settle({ channels: here.channelId });
    expect((await (await here.slash('/model list')).reply()).ephemeral).toBe(false);
    const turn = await there.slash('/model list');
    const refusal = await turn.reply();
    expect(refusal).toMatchObject({ ephemeral: true });
    expect(refusal.text).toContain(`<#${here.channelId}>`);
    const thread = here.thread(`talk ${number}`);
    await thread.say('@Jilo in a thread');
    await thread.waitFor(/You said: in a thread/u);
    await there.say('@Jilo elsewhere');
    await there.waitFor(
      (message) => !message.ephemeral && message.text.includes(`<#${here.channelId}>`),
    );
    expect(there.sees().some(({ text }) => text.includes('You said'))).toBe(false);
    expect(await there.suggest('/video generate', 'model', '')).toEqual([]);
    expect(await here.suggest('/video generate', 'model', '')).not.toEqual([]);
    const managers = manager.in(guild.channel('elsewhere'));
    expect((await (await managers.slash('/model list')).reply()).text).not.toContain('<#');
  });

  test('its roles answers those who have one, buttons and forms too', async () => {
    openServer();
    const crew = chat.discord.person(`other ${number}`, { roles: [`Crew ${number}`] });
    const card = await (await here.slash('/video list')).reply();
    const [role] = guild.roles().filter(({ name }) => name.startsWith('Crew'));
    await settle({ roles: role?.id ?? '' });
    const refusal = await (await here.slash('/model list')).reply();
    expect(refusal.ephemeral).toBe(true);
    expect(refusal.text).toMatch(refused);
    expect(await (await here.slash('/video generate')).acked()).toBe('answered');
    const [pressed = ''] = card.buttons.flatMap(({ customId }) => customId ?? []);
    expect((await (await here.click(card, pressed)).reply()).text).toMatch(refused);
    const answer = await (await crew.in(here).slash('/model list')).reply();
    expect(answer.ephemeral).toBe(false);
    await crew.in(here).say('@Jilo from the crew');
    await here.waitFor(/You said: from the crew/u);
    const lead = chat.discord.person(`manager ${number}`, { roles: [`Lead ${number}`] });
    await lead.in(here).say('@Jilo from the manager');
    await here.waitFor(/You said: from the manager/u);
    await here.say('@Jilo from outside');
    const said = await here.waitFor(
      (message) => message.author.isBot && refused.test(message.text),
    );
    expect(said.ephemeral).toBe(false);
    expect(here.sees().some(({ text }) => text.includes('You said: from outside'))).toBe(false);
  });

  test('its language and who sees results speaks and shows so', async () => {
    openServer();
    const before = await (await here.slash('/model list')).reply();
    await settle({ locale: 'zh', visibility: 'person' });
    const after = await (await here.slash('/model list')).reply();
    expect([before.ephemeral, after.ephemeral]).toEqual([false, true]);
    expect(before.text).not.toMatch(/\p{Script=Han}/u);
    expect(after.text).toMatch(/\p{Script=Han}/u);
    await settle({ locale: 'person', visibility: 'everyone' });
    const again = await (await here.slash('/model list')).reply();
    expect(again).toMatchObject({ ephemeral: false, text: before.text });
  });

  test('anything may only be changed by who manages it', async () => {
    openServer();
    await expect(here.slash('/server update', { visibility: 'person' })).rejects.toThrow(
      'not offered',
    );
    await expect(manager.dm().slash('/server show')).rejects.toThrow('not offered');
  });
});

describe('what is of one server', () => {
  test('is seen in no other and in nobody’s direct messages', async () => {
    openServer();
    const prompt = newPrompt();
    const card = await askForVideo(here, prompt);
    await here.click(card, buttonOf(card, 'consent-yes'));
    await here.waitFor(/0%|getting ready/iu);
    await chat.world.drain();
    const first = await (await here.slash('/video list')).reply();
    expect(first.text).toContain(prompt);
    const [video] = await here.suggest('/video show', 'video', '');
    const keyword = `boats ${number}`;
    await (await here.slash('/trend search', { keyword })).reply();
    const [trend] = await here.suggest('/trend show', 'trend', '');
    expect([video, trend]).not.toContain(undefined);
    await here.say(`@Jilo the secret is ${number}`);
    await here.waitFor(new RegExp(`You said: the secret is ${number}`, 'u'));

    openServerFor(owner);
    for (const place of [here, owner.dm()]) {
      expect((await (await place.slash('/video list')).reply()).text).not.toContain(prompt);
      expect(await place.suggest('/video show', 'video', '')).toEqual([]);
      expect(await place.suggest('/trend show', 'trend', '')).toEqual([]);
      const shown = await place.slash('/video show', { video: String(video?.value) });
      await shown.acked();
      await place.waitFor(/There is no video/u);
      const trendShown = await place.slash('/trend show', { trend: String(trend?.value) });
      await trendShown.acked();
      await place.waitFor(/There is no trend/u);
      await (await place.slash('/publication list')).reply();
    }
    expect(await accountOf(chat, owner)).toMatch(/^acc_/u);
  });

  test('is not remembered by the agent elsewhere', async () => {
    openServer();
    await here.say('@Jilo the password is swordfish');
    await here.waitFor(/You said: the password is swordfish/u);
    openServerFor(owner);
    for (const place of [here, owner.dm()]) {
      await place.say('@Jilo recall');
      const answer = await place.waitFor(/^Recalled: /u);
      expect(answer.text).not.toContain('swordfish');
    }
  });
});

/** Another server for the same person. */
function openServerFor(person: Person): void {
  openServer();
  owner = person;
  here = person.in(guild.channel('general'));
}

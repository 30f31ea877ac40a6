import { request } from 'node:http';

import { Client, Events, GatewayIntentBits, MessageFlags, Partials } from 'discord.js';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';

import { wallClock } from '../clock.ts';
import { startDiscord } from './discord.ts';
import type { DiscordEmulator } from './types.ts';

let emulator: DiscordEmulator;
const closers: (() => Promise<void> | void)[] = [];

beforeEach(async () => {
  emulator = await startDiscord({ clock: wallClock, token: 'sandbox-token', page: true });
  closers.push(() => emulator.close());
});
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const person = z.object({ id: z.string(), name: z.string(), locale: z.string() });
const message = z.looseObject({ id: z.string(), content: z.string(), flags: z.number() });
const stateShape = z.object({
  cursor: z.string(),
  you: person,
  people: z.array(person),
  botOnline: z.boolean(),
  channels: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      guildId: z.string().nullable(),
      parentId: z.string().optional(),
    }),
  ),
  messages: z.record(z.string(), z.array(message)),
  commands: z.record(z.string(), z.array(z.looseObject({ path: z.string() }))),
  violations: z.array(z.looseObject({ route: z.string() })),
});

async function readState(wanted?: string, headers: Record<string, string> = {}) {
  const query = wanted === undefined ? '' : `?person=${wanted}`;
  const response = await fetch(`${emulator.url}/page/state${query}`, { headers });
  return stateShape.parse(await response.json());
}

const answerShape = z.object({
  ok: z.boolean().optional(),
  refused: z.string().optional(),
  state: z.string().optional(),
  error: z.string().optional(),
  person: z.string().optional(),
  channel: z.string().optional(),
  choices: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
  modal: z.looseObject({ interactionId: z.string(), title: z.string() }).optional(),
});

async function post(body: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${emulator.url}/page/act`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: emulator.url, ...headers },
    body,
  });
  return { status: response.status, ...answerShape.parse(await response.json()) };
}

const act = (body: object) => post(JSON.stringify(body));

type Listening = {
  readonly events: { id: string; event: string; data: Record<string, unknown> }[];
  close(): void;
};

/** Reads a person's events until closed. */
async function listen(wanted: string, after: string, lastEventId?: string): Promise<Listening> {
  const abort = new AbortController();
  closers.push(() => abort.abort());
  const query = new URLSearchParams({ person: wanted, after });
  const response = await fetch(`${emulator.url}/page/events?${query.toString()}`, {
    signal: abort.signal,
    headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
  });
  expect(response.status).toBe(200);
  const events: Listening['events'] = [];
  const read = async (): Promise<void> => {
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const fields = Object.fromEntries(
          block.split('\n').map((line: string) => {
            const at = line.indexOf(': ');
            return [line.slice(0, at), line.slice(at + 2)];
          }),
        );
        const { id, event = 'message', data } = fields;
        if (id === undefined || data === undefined) continue;
        events.push({ id, event, data: z.record(z.string(), z.unknown()).parse(JSON.parse(data)) });
      }
    }
  };
  read().catch(() => undefined);
  return { events, close: () => abort.abort() };
}

const contents = ({ events }: Listening) =>
  events.flatMap(({ data }) => {
    const found = z.object({ message: z.object({ content: z.string() }) }).safeParse(data);
    return found.success ? [found.data.message.content] : [];
  });

const modal = {
  custom_id: 'form',
  title: 'Edit the prompt',
  components: [
    { type: 18, label: 'Prompt', component: { type: 4, custom_id: 'prompt', style: 2 } },
  ],
};

/** A bot that answers in each of the ways a page must show. */
async function startBot(): Promise<void> {
  const client = new Client({
    intents: [
      GatewayIntentBits.Guilds,
      GatewayIntentBits.GuildMessages,
      GatewayIntentBits.DirectMessages,
    ],
    partials: [Partials.Channel],
    rest: { api: emulator.apiUrl, cdn: emulator.cdnUrl },
  });
  closers.push(() => client.destroy());
  const ready = new Promise<Client<true>>((resolve) => {
    client.once(Events.ClientReady, resolve);
  });
  await client.login(emulator.token);
  const { application } = await ready;
  const option = { type: 3, name: 'topic', description: 'About what.', required: true };
  await application.commands.set([
    { name: 'whisper', description: 'Answers you alone.' },
    { name: 'form', description: 'Opens a form.' },
    { name: 'find', description: 'Finds.', options: [{ ...option, autocomplete: true }] },
  ]);
  client.on(Events.InteractionCreate, (interaction) => {
    if (interaction.isAutocomplete()) {
      void interaction.respond([
        { name: `Best of ${interaction.options.getFocused()}`, value: 'v' },
      ]);
    } else if (interaction.isModalSubmit()) {
      void interaction.reply(`got ${interaction.fields.getTextInputValue('prompt')}`);
    } else if (interaction.isChatInputCommand()) {
      if (interaction.commandName === 'form') void interaction.showModal(modal);
      else {
        const flags = MessageFlags.Ephemeral;
        void interaction.reply({ content: `secret for ${interaction.user.username}`, flags });
      }
    }
  });
}

test('the page lets in its own script and style only, by a nonce of its own each time', async () => {
  const first = await fetch(`${emulator.url}/`);
  const policy = first.headers.get('content-security-policy') ?? '';
  const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1];
  const html = await first.text();
  expect(policy.startsWith("default-src 'none'; ")).toBe(true);
  expect(policy).not.toContain('unsafe');
  expect(policy).toContain("frame-ancestors 'none'");
  expect(html).toContain(`<script type="module" src="/page/main.js" nonce="${nonce}">`);
  expect(html).not.toContain('{{nonce}}');
  const second = await fetch(`${emulator.url}/`);
  expect(second.headers.get('content-security-policy')).not.toBe(policy);
  expect(first.headers.get('x-content-type-options')).toBe('nosniff');
});

test('the page loads what it names, and nothing else of the folder is served', async () => {
  const html = await (await fetch(`${emulator.url}/`)).text();
  const named = [...html.matchAll(/(?:src|href)="(\/page\/[^"]+)"/g)].map(([, path]) => path ?? '');
  expect(named.length).toBeGreaterThan(3);
  const seen = new Set<string>();
  for (const path of named) {
    if (seen.has(path)) continue;
    seen.add(path);
    const response = await fetch(`${emulator.url}${path}`);
    const text = await response.text();
    expect([path, response.status]).toEqual([path, 200]);
    expect(response.headers.get('content-type')).toMatch(/^text\/(javascript|css); charset=utf-8$/);
    for (const [, name = ''] of text.matchAll(/from '\.\/([\w-]+\.js)'/g)) {
      named.push(`/page/${name}`);
    }
    expect(text).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write/);
  }
  for (const path of [
    '/page/page.html',
    '/page/../page.ts',
    '/page/%2e%2e/page.ts',
    '/page/none.js',
  ]) {
    expect([path, (await fetch(`${emulator.url}${path}`)).status]).toEqual([path, 404]);
  }
});

test("the emulator's own addresses are left alone", async () => {
  const response = await fetch(`${emulator.apiUrl}/v10/gateway/bot`, {
    headers: { authorization: `Bot ${emulator.token}` },
  });
  expect(response.status).toBe(200);
  expect(await response.json()).toHaveProperty('session_start_limit');
});

test('another name that points at loopback reads nothing', async () => {
  const { port } = new URL(emulator.url);
  const statusFor = (host: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const sent = request(
        { host: '127.0.0.1', port, path: '/page/state', headers: { host } },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      );
      sent.on('error', reject).end();
    });
  expect(await statusFor(`127.0.0.1:${port}`)).toBe(200);
  expect(await statusFor(`localhost:${port}`)).toBe(200);
  expect(await statusFor(`evil.example:${port}`)).toBe(403);
  expect(await statusFor(`127.0.0.1.evil.example:${port}`)).toBe(403);
  expect(await statusFor(`localhost@evil.example`)).toBe(403);
});

test('an address that is none does no harm', async () => {
  const { port } = new URL(emulator.url);
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path: '//' }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject).end();
  });
  expect(status).toBeGreaterThanOrEqual(400);
  expect((await fetch(`${emulator.url}/`)).status).toBe(200);
});

test('only the page itself may act', async () => {
  const body = JSON.stringify({ do: 'join', name: 'Mallory', locale: 'en-US' });
  for (const origin of ['https://evil.example', 'null', emulator.url.replace('http:', 'https:')]) {
    expect([origin, (await post(body, { origin })).status]).toEqual([origin, 403]);
  }
  const noOrigin = await fetch(`${emulator.url}/page/act`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  expect(noOrigin.status).toBe(403);
  expect((await post(body, { 'content-type': 'text/plain' })).status).toBe(415);
  expect(emulator.people()).toEqual([]);
  expect(await post(body)).toMatchObject({ status: 200, ok: true });
  expect(emulator.people().map(({ name }) => name)).toEqual(['Mallory']);
});

test('a body may be as long as the limit and not a byte longer', async () => {
  const body = JSON.stringify({ do: 'join', name: 'Ann', locale: 'en-US' });
  const limit = 15_000_000;
  expect((await post(body.padEnd(limit - 1))).status).toBe(200);
  expect((await post(body.padEnd(limit))).status).toBe(200);
  expect((await post(body.padEnd(limit + 1))).status).toBe(413);
  // Without its length in advance a body is cut off as soon as it is too long.
  const endless = new ReadableStream({ pull: (queue) => queue.enqueue(new Uint8Array(1_000_000)) });
  const cut = await fetch(`${emulator.url}/page/act`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: emulator.url },
    body: endless,
    duplex: 'half',
  }).then(
    ({ status }) => status,
    () => 'connection closed',
  );
  expect([413, 'connection closed']).toContain(cut);
  expect(emulator.people().map(({ name }) => name)).toEqual(['Ann']);
});

test('what is not an act is refused with the reason', async () => {
  expect((await post('{')).status).toBe(400);
  expect(await act({ do: 'fly' })).toMatchObject({ status: 400, refused: expect.any(String) });
  expect(await act({ do: 'join', name: ' ', locale: 'en-US' })).toMatchObject({ status: 400 });
  expect(await act({ do: 'join', name: 'x'.repeat(33), locale: 'en-US' })).toMatchObject({
    status: 400,
  });
  expect(await act({ do: 'say', person: '1', channel: '2', text: 'x' })).toMatchObject({
    status: 404,
    refused: 'Unknown person',
  });
});

test('a newcomer is met in the language of the browser, and stays who they are', async () => {
  const chinese = { 'accept-language': 'zh-CN,zh;q=0.9,en;q=0.8' };
  const first = await readState(undefined, chinese);
  expect(first.you).toMatchObject({ name: '你', locale: 'zh-CN' });
  await act({ do: 'language', person: first.you.id, locale: 'en-US' });
  const again = await readState(undefined, chinese);
  expect(again.you).toEqual({ ...first.you, locale: 'en-US' });
  expect(again.people).toHaveLength(1);
});

test.each([
  ['en-GB,zh;q=0.5', 'You', 'en-US'],
  ['zh', '你', 'zh-CN'],
  ['zh-TW', '你', 'zh-CN'],
  ['fr-FR,zh;q=0.9,en;q=0.8', '你', 'zh-CN'],
  ['fr-FR,fr;q=0.9', 'You', 'en-US'],
  ['zha', 'You', 'en-US'],
  ['', 'You', 'en-US'],
])('a browser that asks for "%s" is met as %s', async (language, name, locale) => {
  const { you } = await readState(undefined, { 'accept-language': language });
  expect(you).toMatchObject({ name, locale });
});

test('a browser of the other language gets a person of its own, and other pages hear of it', async () => {
  const { you, cursor } = await readState(undefined, { 'accept-language': 'en-US' });
  const page = await listen(you.id, cursor);
  const other = await readState(undefined, { 'accept-language': 'zh-CN' });
  expect(other.you.id).not.toBe(you.id);
  expect(other.people.map(({ name }) => name)).toEqual(['You', '你']);
  await vi.waitFor(() => {
    expect(page.events.map(({ data }) => data['type'])).toEqual(['people']);
  });
});

test('a person changes the language and another one joins; every page hears of it', async () => {
  const { you, cursor } = await readState();
  const page = await listen(you.id, cursor);
  expect(await act({ do: 'language', person: you.id, locale: 'zh-CN' })).toMatchObject({
    ok: true,
  });
  const joined = await act({ do: 'join', name: 'Mina', locale: 'en-US' });
  const state = await readState(joined.person);
  expect(state.you).toMatchObject({ name: 'Mina', locale: 'en-US' });
  expect(state.people.map(({ locale }) => locale)).toEqual(['zh-CN', 'en-US']);
  await vi.waitFor(() => {
    expect(page.events.map(({ data }) => data['type'])).toEqual(['people', 'people']);
  });
});

test('what is for one person alone never reaches the page of another', async () => {
  await startBot();
  const alice = emulator.person('Alice');
  const bob = emulator.person('Bob');
  const general = alice.channelId;
  const { cursor } = await readState(bob.id);
  const forBob = await listen(bob.id, cursor);
  const forAlice = await listen(alice.id, cursor);
  const at = { person: alice.id, channel: general };
  expect(await act({ do: 'slash', ...at, command: '/whisper', options: {} })).toMatchObject({
    ok: true,
    state: 'answered',
  });
  await act({ do: 'say', person: alice.id, channel: alice.dm().channelId, text: 'between us' });
  await act({ do: 'say', ...at, text: 'for everyone' });
  await vi.waitFor(() => expect(contents(forBob)).toContain('for everyone'));
  await vi.waitFor(() => expect(contents(forAlice)).toContain('for everyone'));
  expect(contents(forAlice)).toEqual(['secret for alice', 'between us', 'for everyone']);
  expect(contents(forBob)).toEqual(['for everyone']);
  const late = await listen(bob.id, cursor);
  await vi.waitFor(() => expect(contents(late)).toEqual(['for everyone']));
  const state = JSON.stringify(await readState(bob.id));
  expect(state).not.toContain('secret');
  expect(state).not.toContain('between us');
  expect(JSON.stringify(await readState(alice.id))).toContain('secret for alice');
});

test("nobody writes in somebody else's direct messages", async () => {
  const alice = emulator.person('Alice');
  const bob = emulator.person('Bob');
  const channel = alice.dm().channelId;
  expect(await act({ do: 'say', person: bob.id, channel, text: 'hello' })).toMatchObject({
    status: 404,
    refused: 'Unknown Channel',
  });
  expect(alice.dm().sees()).toEqual([]);
});

test('a message that answers a command says which', async () => {
  await startBot();
  const { you } = await readState();
  const channel = emulator.person(you.name).channelId;
  await act({ do: 'slash', person: you.id, channel, command: '/whisper', options: {} });
  const { messages, commands } = await readState(you.id);
  expect(messages[channel]).toMatchObject([{ command: '/whisper', flags: 64 }]);
  expect(commands[channel]?.map(({ path }) => path).toSorted()).toEqual([
    '/find',
    '/form',
    '/whisper',
  ]);
});

test('a form is opened, kept from others, and sent', async () => {
  await startBot();
  const alice = emulator.person('Alice');
  const bob = emulator.person('Bob');
  const { channelId: channel } = alice;
  const at = { person: alice.id, channel };
  const { modal: opened } = await act({ do: 'slash', ...at, command: '/form', options: {} });
  expect(opened).toMatchObject({ title: 'Edit the prompt' });
  const sent = { do: 'submit', form: opened?.interactionId, fields: { prompt: 'a paper boat' } };
  expect(await act({ ...sent, person: bob.id, channel })).toMatchObject({ status: 404 });
  expect(await act({ ...sent, ...at })).toMatchObject({ ok: true, state: 'answered' });
  expect(alice.sees().map(({ text }) => text)).toEqual(['got a paper boat']);
  expect(await act({ ...sent, ...at })).toMatchObject({ refused: 'This form is closed' });
});

test('suggestions come from the bot; a missing option is refused in words', async () => {
  await startBot();
  const alice = emulator.person('Alice');
  const at = { person: alice.id, channel: alice.channelId };
  const asked = {
    do: 'suggest',
    ...at,
    command: '/find',
    field: 'topic',
    typed: 'AI',
    options: {},
  };
  expect((await act(asked)).choices).toEqual([{ name: 'Best of AI', value: 'v' }]);
  const { ok, refused } = await act({ do: 'slash', ...at, command: '/find', options: {} });
  expect(ok).toBeUndefined();
  expect(refused).toContain('topic');
});

test('a thread stands among the channels and its messages arrive', async () => {
  const alice = emulator.person('Alice');
  const { cursor } = await readState(alice.id);
  const page = await listen(alice.id, cursor);
  const at = { person: alice.id, channel: alice.channelId };
  const { channel } = await act({ do: 'thread', ...at, name: 'ideas' });
  await act({ do: 'say', person: alice.id, channel, text: 'inside' });
  const { channels, messages } = await readState(alice.id);
  expect(channels).toContainEqual(
    expect.objectContaining({ id: channel, name: 'ideas', parentId: alice.channelId }),
  );
  expect(messages[channel ?? '']?.map(({ content }) => content)).toEqual(['inside']);
  await vi.waitFor(() => expect(contents(page)).toEqual(['inside']));
});

test('what Discord refuses reaches the page in its own words', async () => {
  const alice = emulator.person('Alice');
  const { cursor } = await readState(alice.id);
  const page = await listen(alice.id, cursor);
  const button = { type: 2, style: 1, label: 'Go', custom_id: 'same' };
  const refused = await fetch(`${emulator.apiUrl}/v10/channels/${alice.channelId}/messages`, {
    method: 'POST',
    headers: { authorization: `Bot ${emulator.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ components: [{ type: 1, components: [button, button] }] }),
  });
  expect(refused.status).toBe(400);
  await vi.waitFor(() => {
    expect(page.events.map(({ data }) => data)).toMatchObject([
      { type: 'violation', violation: { method: 'POST', status: 400, code: 50_035 } },
    ]);
  });
  expect(JSON.stringify(page.events)).toContain('COMPONENT_CUSTOM_ID_DUPLICATED');
  expect((await readState(alice.id)).violations).toHaveLength(1);
});

test('a page that comes back gets what it missed, once and in order', async () => {
  const alice = emulator.person('Alice');
  const { cursor } = await readState(alice.id);
  const before = await listen(alice.id, cursor);
  await alice.say('one');
  await vi.waitFor(() => expect(contents(before)).toEqual(['one']));
  before.close();
  await alice.say('two');
  await alice.say('three');
  const seen = before.events.at(-1)?.id ?? '';
  const byQuery = await listen(alice.id, seen);
  await vi.waitFor(() => expect(contents(byQuery)).toEqual(['two', 'three']));
  const byHeader = await listen(alice.id, cursor, seen);
  await vi.waitFor(() => expect(contents(byHeader)).toEqual(['two', 'three']));
  expect(byHeader.events.some(({ event }) => event === 'reset')).toBe(false);
});

test('a page from before a restart, or with a cursor of nowhere, reads everything anew', async () => {
  const alice = emulator.person('Alice');
  await alice.say('old');
  const { cursor } = await readState(alice.id);
  const run = cursor.split('-')[0];
  for (const after of ['0123456789ab-1', '', 'nonsense', `${run}-999`]) {
    const page = await listen(alice.id, after);
    await vi.waitFor(() => expect(page.events.map(({ event }) => event)).toEqual(['reset']));
    expect(page.events[0]?.id).toBe(cursor);
  }
});

test('a thousand events are kept for a page that is away', async () => {
  const alice = emulator.person('Alice');
  const { cursor } = await readState(alice.id);
  for (let number = 1; number <= 1000; number += 1) await alice.say(`message ${number}`);
  const inTime = await listen(alice.id, cursor);
  await vi.waitFor(() => expect(contents(inTime)).toHaveLength(1000));
  expect(contents(inTime)[0]).toBe('message 1');
  await alice.say('one more');
  const tooLate = await listen(alice.id, cursor);
  await vi.waitFor(() => expect(tooLate.events[0]?.event).toBe('reset'));
  expect(contents(tooLate)).toEqual([]);
});

test('there are no events for a person who is not there', async () => {
  expect((await fetch(`${emulator.url}/page/events?person=1&after=`)).status).toBe(404);
});

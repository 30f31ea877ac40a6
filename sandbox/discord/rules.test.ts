import {
  Client,
  DiscordAPIError,
  Events,
  GatewayIntentBits,
  InteractionResponseType,
  MessageFlags,
  Routes,
  type Interaction,
  type RawFile,
} from 'discord.js';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';

import { createManualClock } from '../clock.ts';
import { startDiscord } from './discord.ts';
import type { DiscordEmulator, Person, Place, TextChannel } from './types.ts';

const V2 = MessageFlags.IsComponentsV2;
const Ephemeral = MessageFlags.Ephemeral;

const clock = createManualClock(new Date('2026-11-22T12:00:00Z'));
let emulator: DiscordEmulator;
let client: Client;
let channel: TextChannel;
let alice: Person;
let bob: Person;
const arrived: Interaction[] = [];

beforeAll(async () => {
  emulator = await startDiscord({ clock, token: 'secret', rateLimits: 'off', uploadLimit: 1000 });
  const guild = emulator.guild('Lab');
  channel = guild.channel('general');
  alice = emulator.person('Alice');
  bob = emulator.person('Bob');
  client = new Client({
    intents: [GatewayIntentBits.Guilds],
    rest: { api: emulator.apiUrl, cdn: emulator.cdnUrl, retries: 0 },
  });
  client.on(Events.InteractionCreate, (interaction) => void arrived.push(interaction));
  await client.login('secret');
  await emulator.connected();
  await client.rest.put(Routes.applicationCommands(emulator.applicationId), {
    body: [
      { name: 'go', description: 'Go', integration_types: [0, 1], contexts: [0, 1, 2] },
      {
        name: 'find',
        description: 'Find',
        options: [{ type: 3, name: 'what', description: 'x', autocomplete: true }],
      },
    ],
  });
});
afterAll(async () => {
  expect(emulator.selfFaults).toEqual([]);
  await client.destroy();
  await emulator.close();
});
beforeEach(() => {
  arrived.length = 0;
});

type Answer = { readonly status: number; readonly code: number; readonly errors: unknown };

/** What the REST call was refused with; null when it went through. */
async function refusal(work: Promise<unknown>): Promise<Answer | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (!(error instanceof DiscordAPIError)) throw error;
    const { errors } = z.looseObject({ errors: z.unknown().optional() }).parse(error.rawError);
    return { status: error.status, code: Number(error.code), errors };
  }
}

const idOf = (answer: unknown) => z.looseObject({ id: z.string() }).parse(answer).id;
const post = (body: object, files?: RawFile[]) =>
  client.rest.post(Routes.channelMessages(channel.id), { body, ...(files ? { files } : {}) });
const patch = (id: string, body: object) =>
  client.rest.patch(Routes.channelMessage(channel.id, id), { body });

async function interact(act: Promise<unknown>): Promise<Interaction> {
  const before = arrived.length;
  await act;
  await vi.waitFor(() => expect(arrived.length).toBeGreaterThan(before));
  const [interaction] = arrived.slice(before);
  if (!interaction) throw new Error('no interaction');
  return interaction;
}
const callback = ({ id, token }: Interaction, type: number, data?: object) =>
  client.rest.post(Routes.interactionCallback(id, token), {
    body: { type, ...(data ? { data } : {}) },
    auth: false,
  });
const followUp = ({ token }: Interaction, body: object) =>
  client.rest.post(Routes.webhook(emulator.applicationId, token), { body, auth: false });
const editOriginal = ({ token }: Interaction, body: object) =>
  client.rest.patch(Routes.webhookMessage(emulator.applicationId, token), { body, auth: false });
const go = (place: Place = alice) => interact(place.slash('/go'));

const x = (length: number) => 'x'.repeat(length);
const times = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index));
const button = (id: string, label = 'Press') => ({ type: 2, style: 1, custom_id: id, label });
const row = (...components: object[]) => ({ type: 1, components });
const text = (content: string) => ({ type: 10, content });
const option = (value: string) => ({ label: `L${value}`, value });
const select = (id: string, options: object[], more: object = {}) => ({
  type: 3,
  custom_id: id,
  options,
  ...more,
});
const v2 = (...components: object[]) => ({ flags: V2, components });
const field = { name: 'n', value: 'v' };

/** The path and inner code of the first error of a tree. */
function firstError(errors: unknown): string {
  let node = errors;
  const path: string[] = [];
  for (;;) {
    const entries: [string, unknown][] =
      typeof node === 'object' && node !== null ? Object.entries(node) : [];
    const [entry] = entries;
    if (!entry) return path.join('.');
    if (entry[0] === '_errors') {
      const [{ code } = { code: '' }] = z
        .array(z.looseObject({ code: z.string() }))
        .parse(entry[1]);
      return `${path.join('.')} ${code}`;
    }
    path.push(entry[0]);
    node = entry[1];
  }
}

// Each rule with the last body that passes and the first that does not.
const messageRules: [string, object, object, string][] = [
  ['content', { content: x(2000) }, { content: x(2001) }, 'content BASE_TYPE_MAX_LENGTH'],
  [
    'embed title',
    { embeds: [{ title: x(256) }] },
    { embeds: [{ title: x(257) }] },
    'embeds.0.title BASE_TYPE_MAX_LENGTH',
  ],
  [
    'embed description',
    { embeds: [{ description: x(4096) }] },
    { embeds: [{ description: x(4097) }] },
    'embeds.0.description BASE_TYPE_MAX_LENGTH',
  ],
  [
    'embed fields',
    { embeds: [{ fields: times(25, () => field) }] },
    { embeds: [{ fields: times(26, () => field) }] },
    'embeds.0.fields BASE_TYPE_MAX_LENGTH',
  ],
  [
    'embed field name',
    { embeds: [{ fields: [{ ...field, name: x(256) }] }] },
    { embeds: [{ fields: [{ ...field, name: x(257) }] }] },
    'embeds.0.fields.0.name BASE_TYPE_MAX_LENGTH',
  ],
  [
    'embed field value',
    { embeds: [{ fields: [{ ...field, value: x(1024) }] }] },
    { embeds: [{ fields: [{ ...field, value: x(1025) }] }] },
    'embeds.0.fields.0.value BASE_TYPE_MAX_LENGTH',
  ],
  [
    'embed footer',
    { embeds: [{ title: 't', footer: { text: x(2048) } }] },
    { embeds: [{ title: 't', footer: { text: x(2049) } }] },
    'embeds.0.footer.text BASE_TYPE_MAX_LENGTH',
  ],
  [
    'embed author',
    { embeds: [{ author: { name: x(256) } }] },
    { embeds: [{ author: { name: x(257) } }] },
    'embeds.0.author.name BASE_TYPE_MAX_LENGTH',
  ],
  [
    'all embeds',
    { embeds: [{ description: x(4000) }, { description: x(2000) }] },
    { embeds: [{ description: x(4000) }, { description: x(2001) }] },
    'embeds MAX_EMBED_SIZE_EXCEEDED',
  ],
  [
    'number of embeds',
    { embeds: times(10, () => ({ title: 't' })) },
    { embeds: times(11, () => ({ title: 't' })) },
    'embeds BASE_TYPE_MAX_LENGTH',
  ],
  [
    'empty embed',
    { embeds: [{ title: 't' }] },
    { embeds: [{}] },
    'embeds.0.description BASE_TYPE_REQUIRED',
  ],
  [
    'rows',
    { components: times(5, (n) => row(button(`b${n}`))) },
    { components: times(6, (n) => row(button(`b${n}`))) },
    'components BASE_TYPE_BAD_LENGTH',
  ],
  [
    'buttons in a row',
    { components: [row(...times(5, (n) => button(`b${n}`)))] },
    { components: [row(...times(6, (n) => button(`b${n}`)))] },
    'components.0.components BASE_TYPE_BAD_LENGTH',
  ],
  [
    'a select fills its row',
    { components: [row(select('s', [option('1')]))] },
    { components: [row(select('s', [option('1')]), button('b'))] },
    'components.0.components.1 COMPONENT_LAYOUT_WIDTH_EXCEEDED',
  ],
  [
    'select options',
    {
      components: [
        row(
          select(
            's',
            times(25, (n) => option(`${n}`)),
          ),
        ),
      ],
    },
    {
      components: [
        row(
          select(
            's',
            times(26, (n) => option(`${n}`)),
          ),
        ),
      ],
    },
    'components.0.components.0.options BASE_TYPE_BAD_LENGTH',
  ],
  [
    'select without options',
    { components: [row(select('s', [option('1')]))] },
    { components: [row(select('s', []))] },
    'components.0.components.0.options BASE_TYPE_MIN_LENGTH',
  ],
  [
    'select values',
    { components: [row(select('s', [option('1'), option('2')]))] },
    { components: [row(select('s', [option('1'), option('1')]))] },
    'components.0.components.0.options.1.value SELECT_COMPONENT_OPTION_VALUE_DUPLICATED',
  ],
  [
    'select placeholder',
    { components: [row(select('s', [option('1')], { placeholder: x(150) }))] },
    { components: [row(select('s', [option('1')], { placeholder: x(151) }))] },
    'components.0.components.0.placeholder BASE_TYPE_MAX_LENGTH',
  ],
  [
    'select max_values',
    { components: [row(select('s', [option('1'), option('2')], { max_values: 2 }))] },
    { components: [row(select('s', [option('1'), option('2')], { max_values: 3 }))] },
    'components.0.components.0.max_values BASE_TYPE_BAD_LENGTH',
  ],
  [
    'custom_id length',
    { components: [row(button(x(100)))] },
    { components: [row(button(x(101)))] },
    'components.0.components.0.custom_id BASE_TYPE_BAD_LENGTH',
  ],
  [
    'button label',
    { components: [row(button('b', x(80)))] },
    { components: [row(button('b', x(81)))] },
    'components.0.components.0.label BASE_TYPE_MAX_LENGTH',
  ],
  [
    'button with neither label nor emoji',
    { components: [row({ type: 2, style: 1, custom_id: 'b', emoji: { name: '🔥' } })] },
    { components: [row({ type: 2, style: 1, custom_id: 'b' })] },
    'components.0.components.0.label BASE_TYPE_REQUIRED',
  ],
  [
    'link button',
    { components: [row({ type: 2, style: 5, label: 'l', url: 'https://example.com' })] },
    { components: [row({ type: 2, style: 5, label: 'l' })] },
    'components.0.components.0.url BASE_TYPE_REQUIRED',
  ],
  [
    'custom_ids, disabled ones too',
    { components: [row(button('a'), button('b'))] },
    { components: [row({ ...button('a'), disabled: true }, button('a'))] },
    'components.0.components.1.custom_id COMPONENT_CUSTOM_ID_DUPLICATED',
  ],
  [
    'components V2 need their flag',
    v2(text('t')),
    { content: 'c', components: [text('t')] },
    'components.0.type UNION_TYPE_CHOICES',
  ],
  [
    'no content beside V2',
    v2(text('t')),
    { ...v2(text('t')), content: 'c' },
    'content MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
  ],
  [
    'no embeds beside V2',
    { ...v2(text('t')), embeds: [] },
    { ...v2(text('t')), embeds: [{ title: 't' }] },
    'embeds MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
  ],
  [
    '40 components, nested ones counted',
    v2({ type: 17, components: times(39, () => text('t')) }),
    v2({ type: 17, components: times(40, () => text('t')) }),
    'components COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED',
  ],
  [
    '4000 characters of text',
    v2(text(x(2000)), text(x(2000))),
    v2(text(x(2000)), text(x(2001))),
    'components COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED',
  ],
  [
    'gallery items',
    v2({ type: 12, items: times(10, () => ({ media: { url: 'https://example.com/a.png' } })) }),
    v2({ type: 12, items: times(11, () => ({ media: { url: 'https://example.com/a.png' } })) }),
    'components.0.items BASE_TYPE_BAD_LENGTH',
  ],
  [
    'empty container',
    v2({ type: 17, components: [text('t')] }),
    v2({ type: 17, components: [] }),
    'components.0.components BASE_TYPE_MIN_LENGTH',
  ],
  [
    'media that was not uploaded',
    v2({ type: 12, items: [{ media: { url: 'https://example.com/a.png' } }] }),
    v2({ type: 12, items: [{ media: { url: 'attachment://a.png' } }] }),
    'components.0.items.0.media.url UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND',
  ],
  [
    'mentions: parse and list',
    { content: 'c', allowed_mentions: { parse: [], users: ['1'] } },
    { content: 'c', allowed_mentions: { parse: ['users'], users: ['1'] } },
    'allowed_mentions MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE',
  ],
  [
    'attachments that do not exist',
    { content: 'c', attachments: [] },
    { content: 'c', attachments: [{ id: '0' }] },
    'attachments.0.id ATTACHMENT_NOT_FOUND',
  ],
];

test.each(messageRules)('message: %s', async (_rule, good, bad, error) => {
  expect(await refusal(post(good))).toBeNull();
  const refused = await refusal(post(bad));
  expect(refused).toMatchObject({ status: 400, code: 50035 });
  expect(firstError(refused?.errors)).toBe(error);
});

test('an empty message is refused, blanks are empty', async () => {
  for (const body of [{}, { content: ' \n' }, { content: '', embeds: [] }, v2()]) {
    expect(await refusal(post(body))).toMatchObject({ status: 400, code: 50006 });
  }
});

test('the V2 flag stays, and a legacy message becomes V2 only when cleared in the same edit', async () => {
  const modern = idOf(await post(v2(text('one'))));
  expect(await refusal(patch(modern, { components: [text('two')] }))).toBeNull();
  const removed = await refusal(patch(modern, { flags: 0, components: [] }));
  expect(firstError(removed?.errors)).toBe('flags MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG');
  const legacy = idOf(await post({ content: 'old' }));
  const kept = await refusal(patch(legacy, v2(text('new'))));
  expect(firstError(kept?.errors)).toBe(
    'content MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
  );
  const blank = await refusal(patch(legacy, { ...v2(text('new')), content: '' }));
  expect(firstError(blank?.errors)).toBe(
    'content MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
  );
  const cleared = { ...v2(text('new')), content: null, embeds: [] };
  expect(await refusal(patch(legacy, cleared))).toBeNull();
});

test('uploads: 1000 bytes pass here, 1001 do not; references must be uploaded', async () => {
  const file = (size: number): RawFile => ({ name: 'clip.mp4', data: Buffer.alloc(size) });
  const card = v2({ type: 12, items: [{ media: { url: 'attachment://clip.mp4' } }] });
  const sent = z
    .looseObject({ attachments: z.array(z.looseObject({ url: z.string(), size: z.number() })) })
    .parse(await post(card, [file(1000)]));
  expect(await refusal(post(card, [file(1001)]))).toMatchObject({ status: 413, code: 40005 });
  const url = sent.attachments[0]?.url ?? '';
  const whole = await fetch(url);
  expect(whole.headers.get('content-type')).toBe('video/mp4');
  expect((await whole.arrayBuffer()).byteLength).toBe(1000);
  const part = await fetch(url, { headers: { range: 'bytes=100-199' } });
  expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 100-199/1000']);
  expect((await part.arrayBuffer()).byteLength).toBe(100);
  const tail = await fetch(url, { headers: { range: 'bytes=-1' } });
  expect(tail.headers.get('content-range')).toBe('bytes 999-999/1000');
  expect((await fetch(url, { headers: { range: 'bytes=1000-' } })).status).toBe(416);
});

test('who may edit what', async () => {
  const hers = await alice.say('hello');
  expect(await refusal(patch(hers.id, { content: 'no' }))).toMatchObject({
    status: 403,
    code: 50005,
  });
  expect(await refusal(patch('1', { content: 'no' }))).toMatchObject({ status: 404, code: 10008 });
  expect(await refusal(client.rest.get(Routes.channel('1')))).toMatchObject({ code: 10003 });
  expect(await refusal(client.rest.get(Routes.user('1')))).toMatchObject({ code: 10013 });
  expect(await refusal(client.rest.get(Routes.guild('1')))).toMatchObject({ code: 10004 });
  expect(await refusal(client.rest.get('/nowhere'))).toMatchObject({ status: 404, code: 0 });
});

test('the first answer must come within 3 seconds', async () => {
  const inTime = await go();
  clock.advance(2999);
  expect(await refusal(callback(inTime, 4, { content: 'in time' }))).toBeNull();
  const before = emulator.violations.length;
  const turn = alice.slash('/go');
  const late = await interact(turn);
  clock.advance(3000);
  expect(await (await turn).failed()).toBe('The application did not respond');
  expect(emulator.violations.at(before)).toMatchObject({ status: 0 });
  expect(await refusal(callback(late, 4, { content: 'late' }))).toMatchObject({
    status: 404,
    code: 10062,
  });
  expect(await refusal(followUp(late, { content: 'late' }))).toMatchObject({ code: 50027 });
  await expect((await turn).reply()).rejects.toThrow('did not respond');
});

test('one answer per interaction', async () => {
  const interaction = await go();
  expect(await refusal(callback(interaction, 4, { content: 'one' }))).toBeNull();
  expect(await refusal(callback(interaction, 5))).toMatchObject({ status: 400, code: 40060 });
});

test('the token lives 15 minutes', async () => {
  const interaction = await go();
  await callback(interaction, 5);
  clock.advance(15 * 60_000 - 1);
  expect(await refusal(editOriginal(interaction, { content: 'still' }))).toBeNull();
  clock.advance(1);
  const dead = { status: 401, code: 50027 };
  expect(await refusal(editOriginal(interaction, { content: 'over' }))).toMatchObject(dead);
  expect(await refusal(followUp(interaction, { content: 'over' }))).toMatchObject(dead);
});

test('nothing goes through the webhook before the first answer', async () => {
  const interaction = await go();
  expect(await refusal(editOriginal(interaction, { content: 'x' }))).toMatchObject({ code: 10015 });
  expect(await refusal(followUp(interaction, { content: 'x' }))).toMatchObject({ code: 10015 });
  await callback(interaction, 5);
  expect(await refusal(editOriginal(interaction, { content: 'x' }))).toBeNull();
});

test('callback types fit what they answer', async () => {
  const command = await go();
  for (const type of [6, 7, 8]) {
    const refused = await refusal(callback(command, type, { content: 'x' }));
    expect(firstError(refused?.errors)).toBe('type BASE_TYPE_CHOICES');
  }
  const typing = await interact(
    Promise.resolve(void alice.suggest('/find', 'what', 'a').catch(() => 0)),
  );
  const refused = await refusal(callback(typing, 4, { content: 'x' }));
  expect(firstError(refused?.errors)).toBe('type BASE_TYPE_CHOICES');
  const choices = (count: number) => ({
    choices: times(count, (n) => ({ name: `${n}`, value: `${n}` })),
  });
  const many = await refusal(callback(typing, 8, choices(26)));
  expect(firstError(many?.errors)).toBe('data.choices BASE_TYPE_MAX_LENGTH');
  expect(await refusal(callback(typing, 8, choices(25)))).toBeNull();
  for (const flags of [V2, V2 | Ephemeral]) {
    const wrong = await refusal(callback(command, 5, { flags }));
    expect(firstError(wrong?.errors)).toBe('data.flags BASE_TYPE_CHOICES');
  }
  expect(await refusal(callback(command, 5, { flags: Ephemeral }))).toBeNull();
});

const modal = (more: object = {}) => ({
  custom_id: 'm',
  title: 'Title',
  components: [label('a')],
  ...more,
});
const label = (id: string, more: object = {}) => ({
  type: 18,
  label: `Label ${id}`,
  component: { type: 4, custom_id: id, style: 1, ...more },
});
const modalRules: [string, object, object, string][] = [
  ['title', modal({ title: x(45) }), modal({ title: x(46) }), 'data.title BASE_TYPE_BAD_LENGTH'],
  [
    'components',
    modal({ components: times(5, (n) => label(`${n}`)) }),
    modal({ components: times(6, (n) => label(`${n}`)) }),
    'data.components BASE_TYPE_BAD_LENGTH',
  ],
  ['no components', modal(), modal({ components: [] }), 'data.components BASE_TYPE_MIN_LENGTH'],
  [
    'text value',
    modal({ components: [label('a', { value: x(4000) })] }),
    modal({ components: [label('a', { value: x(4001) })] }),
    'data.components.0.component.value BASE_TYPE_BAD_LENGTH',
  ],
  [
    'value within its own bounds',
    modal({ components: [label('a', { value: x(10), max_length: 10 })] }),
    modal({ components: [label('a', { value: x(11), max_length: 10 })] }),
    'data.components.0.component.value BASE_TYPE_BAD_LENGTH',
  ],
  [
    'custom_ids',
    modal({ components: [label('a'), label('b')] }),
    modal({ components: [label('a'), label('a')] }),
    'data.components.1.component.custom_id COMPONENT_CUSTOM_ID_DUPLICATED',
  ],
];

test.each(modalRules)('modal: %s', async (_rule, good, bad, error) => {
  const interaction = await go();
  const refused = await refusal(callback(interaction, 9, bad));
  expect(refused).toMatchObject({ code: 50035 });
  expect(firstError(refused?.errors)).toBe(error);
  expect(await refusal(callback(interaction, 9, good))).toBeNull();
});

test('a form cannot be answered with a form', async () => {
  const turn = alice.slash('/go');
  await callback(await interact(turn), 9, modal());
  const form = await (await turn).modal();
  const submitted = await interact(alice.submit(form, { 'Label a': 'x' }));
  const refused = await refusal(callback(submitted, 9, modal()));
  expect(firstError(refused?.errors)).toBe('type BASE_TYPE_CHOICES');
  expect(await refusal(callback(submitted, 4, { content: 'thanks' }))).toBeNull();
});

test('a refused first answer leaves the interaction open; errors of callbacks lie under data', async () => {
  const interaction = await go();
  const refused = await refusal(callback(interaction, 4, { content: x(2001) }));
  expect(firstError(refused?.errors)).toBe('data.content BASE_TYPE_MAX_LENGTH');
  expect(await refusal(callback(interaction, 4, { content: 'short' }))).toBeNull();
});

test('the first follow-up fills the thinking message and cannot change who sees it', async () => {
  const turn = alice.slash('/go');
  const interaction = await interact(turn);
  await callback(interaction, InteractionResponseType.DeferredChannelMessageWithSource);
  const thinking = alice.sees().at(-1);
  expect(thinking?.thinking).toBe(true);
  await followUp(interaction, { content: 'filled', flags: Ephemeral });
  const reply = await (await turn).reply();
  expect(reply).toMatchObject({ id: thinking?.id, text: 'filled', ephemeral: false, edits: 0 });
  await followUp(interaction, { content: 'second', flags: Ephemeral });
  expect(bob.sees().at(-1)?.text).toBe('filled');
  expect(alice.sees().at(-1)).toMatchObject({ text: 'second', ephemeral: true });
});

test('an ephemeral message is out of reach of the bot token and of other people', async () => {
  const interaction = await go();
  await callback(interaction, 4, {
    content: 'psst',
    flags: Ephemeral,
    components: [row(button('b'))],
  });
  const secret = alice.sees().at(-1);
  if (!secret) throw new Error('nothing seen');
  expect(secret).toMatchObject({ ephemeral: true, text: 'psst' });
  expect(await refusal(patch(secret.id, { content: 'x' }))).toMatchObject({
    status: 404,
    code: 10008,
  });
  const list = z
    .array(z.looseObject({ id: z.string() }))
    .parse(await client.rest.get(Routes.channelMessages(channel.id)));
  expect(list.map(({ id }) => id)).not.toContain(secret.id);
  await expect(bob.click(secret, 'Press')).rejects.toThrow('cannot see');
  expect(await refusal(editOriginal(interaction, { content: 'by token' }))).toBeNull();
});

test('where only the person installed it: 5 follow-ups, and channel routes answer 50001', async () => {
  const away = emulator.guild('Away', { botIsMember: false });
  const place = alice.in(away.channel('general'));
  await expect(place.slash('/find', { what: 'x' })).rejects.toThrow('not offered');
  const interaction = await go(place);
  expect(interaction.authorizingIntegrationOwners).toMatchObject({
    guildId: null,
    userId: alice.id,
  });
  await callback(interaction, 4, { content: 'original' });
  for (const n of times(5, (index) => index)) {
    expect(await refusal(followUp(interaction, { content: `${n}` }))).toBeNull();
  }
  expect(await refusal(followUp(interaction, { content: '6' }))).toMatchObject({ code: 40094 });
  expect(
    await refusal(
      client.rest.post(Routes.channelMessages(place.channelId), { body: { content: 'x' } }),
    ),
  ).toMatchObject({ status: 403, code: 50001 });
});

test('closed DMs refuse when sending, not when opening', async () => {
  bob.setAcceptsDms(false);
  const dm = await client.rest.post(Routes.userChannels(), { body: { recipient_id: bob.id } });
  const send = () =>
    client.rest.post(Routes.channelMessages(idOf(dm)), { body: { content: 'hello' } });
  expect(await refusal(send())).toMatchObject({ status: 403, code: 50007 });
  bob.setAcceptsDms(true);
  expect(await refusal(send())).toBeNull();
  expect(bob.dm().sees().at(-1)?.text).toBe('hello');
});

test('a nonce is taken once within minutes', async () => {
  const send = () => post({ content: 'once', nonce: 'n1', enforce_nonce: true });
  const first = idOf(await send());
  expect(idOf(await send())).toBe(first);
  expect(idOf(await post({ content: 'once', nonce: 'n1' }))).not.toBe(first);
  expect(idOf(await post({ content: 'once', nonce: 'n2', enforce_nonce: true }))).not.toBe(first);
  clock.advance(5 * 60_000 + 1);
  expect(idOf(await send())).not.toBe(first);
});

const command = (more: object = {}) => ({ name: 'one', description: 'd', ...more });
const arg = (name: string, more: object = {}) => ({ type: 3, name, description: 'd', ...more });
const sized = (name: string, length: number) =>
  arg(name, { choices: [{ name: 'c', value: x(length) }] });
const commandRules: [string, object, object, string][] = [
  [
    'name length',
    command({ name: x(32) }),
    command({ name: x(33) }),
    '0.name BASE_TYPE_BAD_LENGTH',
  ],
  [
    'lower case',
    command({ name: 'ok' }),
    command({ name: 'Ok' }),
    '0.name APPLICATION_COMMAND_INVALID_NAME',
  ],
  [
    'characters',
    command({ name: '视频' }),
    command({ name: 'a b' }),
    '0.name APPLICATION_COMMAND_INVALID_NAME',
  ],
  [
    'localised name',
    command({ name_localizations: { 'zh-CN': '视频' } }),
    command({ name_localizations: { 'zh-CN': '视 频' } }),
    '0.name_localizations.zh-CN APPLICATION_COMMAND_INVALID_NAME',
  ],
  [
    'locale',
    command({ name_localizations: { ja: 'a' } }),
    command({ name_localizations: { xx: 'a' } }),
    '0.name_localizations.xx BASE_TYPE_CHOICES',
  ],
  [
    'description',
    command({ description: x(100) }),
    command({ description: x(101) }),
    '0.description BASE_TYPE_MAX_LENGTH',
  ],
  ['no description', command(), { name: 'one' }, '0.description BASE_TYPE_REQUIRED'],
  [
    'options',
    command({ options: times(25, (n) => arg(`o${n}`)) }),
    command({ options: times(26, (n) => arg(`o${n}`)) }),
    '0.options BASE_TYPE_BAD_LENGTH',
  ],
  [
    'option names',
    command({ options: [arg('a'), arg('b')] }),
    command({ options: [arg('a'), arg('a')] }),
    '0.options.1.name APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS',
  ],
  [
    'required first',
    command({ options: [arg('a', { required: true }), arg('b')] }),
    command({ options: [arg('a'), arg('b', { required: true })] }),
    '0.options.1 APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID',
  ],
  [
    'choices',
    command({
      options: [arg('a', { choices: times(25, (n) => ({ name: `${n}`, value: `${n}` })) })],
    }),
    command({
      options: [arg('a', { choices: times(26, (n) => ({ name: `${n}`, value: `${n}` })) })],
    }),
    '0.options.0.choices BASE_TYPE_MAX_LENGTH',
  ],
  [
    'choice name',
    command({ options: [arg('a', { choices: [{ name: x(100), value: 'v' }] })] }),
    command({ options: [arg('a', { choices: [{ name: x(101), value: 'v' }] })] }),
    '0.options.0.choices.0.name BASE_TYPE_BAD_LENGTH',
  ],
  [
    // 4 for the command itself, 3 for each option with its choice's name, the rest for the values.
    '8000 characters',
    command({ options: [sized('a', 3996), sized('b', 3994)] }),
    command({ options: [sized('a', 3996), sized('b', 3995)] }),
    '0 APPLICATION_COMMAND_TOO_LARGE',
  ],
];

test.each(commandRules)('command: %s', async (_rule, good, bad, error) => {
  const route = Routes.applicationGuildCommands(emulator.applicationId, channel.guildId ?? '');
  const refused = await refusal(client.rest.put(route, { body: [bad] }));
  expect(refused).toMatchObject({ code: 50035 });
  expect(firstError(refused?.errors)).toBe(error);
  expect(await refusal(client.rest.put(route, { body: [good] }))).toBeNull();
});

test('100 commands, names once, and a name keeps its id', async () => {
  const route = Routes.applicationGuildCommands(emulator.applicationId, channel.guildId ?? '');
  const put = (body: object[]) => client.rest.put(route, { body });
  const many = (count: number) => times(count, (n) => command({ name: `c${n}` }));
  expect(await refusal(put([command(), command()]))).toMatchObject({ code: 50035 });
  expect(await refusal(put(many(101)))).toMatchObject({ code: 30032 });
  const first = z.array(z.looseObject({ id: z.string() })).parse(await put(many(100)));
  expect(first).toHaveLength(100);
  expect(await refusal(client.rest.post(route, { body: command({ name: 'more' }) }))).toMatchObject(
    {
      code: 30032,
    },
  );
  const again = z.array(z.looseObject({ id: z.string() })).parse(await put(many(1)));
  expect(again[0]?.id).toBe(first[0]?.id);
  const full = command({ name: 'c0', name_localizations: { 'zh-CN': '视频' } });
  await client.rest.post(route, { body: full });
  expect(await client.rest.get(route)).not.toHaveProperty('0.name_localizations');
  const query = new URLSearchParams({ with_localizations: 'true' });
  expect(await client.rest.get(route, { query })).toMatchObject([
    { name_localizations: { 'zh-CN': '视频' } },
  ]);
  await put([]);
});

test('a wrong bot token is answered 401 and counted', async () => {
  const before = emulator.invalidRequests;
  const answer = await fetch(`${emulator.apiUrl}/v10/gateway/bot`, {
    headers: { authorization: 'Bot wrong' },
  });
  expect(answer.status).toBe(401);
  expect(await answer.json()).toEqual({ message: '401: Unauthorized', code: 0 });
  expect(emulator.invalidRequests).toBe(before + 1);
});

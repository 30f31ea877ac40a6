import {
  ActionRowBuilder,
  AttachmentBuilder,
  ButtonBuilder,
  ButtonStyle,
  ChannelType,
  Client,
  ContainerBuilder,
  Events,
  GatewayIntentBits,
  LabelBuilder,
  MediaGalleryBuilder,
  MediaGalleryItemBuilder,
  MessageFlags,
  ModalBuilder,
  Partials,
  StringSelectMenuBuilder,
  TextDisplayBuilder,
  TextInputBuilder,
  TextInputStyle,
  ThumbnailBuilder,
  SectionBuilder,
  SeparatorBuilder,
  FileBuilder,
  RadioGroupBuilder,
  CheckboxBuilder,
  CheckboxGroupBuilder,
  FileUploadBuilder,
  type ApplicationCommandDataResolvable,
  type ChatInputCommandInteraction,
  type ClientOptions,
  type Interaction,
} from 'discord.js';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { createManualClock, wallClock } from '../clock.ts';
import { startDiscord, textOf } from './discord.ts';
import type { DiscordOptions } from './options.ts';
import type { DiscordEmulator } from './types.ts';

const closers: (() => Promise<void> | void)[] = [];
/** What a handler threw; a test that expects none fails on any. */
const thrown: unknown[] = [];
beforeEach(() => {
  thrown.length = 0;
});
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
  expect(thrown).toEqual([]);
});

async function start(options: Partial<DiscordOptions> = {}): Promise<DiscordEmulator> {
  const emulator = await startDiscord({ clock: wallClock, token: 'secret', ...options });
  closers.push(async () => {
    expect(emulator.selfFaults).toEqual([]);
    await emulator.close();
  });
  return emulator;
}

function createClient(emulator: DiscordEmulator, options: Partial<ClientOptions> = {}): Client {
  const client = new Client({
    intents: [
      GatewayIntentBits.Guilds,
      GatewayIntentBits.GuildMessages,
      GatewayIntentBits.DirectMessages,
    ],
    partials: [Partials.Channel],
    rest: { api: emulator.apiUrl, cdn: emulator.cdnUrl },
    allowedMentions: { parse: [] },
    ws: {
      // The usual throttler waits more than 5 seconds before a second IDENTIFY.
      buildIdentifyThrottler: () => Promise.resolve({ waitForIdentify: () => Promise.resolve() }),
    },
    ...options,
  });
  client.on(Events.Error, (error) => void thrown.push(error));
  closers.push(() => client.destroy());
  return client;
}

async function login(
  emulator: DiscordEmulator,
  options: Partial<ClientOptions> = {},
): Promise<Client<true>> {
  const client = createClient(emulator, options);
  const ready = new Promise<Client<true>>((resolve) => {
    client.once(Events.ClientReady, resolve);
  });
  await client.login(emulator.token);
  return ready;
}

/** Runs `handle` for every interaction and keeps what it throws. */
function onInteraction(
  client: Client,
  handle: (interaction: Interaction) => Promise<unknown>,
): void {
  client.on(Events.InteractionCreate, (interaction) => {
    handle(interaction).catch((error: unknown) => thrown.push(error));
  });
}

const video: ApplicationCommandDataResolvable = {
  name: 'video',
  description: 'Videos',
  nameLocalizations: { 'zh-CN': '视频' },
  integrationTypes: [0, 1],
  contexts: [0, 1, 2],
  options: [
    {
      type: 1,
      name: 'generate',
      nameLocalizations: { 'zh-CN': '生成' },
      description: 'Make one',
      options: [
        { type: 3, name: 'prompt', description: 'p', required: true, minLength: 3, maxLength: 10 },
        { type: 4, name: 'seconds', description: 's', minValue: 5, maxValue: 60 },
        { type: 3, name: 'shape', description: 'x', choices: [{ name: 'Tall', value: '9:16' }] },
        { type: 3, name: 'model', description: 'm', autocomplete: true },
      ],
    },
  ],
};

test('logs in, answers a command by thinking first, in the words of the person', async () => {
  const emulator = await start();
  const guild = emulator.guild();
  const alice = emulator.person('Alice', { locale: 'zh-CN', isManager: true });
  const client = await login(emulator);
  expect(client.guilds.cache.get(guild.id)?.name).toBe('Jilo Lab');
  expect(client.user.username).toBe('Jilo');
  await client.application.commands.set([video]);
  const facts: unknown[] = [];
  onInteraction(client, async (interaction) => {
    if (!interaction.isChatInputCommand()) return;
    facts.push({
      locale: interaction.locale,
      guildLocale: interaction.guildLocale,
      context: interaction.context,
      limit: interaction.attachmentSizeLimit,
      manager: interaction.memberPermissions?.has('ManageGuild'),
      sub: interaction.options.getSubcommand(),
      seconds: interaction.options.getInteger('seconds'),
      shape: interaction.options.getString('shape'),
      channel: interaction.channel?.id === guild.channel('general').id,
    });
    await interaction.deferReply();
    await interaction.editReply({ content: `making ${interaction.options.getString('prompt')}` });
    await interaction.followUp({ content: 'for you', flags: MessageFlags.Ephemeral });
  });
  const turn = await alice.slash('/视频 生成', { prompt: 'a cat', seconds: 5, shape: 'Tall' });
  expect(await turn.acked()).toBe('thinking');
  expect((await turn.reply()).text).toBe('making a cat');
  await alice.waitFor(/for you/);
  expect(facts).toEqual([
    {
      locale: 'zh-CN',
      guildLocale: 'en-US',
      context: 0,
      limit: 10 * 1024 * 1024,
      manager: true,
      sub: 'generate',
      seconds: 5,
      shape: '9:16',
      channel: true,
    },
  ]);
  expect(emulator.transcript(alice)).toMatchInlineSnapshot(`
    "# general
    > Alice: /video generate prompt: a cat seconds: 5 shape: Tall
    Jilo: making a cat
    Jilo (only Alice sees this): for you"
  `);
  expect(emulator.violations).toEqual([]);
});

test('the driver refuses what a real client would', async () => {
  const emulator = await start();
  const alice = emulator.person('Alice');
  const editors = { name: 'Editors', permissions: 1n << 13n };
  const club = emulator.guild('Club', { roles: [editors] }).channel('general');
  const client = await login(emulator);
  await client.application.commands.set([
    video,
    { name: 'edit', description: 'e', defaultMemberPermissions: 1n << 13n, contexts: [0] },
    { name: 'admin', description: 'a', defaultMemberPermissions: 'ManageGuild' },
    { name: 'private', description: 'p', contexts: [1] },
  ]);
  const path = '/video generate';
  await expect(alice.slash('/nothing')).rejects.toThrow('not offered /nothing');
  await expect(alice.slash('/admin')).rejects.toThrow('not offered');
  await expect(alice.slash('/private')).rejects.toThrow('not offered');
  await expect(alice.slash(path)).rejects.toThrow('needs the option "prompt"');
  await expect(alice.slash(path, { prompt: 'ab' })).rejects.toThrow('at least 3');
  await expect(alice.slash(path, { prompt: 'x'.repeat(11) })).rejects.toThrow('at most 10');
  await expect(alice.slash(path, { prompt: 'abc', seconds: 4 })).rejects.toThrow('at least 5');
  await expect(alice.slash(path, { prompt: 'abc', seconds: 61 })).rejects.toThrow('at most 60');
  await expect(alice.slash(path, { prompt: 'abc', seconds: 5.5 })).rejects.toThrow('whole');
  await expect(alice.slash(path, { prompt: 'abc', shape: 'Round' })).rejects.toThrow('one of Tall');
  await expect(alice.slash(path, { prompt: 'abc', other: 1 })).rejects.toThrow('no option "other"');
  await alice.dm().slash('/private');
  await alice.slash(path, { prompt: 'x'.repeat(10), seconds: 60, model: 'anything at all' });
  const boss = emulator.person('Boss', { isManager: true });
  await boss.slash('/admin');
  const editor = emulator.person('Ed', { roles: ['Editors'] });
  await editor.in(club).slash('/edit');
  await expect(editor.slash('/edit')).rejects.toThrow('not offered');
  expect(emulator.commandsFor(alice, alice).map((one) => one.path)).toEqual([path]);
  expect(emulator.commandsFor(boss, boss.dm()).map((one) => one.path)).toEqual([
    path,
    '/admin',
    '/private',
  ]);
});

test('suggestions, a select, buttons and a form', async () => {
  const emulator = await start();
  const alice = emulator.person('Alice');
  const bob = emulator.person('Bob');
  const client = await login(emulator);
  await client.application.commands.set([video]);
  const menu = (disabled: boolean) => [
    new ActionRowBuilder<ButtonBuilder>().addComponents(
      new ButtonBuilder().setCustomId('edit').setLabel('Edit').setStyle(ButtonStyle.Primary),
      new ButtonBuilder()
        .setCustomId('confirm')
        .setLabel('Confirm')
        .setStyle(ButtonStyle.Success)
        .setDisabled(disabled),
      new ButtonBuilder().setLabel('Site').setStyle(ButtonStyle.Link).setURL('https://example.com'),
    ),
    new ActionRowBuilder<StringSelectMenuBuilder>().addComponents(
      new StringSelectMenuBuilder()
        .setCustomId('length')
        .setPlaceholder('Length')
        .addOptions({ label: '15 s', value: '15' }, { label: '30 s', value: '30' }),
    ),
  ];
  const form = new ModalBuilder()
    .setCustomId('form')
    .setTitle('Prompt')
    .addLabelComponents(
      new LabelBuilder()
        .setLabel('Your prompt')
        .setTextInputComponent(
          new TextInputBuilder()
            .setCustomId('prompt')
            .setStyle(TextInputStyle.Paragraph)
            .setMinLength(10)
            .setMaxLength(20),
        ),
      new LabelBuilder()
        .setLabel('Shape')
        .setRadioGroupComponent(
          new RadioGroupBuilder()
            .setCustomId('shape')
            .setOptions({ label: 'Tall', value: 'tall' }, { label: 'Wide', value: 'wide' }),
        ),
      new LabelBuilder()
        .setLabel('Extras')
        .setCheckboxGroupComponent(
          new CheckboxGroupBuilder()
            .setCustomId('extras')
            .setRequired(false)
            .setMinValues(0)
            .setOptions({ label: 'Music', value: 'music' }, { label: 'Words', value: 'words' }),
        ),
      new LabelBuilder()
        .setLabel('Agree')
        .setCheckboxComponent(new CheckboxBuilder().setCustomId('agree')),
      new LabelBuilder()
        .setLabel('Picture')
        .setFileUploadComponent(
          new FileUploadBuilder().setCustomId('picture').setRequired(false).setMinValues(0),
        ),
    );
  onInteraction(client, async (interaction) => {
    if (interaction.isAutocomplete()) {
      const { name, value } = interaction.options.getFocused(true);
      await interaction.respond([{ name: `${name}=${value}`, value: `${value}!` }]);
    } else if (interaction.isChatInputCommand()) {
      await interaction.reply({ content: 'Ready?', components: menu(false) });
    } else if (interaction.isStringSelectMenu()) {
      await interaction.update({ content: `Length ${interaction.values.join()}` });
    } else if (interaction.isButton() && interaction.customId === 'confirm') {
      await interaction.deferUpdate();
      await interaction.editReply({ content: 'Confirmed', components: menu(true) });
    } else if (interaction.isButton()) {
      await interaction.showModal(form);
    } else if (interaction.isModalSubmit()) {
      const { fields } = interaction;
      await interaction.reply(
        [
          fields.getTextInputValue('prompt'),
          fields.getRadioGroup('shape'),
          fields.getCheckboxGroup('extras').join('+'),
          fields.getCheckbox('agree'),
          fields.getUploadedFiles('picture')?.map(({ name, size }) => `${name} ${size}`),
          interaction.isFromMessage() && interaction.message.content,
        ].join(' | '),
      );
    }
  });
  expect(await alice.suggest('/video generate', 'model', 've', { prompt: 'a' })).toEqual([
    { name: 'model=ve', value: 've!' },
  ]);
  await expect(alice.suggest('/video generate', 'prompt', 'v')).rejects.toThrow('suggests nothing');
  const card = await (await alice.slash('/video generate', { prompt: 'a cat' })).reply();
  expect(card.buttons.map(({ label }) => label)).toEqual(['Edit', 'Confirm', 'Site']);
  expect(card.selects[0]?.options.map(({ value }) => value)).toEqual(['15', '30']);
  await expect(alice.click(card, 'Nope')).rejects.toThrow('no button "Nope", but: [Edit]');
  await expect(alice.click(card, 'Site')).rejects.toThrow('only opens a link');
  await expect(alice.select(card, 'Length', ['60'])).rejects.toThrow('no choice "60"');
  await expect(alice.select(card, 'Length', ['15', '30'])).rejects.toThrow('1 to 1');
  expect((await (await alice.select(card, 'Length', ['30 s'])).reply()).text).toBe('Length 30');
  const opened = await alice.click(card, 'Edit');
  const modal = await opened.modal();
  expect(opened.state).toBe('modal');
  await expect(opened.reply()).rejects.toThrow('opened a form');
  const good = { 'Your prompt': 'x'.repeat(10), Shape: 'Wide' };
  const submit = (more: Record<string, string | boolean | string[]>) =>
    alice.submit(modal, { ...good, ...more });
  await expect(submit({ 'Your prompt': 'x'.repeat(9) })).rejects.toThrow('at least 10');
  await expect(submit({ 'Your prompt': 'x'.repeat(21) })).rejects.toThrow('at most 20');
  await expect(submit({ 'Your prompt': '' })).rejects.toThrow('is required');
  await expect(submit({ Shape: 'Round' })).rejects.toThrow('no choice "Round"');
  await expect(submit({ Other: 'x' })).rejects.toThrow('no field "Other"');
  await expect(bob.submit(modal, good)).rejects.toThrow('somebody else');
  const answered = await alice.submit(modal, {
    ...good,
    extras: ['Music'],
    Agree: true,
    Picture: [{ name: 'a.png', data: new Uint8Array(3) }],
  });
  expect((await answered.reply()).text).toBe(
    'xxxxxxxxxx | wide | music | true | a.png 3 | Length 30',
  );
  await expect(alice.submit(modal, good)).rejects.toThrow('is closed');
  const confirmed = await (await bob.click(card, 'Confirm')).reply();
  expect(confirmed).toMatchObject({ id: card.id, text: 'Confirmed', edits: 2 });
  await expect(bob.click(card, 'Confirm')).rejects.toThrow('disabled');
  expect(emulator.transcript(alice)).toMatchInlineSnapshot(`
    "# general
    > Alice: /video generate prompt: a cat
    Jilo (edited):
      Confirmed
      [Edit] [Confirm] (disabled) [Site ->]
      <Length: 15 s | 30 s>
    > Alice chooses <Length> 30 s
    > Alice presses [Edit]
    > Alice gets the form "Prompt" (Your prompt, Shape, Extras, Agree, Picture)
    > Alice submits "Prompt" Your prompt: xxxxxxxxxx, Shape: Wide, extras: Music, Agree: true, Picture: [file a.png]
    Jilo: xxxxxxxxxx | wide | music | true | a.png 3 | Length 30
    > Bob presses [Confirm]"
  `);
  expect(emulator.violations).toEqual([]);
});

test('cards, uploads and edits by the bot token', async () => {
  const emulator = await start();
  const channel = emulator.guild().channel('general');
  const alice = emulator.person('Alice');
  const client = await login(emulator);
  const place = await client.channels.fetch(channel.id);
  if (place?.type !== ChannelType.GuildText) throw new Error('not a text channel');
  const container = new ContainerBuilder()
    .setAccentColor(0x5865f2)
    .addTextDisplayComponents(new TextDisplayBuilder().setContent(`# Done for <@${alice.id}>`))
    .addSeparatorComponents(new SeparatorBuilder())
    .addSectionComponents(
      new SectionBuilder()
        .addTextDisplayComponents(new TextDisplayBuilder().setContent('Side'))
        .setThumbnailAccessory(
          new ThumbnailBuilder().setURL('https://example.com/a.png').setDescription('a picture'),
        ),
    )
    .addMediaGalleryComponents(
      new MediaGalleryBuilder().addItems(
        new MediaGalleryItemBuilder().setURL('attachment://clip.mp4'),
      ),
    )
    .addFileComponents(new FileBuilder().setURL('attachment://words.srt'))
    .addActionRowComponents(
      new ActionRowBuilder<ButtonBuilder>().addComponents(
        new ButtonBuilder().setCustomId('again').setLabel('Again').setEmoji('🔁').setStyle(1),
      ),
    );
  const sent = await place.send({
    flags: MessageFlags.IsComponentsV2,
    components: [container],
    files: [
      new AttachmentBuilder(Buffer.from('film'), { name: 'clip.mp4' }),
      new AttachmentBuilder(Buffer.from('words'), { name: 'words.srt' }),
    ],
    allowedMentions: { users: [alice.id] },
  });
  expect(sent.attachments.map(({ contentType }) => contentType)).toEqual([
    'video/mp4',
    'text/plain; charset=utf-8',
  ]);
  const seen = await alice.waitFor(/Done for/g);
  expect(textOf(seen.message)).toBe(`# Done for <@${alice.id}>\nSide`);
  expect(seen.buttons[0]).toMatchObject({ label: 'Again', customId: 'again' });
  expect(emulator.requests.at(-1)).toMatchObject({
    method: 'POST',
    files: [
      { name: 'clip.mp4', size: 4 },
      { name: 'words.srt', size: 5 },
    ],
  });
  expect(emulator.transcript(channel)).toMatchInlineSnapshot(`
    "# general
    Jilo (pings @Alice):
      | # Done for @Alice
      | ---
      | Side
      | [thumbnail: a picture]
      | [video clip.mp4]
      | [file words.srt]
      | [🔁 Again]"
  `);
  await sent.edit({ components: [new TextDisplayBuilder().setContent('Short')], attachments: [] });
  const plain = await place.send({ content: 'plain', embeds: [{ title: 'T', description: 'D' }] });
  await plain.reply('a reply');
  await (await place.send('gone')).delete();
  const page = await place.messages.fetch({ limit: 2 });
  expect(page.map(({ content }) => content)).toEqual(['a reply', 'plain']);
  const before = await place.messages.fetch({ limit: 5, before: plain.id });
  expect(before.map(({ id }) => id)).toEqual([sent.id]);
  await place.sendTyping();
  expect(emulator.transcript(channel)).toMatchInlineSnapshot(`
    "# general
    Jilo (edited): Short
    Jilo:
      plain
      | **T**
      | D
    Jilo -> Jilo: a reply"
  `);
  expect(emulator.violations).toEqual([]);
});

test('what people say reaches the bot: mentions, replies, DMs and threads; the rest is blank', async () => {
  const emulator = await start();
  const alice = emulator.person('Alice');
  const client = await login(emulator);
  const heard: string[] = [];
  client.on(Events.MessageCreate, (message) => {
    if (message.author.bot) return;
    const where = ChannelType[message.channel.type];
    const to = message.reference?.messageId ? ' (reply)' : '';
    heard.push(`${where}: ${message.content.replaceAll(client.user.id, 'bot')}${to}`);
    if (message.mentions.has(client.user)) void message.reply('yes');
  });
  const threads: string[] = [];
  client.on(Events.ThreadCreate, (thread) => void threads.push(thread.name));
  await alice.say('secret talk');
  const asked = await alice.say('@Jilo hello', {
    attachments: [{ name: 'a.txt', data: Buffer.from('a') }],
  });
  const yes = await alice.waitFor(/^yes$/);
  await alice.say('thanks', { replyTo: yes });
  await alice.dm().say('in private');
  const thread = alice.thread('Ideas', asked);
  await thread.say('@Jilo here');
  await thread.waitFor(/^yes$/);
  await vi.waitFor(() => expect(heard).toHaveLength(5));
  expect(heard).toEqual([
    'GuildText: ',
    'GuildText: <@bot> hello',
    'GuildText: thanks (reply)',
    'DM: in private',
    'GuildPublicThread: <@bot> here',
  ]);
  expect(threads).toEqual(['Ideas']);
  const own = await client.channels.fetch(emulator.guild().channel('general').id);
  if (own?.type !== ChannelType.GuildText) throw new Error('not a text channel');
  const made = await own.threads.create({ name: 'Mine' });
  await made.send('inside');
  await (await own.send('start')).startThread({ name: 'Grown' });
  await made.setArchived(true);
  const user = await client.users.fetch(alice.id);
  await user.send('a DM');
  expect(
    alice
      .dm()
      .sees()
      .map(({ text }) => text),
  ).toEqual(['in private', 'a DM']);
  expect(
    alice
      .in(made.id)
      .sees()
      .map(({ text }) => text),
  ).toEqual(['inside']);
  expect((await own.guild.members.fetch(alice.id)).displayName).toBe('Alice');
  expect(emulator.violations).toEqual([]);
});

test('with the content intent, if it is allowed, everything is heard', async () => {
  const emulator = await start({ privilegedIntents: GatewayIntentBits.MessageContent });
  const alice = emulator.person('Alice');
  const intents = [
    GatewayIntentBits.Guilds,
    GatewayIntentBits.GuildMessages,
    GatewayIntentBits.MessageContent,
  ];
  const client = await login(emulator, { intents });
  const heard: string[] = [];
  client.on(Events.MessageCreate, ({ content }) => void heard.push(content));
  await alice.say('open talk');
  await vi.waitFor(() => expect(heard).toEqual(['open talk']));
});

test('a missed acknowledgement on the manual clock', async () => {
  const clock = createManualClock(new Date('2026-11-22T12:00:00Z'));
  const emulator = await start({ clock });
  const alice = emulator.person('Alice');
  const client = await login(emulator);
  await client.application.commands.set([{ name: 'slow', description: 's' }]);
  const turn = await alice.slash('/slow');
  const events: string[] = [];
  emulator.subscribe((event) => void events.push(event.type));
  clock.advance(3000);
  expect(await turn.failed()).toBe('The application did not respond');
  expect(turn.state).toBe('failed');
  expect(events).toEqual(['violation', 'interaction']);
  expect(emulator.violations).toMatchObject([
    { status: 0, message: 'No answer to /slow within 3000 ms' },
  ]);
  expect(emulator.transcript(alice)).toContain('did not respond (only Alice sees this)');
});

test('a dropped connection is resumed and misses nothing', async () => {
  const emulator = await start();
  const alice = emulator.person('Alice');
  const client = await login(emulator);
  const heard: string[] = [];
  client.on(Events.MessageCreate, ({ content }) => void heard.push(content));
  await alice.say('@Jilo one');
  await vi.waitFor(() => expect(heard).toHaveLength(1));
  const resumed = new Promise((resolve) => client.once(Events.ShardResume, resolve));
  emulator.drop();
  await alice.say('@Jilo two');
  await alice.say('@Jilo three');
  await resumed;
  await vi.waitFor(() =>
    expect(heard.map((text) => text.split(' ')[1])).toEqual(['one', 'two', 'three']),
  );
  expect(emulator.sessions()).toMatchObject([{ resumes: 1, connected: true }]);
});

test('asked to reconnect, the client resumes', async () => {
  const emulator = await start();
  const client = await login(emulator);
  const resumed = new Promise((resolve) => client.once(Events.ShardResume, resolve));
  emulator.askReconnect();
  await resumed;
  expect(emulator.sessions()).toMatchObject([{ resumes: 1, connected: true }]);
});

test('a forgotten session is started anew', async () => {
  const emulator = await start();
  const alice = emulator.person('Alice');
  const client = await login(emulator);
  const again = new Promise((resolve) => client.once(Events.ShardReady, resolve));
  emulator.forgetSessions();
  emulator.drop();
  await again;
  expect(emulator.sessions().map(({ connected }) => connected)).toEqual([false, true]);
  const heard = new Promise<string>((resolve) => {
    client.once(Events.MessageCreate, ({ content }) => resolve(content));
  });
  await alice.say('@Jilo still there?');
  expect(await heard).toContain('still there?');
});

test.each([
  ['a wrong token', { token: 'other' }, {}, 'invalid token'],
  [
    'a privileged intent',
    {},
    { intents: [GatewayIntentBits.MessageContent] },
    'disallowed intents',
  ],
  ['an unknown intent', {}, { intents: 1 << 30 }, 'invalid intents'],
] as const)(
  '%s ends the login',
  async (_what, { token = 'secret' }: { token?: string }, options, complaint) => {
    const emulator = await start();
    const client = createClient(emulator, options);
    await expect(client.login(token)).rejects.toThrow(new RegExp(complaint, 'i'));
    expect(emulator.sessions()).toEqual([]);
  },
);

test('a fatal close code ends a running client', async () => {
  const emulator = await start();
  const client = await login(emulator);
  const gone = new Promise<number>((resolve) => {
    client.once(Events.ShardDisconnect, ({ code }) => resolve(code));
  });
  emulator.closeWith(4004);
  expect(await gone).toBe(4004);
  await vi.waitFor(() => expect(emulator.sessions()[0]?.connected).toBe(false));
});

test('two shards: each guild on its own, DMs on the first', async () => {
  const emulator = await start({ shards: 2 });
  const guilds = ['A', 'B', 'C'].map((name) => emulator.guild(name));
  const alice = emulator.person('Alice');
  const client = await login(emulator, { shards: 'auto' });
  const heard: number[] = [];
  client.on(Events.MessageCreate, ({ guild, guildId }) => {
    heard.push(guildId === null ? -1 : (guild?.shardId ?? -2));
  });
  for (const guild of guilds) await alice.in(guild.channel('general')).say('@Jilo hi');
  await alice.dm().say('hi');
  await vi.waitFor(() => expect(heard).toHaveLength(4));
  const expected = guilds.map(({ id }) => Number((BigInt(id) >> 22n) % 2n));
  expect(new Set(expected)).toEqual(new Set([0, 1]));
  const inOrder = (numbers: number[]) => numbers.toSorted((a, b) => a - b);
  expect(inOrder(heard)).toEqual(inOrder([...expected, -1]));
  expect(emulator.sessions().map(({ shard }) => shard)).toEqual([
    [0, 2],
    [1, 2],
  ]);
});

test('rate limits are obeyed by the client, and a 429 is waited out', async () => {
  const emulator = await start({ rateLimits: { createMessage: { limit: 3, perMs: 120 } } });
  const channel = emulator.guild().channel('general');
  const alice = emulator.person('Alice');
  const client = await login(emulator);
  const place = await client.channels.fetch(channel.id);
  if (!place?.isSendable()) throw new Error('not sendable');
  const numbers = Array.from({ length: 7 }, (_, index) => `${index}`);
  await Promise.all(numbers.map((text) => place.send(text)));
  expect(alice.sees().map(({ text }) => text)).toEqual(numbers);
  expect(emulator.invalidRequests).toBe(0);
  emulator.fault({ route: `/channels/${channel.id}/messages`, status: 429, retryAfter: 0.05 });
  await place.send('after the wait');
  expect(emulator.invalidRequests).toBe(1);
  emulator.fault({ route: /messages$/, method: 'POST', status: 502, times: 2 });
  await place.send('after two failures');
  expect(
    alice
      .sees()
      .map(({ text }) => text)
      .slice(-2),
  ).toEqual(['after the wait', 'after two failures']);
  expect(emulator.violations).toEqual([]);
});

test('requests over the limit are answered 429 in the shape that Discord gives them', async () => {
  const emulator = await start({ rateLimits: { createMessage: { limit: 1, perMs: 60_000 } } });
  const { id } = emulator.guild().channel('general');
  const send = () =>
    fetch(`${emulator.apiUrl}/v10/channels/${id}/messages`, {
      method: 'POST',
      headers: { authorization: 'Bot secret', 'content-type': 'application/json' },
      body: '{"content":"x"}',
    });
  const first = await send();
  expect([first.status, first.headers.get('x-ratelimit-remaining')]).toEqual([200, '0']);
  const second = await send();
  expect(second.status).toBe(429);
  expect(second.headers.get('x-ratelimit-scope')).toBe('user');
  expect(await second.json()).toMatchObject({ global: false, retry_after: expect.any(Number) });
  expect(emulator.invalidRequests).toBe(1);
});

test('a lost answer: the message is there, and its nonce keeps the retry from repeating it', async () => {
  const emulator = await start();
  const channel = emulator.guild().channel('general');
  const alice = emulator.person('Alice');
  const client = await login(emulator);
  const place = await client.channels.fetch(channel.id);
  if (!place?.isSendable()) throw new Error('not sendable');
  emulator.fault({ route: /messages$/, method: 'POST', status: 0, reset: 'after' });
  const send = () => place.send({ content: 'once', nonce: '1', enforceNonce: true });
  await expect(send()).rejects.toThrow('other side closed');
  expect((await send()).id).toBe(alice.sees()[0]?.id);
  expect(alice.sees().map(({ text }) => text)).toEqual(['once']);
});

test('guilds come and go while the bot runs', async () => {
  const emulator = await start();
  const client = await login(emulator);
  const guild = emulator.guild('Later');
  await vi.waitFor(() => expect(client.guilds.cache.has(guild.id)).toBe(true));
  const channel = guild.channel('news');
  await vi.waitFor(() => expect(client.channels.cache.has(channel.id)).toBe(true));
  guild.setBotMember(false);
  await vi.waitFor(() => expect(client.guilds.cache.has(guild.id)).toBe(false));
});

test('every way of answering: files, responses, deletion, hidden thinking, the bot token', async () => {
  const emulator = await start();
  const alice = emulator.person('Alice');
  const bob = emulator.person('Bob');
  const client = await login(emulator);
  const names = ['files', 'response', 'delete', 'hidden', 'token'];
  await client.application.commands.set(names.map((name) => ({ name, description: name })));
  const answers: Record<string, (interaction: ChatInputCommandInteraction) => Promise<unknown>> = {
    files: (interaction) =>
      interaction.reply({ files: [{ attachment: Buffer.from('abc'), name: '视频 1.txt' }] }),
    response: async (interaction) => {
      const { resource } = await interaction.reply({ content: 'mine', withResponse: true });
      await resource?.message?.edit('by the bot token');
      expect((await interaction.fetchReply()).content).toBe('by the bot token');
    },
    delete: async (interaction) => {
      await interaction.deferReply();
      await interaction.deleteReply();
    },
    hidden: async (interaction) => {
      await interaction.deferReply({ flags: MessageFlags.Ephemeral });
      await interaction.editReply({
        flags: MessageFlags.IsComponentsV2,
        components: [new TextDisplayBuilder().setContent('for your eyes')],
        files: [],
      });
    },
    token: async (interaction) => {
      const { interaction: taken } = (await interaction.deferReply({ withResponse: true })) ?? {};
      const id = taken?.responseMessageId ?? '';
      if (!interaction.channel?.isSendable()) throw new Error('not sendable');
      await interaction.channel.messages.edit(id, 'edited by id');
    },
  };
  onInteraction(client, async (interaction) => {
    if (interaction.isChatInputCommand()) await answers[interaction.commandName]?.(interaction);
  });
  const reply = async (name: string) => (await alice.slash(`/${name}`)).reply();
  expect((await reply('files')).attachments).toMatchObject([{ name: '视频_1.txt', size: 3 }]);
  await reply('response');
  await alice.waitFor(/by the bot token/);
  await (await alice.slash('/delete')).acked();
  const hidden = await reply('hidden');
  expect(hidden).toMatchObject({ text: 'for your eyes', ephemeral: true, visibleTo: alice.id });
  expect(bob.sees().map(({ id }) => id)).not.toContain(hidden.id);
  expect((await reply('token')).text).toBe('edited by id');
  expect(emulator.transcript(alice)).toMatchInlineSnapshot(`
    "# general
    > Alice: /files
    Jilo: [file 视频_1.txt]
    > Alice: /response
    Jilo (edited): by the bot token
    > Alice: /delete
    > Alice: /hidden
    Jilo (only Alice sees this): for your eyes
    > Alice: /token
    Jilo: edited by id"
  `);
  expect(emulator.violations).toEqual([]);
});

test('one 401 makes the REST client lose its token, as on the real service', async () => {
  const emulator = await start();
  const channel = emulator.guild().channel('general');
  const client = await login(emulator);
  const place = await client.channels.fetch(channel.id);
  if (!place?.isSendable()) throw new Error('not sendable');
  emulator.fault({ route: `/channels/${channel.id}/typing`, status: 401 });
  await expect(place.sendTyping()).rejects.toThrow('401');
  await expect(place.send('x')).rejects.toThrow('Expected token');
  client.rest.setToken(emulator.token);
  await place.send('x');
  expect(emulator.invalidRequests).toBe(1);
});

test('waiting in vain says what is there instead', async () => {
  const emulator = await start();
  const alice = emulator.person('Alice');
  await alice.say('only this');
  const waiting = alice.waitFor(/that/, { timeoutMs: 20 });
  await expect(waiting).rejects.toThrow(
    /Alice waited 20 ms for \/that\/, but sees:\n.*\nAlice: only this/,
  );
  await expect(alice.waitFor(/that/, { timeoutMs: 0 })).rejects.toThrow('Alice: only this');
});

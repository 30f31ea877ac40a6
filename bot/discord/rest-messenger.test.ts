import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { REST } from 'discord.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { isFault } from '../../core/fault.ts';
import { wallClock } from '../../sandbox/clock.ts';
import { startDiscord, type DiscordEmulator, type Person } from '../../sandbox/discord/discord.ts';
import { UploadTooLarge, type Messenger } from './messenger.ts';
import { createMessenger } from './rest-messenger.ts';
import { accents, card, gallery, text, type View } from './view.ts';

let emulator: DiscordEmulator;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'jilo-messenger-'));
  emulator = await startDiscord({ clock: wallClock, token: 'right-token', uploadLimit: 1000 });
});
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

let rest: REST;
let messenger: Messenger;
let channelId: string;
let person: Person;
let people = 0;
beforeEach(() => {
  rest = new REST({ api: emulator.apiUrl, version: '10', retries: 0 });
  messenger = createMessenger(rest, emulator.token);
  people += 1;
  person = emulator.person(`Person ${people}`);
  channelId = emulator.guild().channel(`channel-${people}`).id;
});
afterEach(() => {
  expect(emulator.selfFaults).toEqual([]);
});

const say = (words: string): View => card(accents.brand, [text(words)]);
const seen = () => person.in(channelId).sees();
const withFile = (bytes: number, name = 'boat.mp4'): View => {
  const path = join(folder, `${bytes}-${name}`);
  writeFileSync(path, Buffer.alloc(bytes, 1));
  return card(
    accents.good,
    [text('ready'), gallery([`attachment://${name}`])],
    [{ name, contentType: 'video/mp4', path }],
  );
};
const codeOf = async (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (isFault(error) ? error.code : error),
  );

describe('a message', () => {
  test('is sent once per nonce, edited, and shows exactly the files of its last state', async () => {
    const id = await messenger.send(channelId, say('queued'), { nonce: 'vid_0123456789abcdef' });
    const again = await messenger.send(channelId, say('queued'), { nonce: 'vid_0123456789abcdef' });
    expect(again).toBe(id);
    await messenger.edit(channelId, id, withFile(1000));
    expect(seen()).toMatchObject([
      { id, text: 'ready', attachments: [{ name: 'boat.mp4', size: 1000 }] },
    ]);
    await messenger.edit(channelId, id, say('gone'));
    expect(seen()).toMatchObject([{ id, text: 'gone', attachments: [] }]);
    expect(emulator.violations).toEqual([]);
  });

  test('replies, and mentions nobody but who is called', async () => {
    const first = await messenger.send(channelId, say('first'));
    const words = { components: [text(`<@${person.id}> <@1> @everyone`)] };
    await messenger.send(channelId, words, { replyTo: first, calls: person.id });
    await messenger.send(channelId, words, { replyTo: first });
    const [, calling, silent] = seen();
    expect(calling?.message).toMatchObject({
      mentions: [{ id: person.id }],
      mention_everyone: false,
      message_reference: { message_id: first },
    });
    expect(silent?.message).toMatchObject({ mentions: [], mention_everyone: false });
    const bodies = emulator.requests.slice(-2).map(({ body }) => body);
    expect(bodies).toMatchObject([
      { allowed_mentions: { parse: [], users: [person.id], replied_user: false } },
      { allowed_mentions: { parse: [], replied_user: false } },
    ]);
    expect(emulator.violations).toEqual([]);
  });

  test('goes to a person directly', async () => {
    const direct = await messenger.openDirect(person.id);
    expect(await messenger.openDirect(person.id)).toBe(direct);
    await messenger.type(direct);
    await messenger.send(direct, say('psst'));
    expect(person.dm().sees()).toMatchObject([{ text: 'psst' }]);
  });
});

describe('a closed door', () => {
  test('of direct messages', async () => {
    const direct = await messenger.openDirect(person.id);
    person.setAcceptsDms(false);
    expect(await codeOf(messenger.send(direct, say('psst')))).toBe('chat_closed');
  });

  test('of a channel or message that is not there, or of somebody else', async () => {
    expect(await codeOf(messenger.send('1', say('hello')))).toBe('chat_closed');
    expect(await codeOf(messenger.edit(channelId, '1', say('hello')))).toBe('chat_closed');
    expect(await codeOf(messenger.openDirect('1'))).toBe('chat_closed');
    const { id } = await person.in(channelId).say('mine');
    expect(await codeOf(messenger.edit(channelId, id, say('yours')))).toBe('chat_closed');
  });

  test('of a server that the bot is not in', async () => {
    const guild = emulator.guild(`Elsewhere ${people}`, { botIsMember: false });
    const { id } = guild.channel('general');
    expect(await codeOf(messenger.send(id, say('hello')))).toBe('chat_closed');
    expect(await codeOf(messenger.type(id))).toBe('chat_closed');
  });
});

test('a file one byte too large is told apart from everything else', async () => {
  expect(await codeOf(messenger.send(channelId, withFile(1001)))).toBeInstanceOf(UploadTooLarge);
  const id = await messenger.send(channelId, withFile(1000));
  expect(await codeOf(messenger.edit(channelId, id, withFile(1001)))).toBeInstanceOf(
    UploadTooLarge,
  );
});

test('what passes bubbles as it is', async () => {
  emulator.fault({ route: `/channels/${channelId}`, status: 503 });
  const error = await codeOf(messenger.send(channelId, say('hello')));
  expect(error).toMatchObject({ status: 503 });
});

test('an answer that is lost leads to no second message', async () => {
  emulator.fault({ route: `/channels/${channelId}`, status: 0, reset: 'after' });
  const how = { nonce: 'vid_lost' };
  const error = await codeOf(messenger.send(channelId, say('hello'), how));
  expect(error).toBeInstanceOf(Error);
  await messenger.send(channelId, say('hello'), how);
  expect(seen()).toHaveLength(1);
});

test('a client that has lost its token on a 401 goes on', async () => {
  emulator.fault({ route: `/channels/${channelId}`, status: 401 });
  expect(await codeOf(messenger.send(channelId, say('one')))).toMatchObject({ status: 401 });
  await expect(rest.get('/users/@me')).rejects.toThrow('Expected token to be set');
  await messenger.send(channelId, say('two'));
  expect(seen()).toMatchObject([{ text: 'two' }]);
});

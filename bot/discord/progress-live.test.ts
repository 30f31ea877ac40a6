import { REST } from 'discord.js';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { recordEvent } from '../../core/events.ts';
import { recordNotice } from '../../core/notice/record.ts';
import { operations } from '../../core/operations.ts';
import { identities } from '../../drizzle/schema/people.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import { createManualClock, wallClock } from '../../sandbox/clock.ts';
import { startDiscord, type DiscordEmulator } from '../../sandbox/discord/discord.ts';
import { makeReadyVideo, startVideo, videoRow } from '../../test/kit/trips.ts';
import { createWorld, type World } from '../../test/kit/world.ts';
import { presentPublication } from './cards/publication.ts';
import { presentVideo } from './cards/video.ts';
import { startNotices } from './notices.ts';
import { startProgress } from './progress.ts';
import { createMessenger } from './rest-messenger.ts';

let world: World;
let discord: DiscordEmulator;
beforeAll(async () => {
  world = await createWorld();
  discord = await startDiscord({ clock: wallClock, token: 'bot-token' });
});
afterAll(async () => {
  await discord.close();
  await world.close();
});

test('a video in a server, from the first state to the file and the word in private', async () => {
  const { app } = world;
  const clock = createManualClock(world.now());
  const alice = discord.person('Alice');
  const guild = discord.guild();
  const channel = guild.channel('general');
  const { accountId } = (await world.context()).actor;
  await app.database.db
    .insert(identities)
    .values({ provider: 'discord', subject: alice.id, accountId, createdAt: world.now() });
  const { fileKey, bytes, sha256 } = await videoRow(world, await makeReadyVideo(world, 'other'));
  const id = await startVideo(world);
  await app.database.db.update(videos).set({ serverId: guild.id }).where(eq(videos.id, id));

  const rest = new REST({ api: discord.apiUrl, version: '10' });
  const messenger = createMessenger(rest, discord.token);
  const shared = { services: app, operations, messenger, timers: clock };
  const notices = await startNotices(shared);
  const progress = await startProgress({
    ...shared,
    present: {
      video: (output, draw, { file, uploadLimit }) =>
        presentVideo(output, draw, { path: file?.path ?? null, uploadLimit }),
      publication: (output, draw) => presentPublication(output, draw, {}),
    },
    onEnded: async () => undefined,
  });
  await progress.open({
    subjectId: id,
    accountId,
    userId: alice.id,
    serverId: guild.id,
    channelId: channel.id,
    conversationId: null,
    uploadLimit: 10 * 1024 * 1024,
  });
  const message = await alice.in(channel).waitFor(/paper boat/);
  await app.database.db.transaction(async (tx) => {
    const ready = { status: 'ready' as const, fileKey, bytes, sha256, readyAt: world.now() };
    await tx.update(videos).set(ready).where(eq(videos.id, id));
    await recordEvent(tx, { at: world.now(), subjectId: id, kind: 'ready' });
    await recordNotice(tx, { accountId, kind: 'video_ready', subjectId: id, at: world.now() });
  });
  await vi.waitFor(
    () => {
      clock.advance(2500);
      expect(alice.in(channel).sees()).toMatchObject([
        { id: message.id, attachments: [{ name: `${id}.mp4`, size: bytes }] },
      ]);
      expect(alice.dm().sees()).toHaveLength(1);
    },
    { timeout: 20_000 },
  );
  const [word] = alice.dm().sees();
  expect(word?.text).toBe(
    `Your video is ready.\nhttps://discord.com/channels/${guild.id}/${channel.id}/${message.id}`,
  );
  expect(word?.buttons.map(({ label }) => label)).toEqual(['Turn these off']);
  await progress.close();
  await notices.close();
  expect(discord.violations).toEqual([]);
  expect(discord.selfFaults).toEqual([]);
  expect(discord.invalidRequests).toBe(0);
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, expect, test, vi } from 'vitest';

import { openDatabase } from '../../drizzle/client.ts';
import { conversationTurns } from '../../drizzle/schema/chat.ts';
import { quotaTransfers } from '../../drizzle/schema/quota.ts';
import { shotAttempts, videos } from '../../drizzle/schema/videos.ts';
import { createManualClock, wallClock } from '../../sandbox/clock.ts';
import { startDiscord } from '../../sandbox/discord/discord.ts';
import { startFal } from '../../sandbox/fal/fal.ts';
import { startGemini } from '../../sandbox/gemini/gemini.ts';
import { copyDatabase } from '../kit/database.ts';
import { startJilo, type Environment, type JiloProcess } from '../kit/process.ts';
import { handOf } from '../kit/story.ts';
import { becomes, following, ideas } from '../kit/story-video.ts';

const running: JiloProcess[] = [];
const cleanUp = new AsyncDisposableStack();
afterEach(async () => {
  for (const jilo of running.splice(0)) await jilo.kill();
  await cleanUp.disposeAsync();
});

/** What outlives every Jilo: Discord, and a provider and a model whose time is moved by hand. */
async function openSurroundings() {
  const clock = createManualClock(new Date());
  const dataDir = mkdtempSync(join(tmpdir(), 'jilo-chat-kill-'));
  cleanUp.defer(() => rmSync(dataDir, { recursive: true, force: true }));
  const copy = await copyDatabase();
  cleanUp.defer(copy.drop);
  const database = openDatabase(copy.url, 2);
  cleanUp.defer(() => database.close());
  const discord = await startDiscord({ clock: wallClock, token: 'kill-token' });
  cleanUp.defer(() => discord.close());
  const fal = await startFal({ clock, key: 'kill:key', generationMs: 1000, scale: 0.1 });
  cleanUp.defer(() => fal.close());
  const gemini = await startGemini({ clock, key: 'kill-gemini', latencyMs: 1000 });
  cleanUp.defer(() => gemini.close());
  const settings: Environment = {
    JILO_DATA_DIR: dataDir,
    DATABASE_URL: copy.url,
    JILO_SECRET: 'a secret that every process of the test shares',
    DISCORD_TOKEN: 'kill-token',
    DISCORD_APPLICATION_ID: discord.applicationId,
    DISCORD_API_URL: discord.apiUrl,
    FAL_KEY: 'kill:key',
    FAL_QUEUE_URL: fal.queueUrl,
    FAL_REST_URL: fal.restUrl,
    GOOGLE_GENERATIVE_AI_API_KEY: 'kill-gemini',
    GEMINI_API_URL: gemini.url,
  };
  return { clock, database, discord, fal, settings };
}

async function start(settings: Environment, port: string): Promise<JiloProcess> {
  const jilo = await startJilo({ ...settings, PORT: port }, ['--roles', 'web,worker,bot']);
  running.push(jilo);
  return jilo;
}

test('killed after a press, while generating, and while it answers: everything comes once, and comes', async () => {
  const { clock, database, discord, fal, settings } = await openSurroundings();
  const first = await start(settings, '0');
  const { port } = new URL(first.url);
  const place = discord.guild('Studio').channel('general');
  const person = discord.person('owner');
  const owner = handOf(person, person.in(place));
  let isAnswered = false;
  const wish = { prompt: ideas.en, model: 'kling', seconds: 15 };
  const asked = owner.ask('video quote', wish).finally(() => {
    isAnswered = true;
  });
  // The model that judges and plans thinks by this clock.
  await vi.waitFor(() => {
    clock.advance(1000);
    expect(isAnswered).toBe(true);
  }, 20_000);
  const quote = await asked;
  await owner.finds('welcome-find');
  const card = await owner.press(quote, 'quote-generate');

  // Holds up the message that follows the video, so that the process dies before it stands there.
  discord.fault({
    route: `/channels/${place.id}/messages`,
    method: 'POST',
    status: 0,
    delayMs: 3000,
  });
  const press = await owner.click(card, 'consent-yes');
  await press.acked();
  await vi.waitFor(async () => expect(await database.db.select().from(videos)).toHaveLength(1), {
    timeout: 10_000,
    interval: 5,
  });
  await first.kill();
  expect(following(owner)).toEqual([]);

  const second = await start(settings, port);
  const progress = await owner.finds('video-cancel');
  await vi.waitFor(
    async () => {
      const attempts = await database.db.select().from(shotAttempts);
      expect(attempts).toMatchObject([{ status: 'accepted' }]);
    },
    { timeout: 30_000, interval: 50 },
  );
  await second.kill();

  const third = await start(settings, port);
  await vi.waitFor(
    async () => {
      clock.advance(1000);
      await fal.idle();
      const [video] = await database.db.select().from(videos);
      expect(video).toMatchObject({ status: 'ready' });
    },
    { timeout: 30_000, interval: 200 },
  );
  await becomes(owner, progress, 'publish-open');

  await owner.place.say('@Jilo how much quota do I have left?');
  await vi.waitFor(async () =>
    expect(await database.db.select().from(conversationTurns)).toHaveLength(1),
  );
  await third.kill();

  await start(settings, port);
  const answer = await vi.waitFor(
    () => {
      clock.advance(1000);
      const said = owner.place.sees().filter(({ text }) => text.endsWith('99 quota left.'));
      expect(said).toHaveLength(1);
      return said[0];
    },
    { timeout: 30_000, interval: 100 },
  );
  expect(answer?.author.isBot).toBe(true);

  const verbs = (await database.db.select().from(quotaTransfers)).map(({ verb }) => verb);
  expect(verbs.toSorted()).toEqual(['capture', 'grant', 'hold']);
  expect(await database.db.select().from(videos)).toHaveLength(1);
  expect(fal.submits).toHaveLength(1);
  expect(following(owner).map(({ id }) => id)).toEqual([progress.id]);
  await person.dm().waitFor(/ready/);
  expect(person.dm().sees()).toHaveLength(1);
  expect(discord.violations).toEqual([]);
  expect(discord.selfFaults).toEqual([]);
}, 120_000);

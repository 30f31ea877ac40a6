import { expect } from 'vitest';

import { openDiscordBot, type Bot } from '../../bot/discord/bot.ts';
import type { AnyOperation } from '../../core/operation.ts';
import { operations } from '../../core/operations.ts';
import type { Ports, Services } from '../../core/context.ts';
import { wallClock } from '../../sandbox/clock.ts';
import {
  startDiscord,
  type DiscordEmulator,
  type DiscordOptions,
} from '../../sandbox/discord/discord.ts';
import { createStoryIds, type StoryIds } from './story-ids.ts';
import { createWorld, type World, type WorldOptions } from './world.ts';

/** The whole product with its Discord bot, on a local Discord. */
export type Chat = {
  readonly world: World;
  readonly discord: DiscordEmulator;
  readonly ids: StoryIds;
  /** What ended the connection for good, if anything did. */
  readonly fatal: Error[];
  /** Stops the bot and starts it anew, as a restart of its process does. */
  restart(): Promise<void>;
  stop(): Promise<void>;
  close(): Promise<void>;
};

const token = 'test-discord-token';

/** The bot's own waits are shortened; everything else runs on its own clock. */
const quick = {
  schedule: (delayMs: number, task: () => void) => wallClock.schedule(Math.min(delayMs, 25), task),
};

type ChatOptions = WorldOptions & {
  readonly discord?: Partial<DiscordOptions>;
  /** In the place of the world's own. */
  readonly ports?: Partial<Ports>;
  readonly operations?: readonly AnyOperation[];
  readonly graceMs?: number;
};

export async function createChat(options: ChatOptions = {}): Promise<Chat> {
  const discord = await startDiscord({ clock: wallClock, token, ...options.discord });
  const ids = createStoryIds();
  discord.guild('Studio');
  const world = await createWorld({
    ids,
    ...options,
    settings: {
      DISCORD_TOKEN: token,
      DISCORD_APPLICATION_ID: discord.applicationId,
      DISCORD_API_URL: discord.apiUrl,
      ...options.settings,
    },
  });
  const ports = { ...world.app.ports, ...options.ports };
  const services: Services = { ...world.app, ports };
  const fatal: Error[] = [];
  const open = (): Promise<Bot> =>
    openDiscordBot(services, options.operations ?? operations, {
      token,
      ...(options.graceMs === undefined ? {} : { graceMs: options.graceMs }),
      onFatal: (error) => fatal.push(error),
      timers: quick,
    });
  const closeRest = async () => {
    await world.close();
    await discord.close();
  };
  let bot: Bot | null = await open().catch(async (error: unknown) => {
    await closeRest();
    throw error;
  });
  const stop = async () => {
    await bot?.close();
    bot = null;
  };
  return {
    world,
    discord,
    ids,
    fatal,
    stop,
    async restart() {
      await stop();
      bot = await open();
    },
    async close() {
      await stop();
      await closeRest();
    },
  };
}

/** Nothing that the bot sent or missed would Discord have refused. */
export function expectNoViolation(chat: Chat): void {
  expect(chat.discord.violations).toEqual([]);
}

import {
  Client,
  Events,
  GatewayIntentBits,
  Partials,
  type Interaction,
  type Message,
  type OmitPartialGroupDMChannel,
} from 'discord.js';

import type { Config } from '../../core/config.ts';
import type { Log } from '../../core/log.ts';
import { discordRestOptions } from './rest-options.ts';

export type SaidMessage = OmitPartialGroupDMChannel<Message>;

/** What comes in from Discord; each is handled by itself, and none may throw. */
export type GatewayListener = {
  readonly onInteraction: (interaction: Interaction) => void;
  readonly onMessage: (message: SaidMessage) => void;
};

/** Close codes after which Discord takes no further connection of this bot. */
const fatalCodes: Readonly<Record<number, string>> = {
  4004: 'Discord does not accept DISCORD_TOKEN. Reset it in the developer portal and set it again.',
  4010: 'DISCORD_SHARDS does not fit: a shard was refused.',
  4011: 'This bot is in too many servers for its shards: raise DISCORD_SHARDS.',
  4012: 'Discord no longer speaks this version of its gateway: update Jilo.',
  4013: 'Discord refused the intents of this bot: update Jilo.',
  4014: 'Discord refused an intent that this bot has not been granted.',
};

/** Discord has ended the connection for good: somebody has to act. @internal */
export class GatewayEnded extends Error {
  override readonly name = 'GatewayEnded';
}

/**
 * The gateway client: no privileged intent, since mentions and direct messages come with their text.
 * Nobody is ever mentioned by accident.
 */
export function createClient(config: Config): Client {
  return new Client({
    intents: [
      GatewayIntentBits.Guilds,
      GatewayIntentBits.GuildMessages,
      GatewayIntentBits.DirectMessages,
    ],
    // Without it nothing is heard in direct messages that were not cached.
    partials: [Partials.Channel],
    allowedMentions: { parse: [], repliedUser: false },
    shards: config.DISCORD_SHARDS ? range(config.DISCORD_SHARDS) : 'auto',
    ...(config.DISCORD_SHARDS ? { shardCount: config.DISCORD_SHARDS } : {}),
    rest: discordRestOptions(config),
  });
}

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/**
 * Logs in and waits until every shard is ready. `onFatal` is told when Discord ends it for good.
 * @throws GatewayEnded when Discord does not take the token or an intent.
 */
export async function connect(
  client: Client,
  how: {
    readonly token: string;
    readonly log: Log;
    readonly listener: GatewayListener;
    readonly onFatal: (error: Error) => void;
  },
): Promise<void> {
  const { log } = how;
  client.on(Events.InteractionCreate, how.listener.onInteraction);
  client.on(Events.MessageCreate, how.listener.onMessage);
  client.on(Events.Error, (error) => log.warn({ err: error }, 'the gateway reports a problem'));
  client.on(Events.Warn, (message) => log.warn({ detail: message }, 'the gateway warns'));
  client.on(Events.ShardReconnecting, (shard) => log.debug({ shard }, 'a shard reconnects'));
  client.on(Events.ShardResume, (shard, replayed) =>
    log.info({ shard, replayed }, 'a shard has resumed'),
  );
  client.on(Events.ShardDisconnect, ({ code }, shard) => {
    log.error({ shard, code }, 'a shard was closed for good');
    how.onFatal(new GatewayEnded(fatalCodes[code] ?? `Discord closed the gateway with ${code}.`));
  });
  client.once(Events.Invalidated, () =>
    how.onFatal(new GatewayEnded('Discord ended the session of this bot.')),
  );
  // `clientReady` may come before `login` returns.
  const ready = new Promise<void>((resolve) => {
    client.once(Events.ClientReady, () => resolve());
  });
  try {
    await client.login(how.token);
  } catch (error) {
    throw new GatewayEnded(whyRefused(error), { cause: error });
  }
  await ready;
}

function whyRefused(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const known: Readonly<Record<string, number>> = {
    TokenInvalid: 4004,
    DisallowedIntents: 4014,
    InvalidIntents: 4013,
    ShardingRequired: 4011,
  };
  const found = typeof code === 'string' ? known[code] : undefined;
  return (
    (found === undefined ? undefined : fatalCodes[found]) ??
    `Discord took no login: ${String(error)}`
  );
}

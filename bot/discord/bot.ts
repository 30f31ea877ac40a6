import { z } from 'zod';

import { Handover, type Services } from '../../core/context.ts';
import { announce } from '../../core/conversation/events.ts';
import type { AnyOperation } from '../../core/operation.ts';
import { createActions } from './actions/actions.ts';
import { presentPublication } from './cards/publication.ts';
import { presentVideo } from './cards/video.ts';
import { createCommands } from './commands.ts';
import { connect, createClient } from './gateway.ts';
import { startLedgerChannels } from './ledger-channel.ts';
import { startNotices } from './notices.ts';
import type { Parts } from './parts.ts';
import { eventOfEnd } from './progress-event.ts';
import { startProgress } from './progress.ts';
import { registerCommands } from './registration.ts';
import { createMessenger } from './rest-messenger.ts';
import { route } from './router.ts';
import { createTalk } from './talk.ts';
import { wallTimers, type Timers } from '../../core/timers.ts';
import { WorkInHand } from './work-in-hand.ts';

const usualGraceMs = 8000;

export type BotOptions = {
  readonly token: string;
  /** Told when Discord has ended the connection for good. */
  readonly onFatal: (error: Error) => void;
  readonly timers?: Timers;
  /** How long work in hand is waited for when the bot closes. */
  readonly graceMs?: number;
};

export type Bot = { close(): Promise<void> };

/**
 * Logs the bot in, writes its commands where they have changed, and takes up what was left open.
 * @throws GatewayEnded when Discord does not take the bot.
 */
export async function openDiscordBot(
  services: Services,
  operations: readonly AnyOperation[],
  options: BotOptions,
): Promise<Bot> {
  const { config, log } = services;
  const { token, timers = wallTimers, graceMs = usualGraceMs } = options;
  await using opened = new AsyncDisposableStack();
  const stop = new AbortController();
  const client = createClient(config);
  opened.defer(() => client.destroy());
  const messenger = createMessenger(client.rest, token);
  const shared = { services, operations, messenger, timers };
  const progress = await startProgress({
    ...shared,
    present: {
      video: (output, draw, { file, uploadLimit }) =>
        presentVideo(output, draw, { path: file?.path ?? null, uploadLimit }),
      publication: (output, draw) => presentPublication(output, draw, {}),
    },
    onEnded: async (end) => {
      const { conversationId, key } = end;
      await announce(services, { conversationId, key, text: eventOfEnd(end) });
    },
  });
  opened.defer(() => progress.close());
  const notices = await startNotices(shared);
  opened.defer(() => notices.close());
  const ledgers = await startLedgerChannels(shared);
  opened.defer(() => ledgers.close());
  const parts: Parts = { ...shared, follow: (place) => progress.open(place), stop: stop.signal };
  const routing = { ...parts, actions: createActions(parts) };
  const talk = createTalk(parts);
  const inHand = new WorkInHand(log);
  await connect(client, {
    token,
    log,
    onFatal: options.onFatal,
    listener: {
      onInteraction: (interaction) => inHand.take(route(routing, interaction)),
      onMessage: (message) => inHand.take(talk.hear(message)),
    },
  });
  const applicationId = config.DISCORD_APPLICATION_ID ?? z.string().parse(client.application?.id);
  await registerCommands(client.rest, applicationId, createCommands(operations), log);
  await talk.start();
  // Nothing new comes in; what is in hand may end, and is then told to stop.
  opened.defer(() => talk.close());
  opened.defer(() => stop.abort(new Handover('Jilo is stopping')));
  opened.defer(async () => {
    await client.destroy();
    await Promise.all([inHand.finish(graceMs), talk.finish(graceMs)]);
  });
  const everything = opened.move();
  return { close: () => everything.disposeAsync() };
}

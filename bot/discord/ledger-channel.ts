import { eventChannel } from '../../core/events.ts';
import { isFault } from '../../core/fault.ts';
import type { Services } from '../../core/context.ts';
import { serverWalletWords } from '../../core/messages/cards/server-wallet.ts';
import {
  listUntold,
  switchLedgerOff,
  tellNext,
  type Untold,
} from '../../core/server/ledger-channel.ts';
import { serverLedgerChannel } from '../../core/server/wallet.ts';
import type { Timers } from '../../core/timers.ts';
import { quoted } from './cards/format.ts';
import { movementText } from './cards/server-wallet.ts';
import type { Messenger } from './messenger.ts';
import { createPace } from './progress-pace.ts';
import { accents, card, text, type View } from './view.ts';

/** At least this long between two messages in one channel; what moves meanwhile stands in one. */
const gapMs = 3000;
/** What was lost on the way is found this often. */
const sweepMs = 30_000;
/** So many movements fit into one message. */
const mostLines = 20;

export type LedgerOptions = {
  readonly services: Services;
  readonly messenger: Messenger;
  readonly timers: Timers;
};

/**
 * Tells each movement of a server's wallet in the channel that its manager has chosen, once and in
 * order. What Discord has taken is marked, so that the next process goes on after it.
 */
export async function startLedgerChannels(
  options: LedgerOptions,
): Promise<{ close(): Promise<void> }> {
  const { services, timers } = options;
  /** Servers whose last message is known to hold everything that it was sent with. */
  const sure = new Set<string>();
  const closing = new AbortController();

  const pace = createPace({
    timers,
    gapMs,
    async run() {
      let isMore = false;
      for (const serverId of await listUntold(services)) {
        if (closing.signal.aborted) break;
        isMore = (await tellServer(options, serverId, sure)) || isMore;
      }
      return isMore ? gapMs : sweepMs;
    },
    onError: (error) =>
      services.log.warn({ err: error }, 'the ledgers of servers were not looked at'),
  });
  const { sql } = services.database;
  // A movement for a video comes with an event of it; gifts and settings are told on their own.
  const listening = await Promise.all(
    [serverLedgerChannel, eventChannel].map((channel) =>
      sql.listen(
        channel,
        () => pace.ask(),
        () => pace.ask(),
      ),
    ),
  );
  return {
    async close() {
      closing.abort();
      for (const one of listening) await one.unlisten();
      await pace.stop();
    },
  };
}

/** Whether something was told, so that there may be more; what fails is left for the next look. */
async function tellServer(
  options: LedgerOptions,
  serverId: string,
  sure: Set<string>,
): Promise<boolean> {
  const { services } = options;
  const found: { closed: Untold | null } = { closed: null };
  try {
    const isTold = await tellNext(services, serverId, {
      limit: mostLines,
      tell: async (untold) => {
        try {
          await send(options, untold, sure);
        } catch (error) {
          if (isFault(error, 'chat_closed')) found.closed = untold;
          throw error;
        }
      },
    });
    if (isTold) sure.add(serverId);
    return isTold;
  } catch (error) {
    sure.delete(serverId);
    if (found.closed) await switchOff(options, found.closed);
    else services.log.warn({ err: error, serverId }, 'a ledger was not told; it is tried again');
    return false;
  }
}

/** @throws whatever kept Discord from taking it. */
async function send(
  { messenger }: LedgerOptions,
  untold: Untold,
  sure: ReadonlySet<string>,
): Promise<void> {
  const { channelId, serverId } = untold;
  const view = presentLedger(untold);
  const sent = await messenger.send(channelId, view, { nonce: nonceOf(untold) });
  if (sure.has(serverId)) return;
  try {
    // The nonce may have found a message from before a death, with fewer lines.
    await messenger.edit(channelId, sent, view);
  } catch (error) {
    // Somebody may have deleted it by hand.
    if (!isFault(error, 'chat_closed')) throw error;
  }
}

/** At most 25 characters; another channel gets a message of its own. */
const nonceOf = ({ movements, channelId }: Untold): string =>
  `l${movements[0]?.id}-${channelId.slice(-8)}`;

/** Movements of a server's wallet, a line each; nothing that was said in private. @internal */
function presentLedger({ movements, locale }: Untold): View {
  const words = serverWalletWords[locale];
  const lines = movements.map(({ userId, name, ...entry }) => {
    const known = name === null ? null : quoted(name, 40);
    return movementText({ ...entry, who: userId === null ? known : `<@${userId}>` }, locale);
  });
  return card(accents.quiet, [text(`**${words.ledgerHeading}**\n${lines.join('\n')}`)]);
}

/** A channel that is gone or forbidden is tried no more, and who has chosen it hears of it. */
async function switchOff({ services, messenger }: LedgerOptions, untold: Untold): Promise<void> {
  const { serverId, channelId } = untold;
  const told = await switchLedgerOff(services, untold);
  if (told === null) return;
  services.log.warn({ serverId, channelId }, 'a ledger channel cannot be written to; it is off');
  if (told.userId === null || !told.isWanted) return;
  const words = serverWalletWords[told.locale].switchedOff({ channel: `<#${channelId}>` });
  try {
    const direct = await messenger.openDirect(told.userId);
    await messenger.send(direct, card(accents.waiting, [text(words)]), {
      nonce: `lo${untold.movements[0]?.id}`,
    });
  } catch (error) {
    services.log.info({ err: error, serverId }, 'the manager could not be told');
  }
}

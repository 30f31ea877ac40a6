import { isFault } from '../../core/fault.ts';
import type { Services } from '../../core/context.ts';
import { deliverNext, type Notice } from '../../core/notice/deliver.ts';
import { noticeChannel } from '../../core/notice/record.ts';
import type { AnyOperation } from '../../core/operation.ts';
import type { Messenger } from './messenger.ts';
import { presentQuestion } from './notices-question.ts';
import { presentMention, presentNotice } from './notices-view.ts';
import { createPace } from './progress-pace.ts';
import type { Timers } from '../../core/timers.ts';
import type { View } from './view.ts';

const gapMs = 1000;
/** What was lost on the way is found this often. */
const sweepMs = 30_000;
/** A notice that could not be delivered is left alone for this long. */
const retryMs = 60_000;

export type NoticesOptions = {
  readonly services: Services;
  readonly operations: readonly AnyOperation[];
  readonly messenger: Messenger;
  readonly timers: Timers;
};

/** Tells people in direct messages what is done, has failed or needs them; each thing once. */
export async function startNotices(options: NoticesOptions): Promise<{ close(): Promise<void> }> {
  const { services, timers } = options;
  const resting = new Map<number, () => void>();
  const closing = new AbortController();

  const deliver = async (notice: Notice): Promise<void> => {
    try {
      await deliverNotice(options, notice);
    } catch (error) {
      resting.set(
        notice.id,
        timers.schedule(retryMs, () => resting.delete(notice.id)),
      );
      throw error;
    }
  };

  const pace = createPace({
    timers,
    gapMs,
    async run() {
      while (!closing.signal.aborted) {
        const skip = [...resting.keys()];
        if (!(await deliverNext(services, 'discord', { skip, deliver }))) break;
      }
      return sweepMs;
    },
    onError: (error) =>
      services.log.warn({ err: error }, 'a notice could not be delivered; it is tried again'),
  });
  const listening = await services.database.sql.listen(
    noticeChannel,
    () => pace.ask(),
    () => pace.ask(),
  );
  return {
    async close() {
      closing.abort();
      await listening.unlisten();
      for (const cancel of resting.values()) cancel();
      await pace.stop();
    },
  };
}

/** @throws whatever kept the person from being told; closed doors do not. */
async function deliverNotice(options: NoticesOptions, notice: Notice) {
  const { services, messenger } = options;
  const { id, userId, progress } = notice;
  const view = notice.isWanted && !isShownInDirect(notice) ? viewOf(options, notice) : null;
  if (!view) return;
  try {
    const direct = await messenger.openDirect(userId);
    await messenger.send(direct, view, { nonce: `n${id}` });
    return;
  } catch (error) {
    if (!isFault(error, 'chat_closed')) throw error;
  }
  try {
    if (progress?.messageId)
      await messenger.send(progress.channelId, presentMention(notice), {
        nonce: `m${id}`,
        replyTo: progress.messageId,
        calls: userId,
      });
    else services.log.info({ notice: id }, 'a person takes no direct messages');
  } catch (error) {
    if (!isFault(error, 'chat_closed')) throw error;
    services.log.info({ notice: id }, 'a person can be reached nowhere');
  }
}

function viewOf({ services, operations }: NoticesOptions, notice: Notice): View | null {
  if (!notice.approval) return presentNotice(notice);
  return presentQuestion(notice.approval, notice, { operations, now: services.clock.now() });
}

/** Whether the person's own direct messages hold the message that says it already. */
function isShownInDirect({ progress }: Notice): boolean {
  if (!progress || progress.serverId !== null) return false;
  return progress.messageId !== null || !progress.hasEnded;
}

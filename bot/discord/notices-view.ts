import { noticeWords, type NoticeWords } from '../../core/messages/cards/notices.ts';
import type { Notice } from '../../core/notice/deliver.ts';
import { actionId } from './action-id.ts';
import { moment } from './cards/format.ts';
import { drawPayment, paymentAccent, paymentHeadline } from './notices-payment.ts';
import { drawWatchNews, watchHeadline } from './notices-watch.ts';
import { accents, button, card, cut, escapeText, row, text, type View } from './view.ts';

/** The direct message: what happened and where to see it, and nothing that was said in a server. */
export function presentNotice(notice: Notice): View {
  const words = noticeWords[notice.locale];
  const isReconnect = notice.kind === 'channel_reconnect';
  const hasPlace = !isReconnect && notice.watch === null && notice.payment === null;
  return card(accentOf(notice), [
    text([headline(notice), hasPlace ? whereabouts(notice) : null].filter(isText).join('\n')),
    ...(notice.watch === null ? [] : drawWatchNews(notice.watch, notice)),
    ...(notice.payment === null ? [] : drawPayment(notice.payment, notice)),
    row(
      ...(isReconnect
        ? [
            button(
              actionId('channel-connect', notice.userId, notice.channelAccess ?? 'upload'),
              { label: words.reconnect },
              'primary',
            ),
          ]
        : []),
      button(actionId('notices-off', notice.userId), { label: words.turnOff }),
    ),
  ]);
}

/** The same in the channel, for somebody who takes no direct messages. */
export const presentMention = (notice: Notice): View => ({
  components: [text(`<@${notice.userId}> ${headline(notice)}`)],
});

function headline(notice: Notice): string {
  const { kind, locale, channelTitle, waitingUntil, watch, payment } = notice;
  const words = noticeWords[locale];
  if (watch !== null) return watchHeadline(watch, locale);
  if (payment !== null) return paymentHeadline(payment, locale);
  // What has nothing to tell any more is not sent.
  if (!isPlain(kind)) return '';
  if (kind === 'publication_waiting')
    return words[kind]({ moment: waitingUntil && moment(waitingUntil, 'f') });
  if (kind !== 'channel_reconnect') return words[kind];
  return words[kind]({ channel: channelTitle && escapeText(cut(channelTitle, 100)) });
}

/** Kinds that say the same each time, but for a name or a moment. */
const isPlain = (kind: Notice['kind']): kind is keyof NoticeWords & Notice['kind'] =>
  kind in noticeWords.en;

/** A link to the message that shows it, or the command that does. */
function whereabouts({ kind, locale, progress }: Notice): string {
  const words = noticeWords[locale];
  if (progress?.messageId && progress.serverId)
    return `https://discord.com/channels/${progress.serverId}/${progress.channelId}/${progress.messageId}`;
  return kind.startsWith('video') ? words.seeVideos : words.seePublications;
}

function accentOf({ kind, payment }: Notice): number {
  if (payment !== null) return paymentAccent(payment);
  const isWaiting = kind === 'channel_reconnect' || kind === 'publication_waiting';
  if (isWaiting || kind === 'watch_paused') return accents.waiting;
  return kind.endsWith('failed') ? accents.bad : accents.good;
}

const isText = (line: string | null): line is string => line !== null;

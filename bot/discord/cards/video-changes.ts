import { serverWalletWords } from '../../../core/messages/cards/server-wallet.ts';
import { trendWords } from '../../../core/messages/cards/trend.ts';
import { videoWords } from '../../../core/messages/cards/video.ts';
import { trendSave } from '../../../core/trend/save.ts';
import { videoCancel } from '../../../core/video/cancel.ts';
import { videoDelete } from '../../../core/video/delete.ts';
import { videoGenerate } from '../../../core/video/generate.ts';
import { videoRetry } from '../../../core/video/retry.ts';
import { actionId } from '../action-id.ts';
import type { Presenter } from '../draw.ts';
import { accents, button, card, row, text } from '../view.ts';
import { quoted, small } from './format.ts';
import { savedSource } from './trends.ts';

/** A video that was started: what is left, and the way to its progress. */
export const presentVideoStarted: Presenter = (output, { locale, owner }) => {
  const words = videoWords[locale];
  const { video, videos, quota_left: left, paid_by: payer } = videoGenerate.output.parse(output);
  const show = actionId('video-show', owner, video);
  const takes = videos.length;
  const title = takes > 1 ? words.takesStarted({ takes }) : words.titles.queued;
  const isServer = payer === 'server';
  const rest = isServer ? serverWalletWords[locale].quotaLeft({ left }) : words.quotaLeft({ left });
  return card(accents.waiting, [
    text(`### ${title}\n${words.etaUnknown()}\n${small(rest)}`),
    row(button(show, { label: words.showProgress(), emoji: '⏳' })),
  ]);
};

/** A video that is made once more, and what of it need not be. */
export const presentRetried: Presenter = (output, { locale, owner }) => {
  const words = videoWords[locale];
  const { video, shots_kept: kept, shots_total: total } = videoRetry.output.parse(output);
  const show = actionId('video-show', owner, video);
  return card(accents.waiting, [
    text(`### ${words.retryStarted()}\n${words.shotsKept({ kept, total })}`),
    row(button(show, { label: words.showProgress(), emoji: '⏳' })),
  ]);
};

/** A video that was stopped, and whether it was charged. */
export const presentCancelled: Presenter = (output, { locale, owner }) => {
  const words = videoWords[locale];
  const { video, charged } = videoCancel.output.parse(output);
  const edit = actionId('video-again', owner, video);
  return card(accents.quiet, [
    text(`### ${words.titles.cancelled}\n${charged ? words.charged() : words.notCharged()}`),
    row(button(edit, { label: words.editPrompt(), emoji: '✏️' })),
  ]);
};

/** A video that is gone. */
export const presentDeleted: Presenter = (output, { locale, owner }) => {
  const words = videoWords[locale];
  videoDelete.output.parse(output);
  return card(accents.quiet, [
    text(`### ${words.deleted()}\n${words.deletedHelp()}`),
    row(button(actionId('videos-show', owner), { label: words.videosTitle(), emoji: '🎬' })),
  ]);
};

/** A trend that was saved, or dropped. */
export const presentTrendSaved: Presenter = (output, { locale, owner }) => {
  const words = trendWords[locale];
  const { trend, title, saved } = trendSave.output.parse(output);
  const list = actionId('trends-page', owner, savedSource, '1');
  return card(accents.brand, [
    text(`### ${saved ? `⭐ ${words.wasSaved()}` : words.wasDropped()}\n${quoted(title, 300)}`),
    row(
      button(actionId('trend-make', owner, trend), { label: words.make() }, 'primary'),
      button(list, { label: words.headingSaved() }),
    ),
  ]);
};

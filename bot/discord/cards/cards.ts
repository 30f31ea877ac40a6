import { operations } from '../../../core/operations.ts';
import type { Presenter } from '../draw.ts';
import { presentAccount, presentSettings } from './account.ts';
import { presentChannels, presentConnect, presentDisconnected } from './channels.ts';
import { presentDefault } from './default.ts';
import { presentModels } from './models.ts';
import { presentCheck } from './prompt-check.ts';
import { presentPrompt } from './prompt.ts';
import { presentChanged, presentStarted, presentTakenBack } from './publication-answers.ts';
import { presentPublications } from './publication-list.ts';
import { presentSuggestion } from './publication-suggestion.ts';
import { presentPublication } from './publication.ts';
import { presentManage, presentPlanEnding, presentPlans, presentUpgrade } from './plan.ts';
import { presentHistory } from './quota-history.ts';
import { presentQuota } from './quota.ts';
import { presentQuote } from './quote.ts';
import { presentFunded } from './server-wallet.ts';
import { presentReceipt } from './receipt.ts';
import { presentServer } from './server.ts';
import { presentStats } from './stats.ts';
import { presentToken, presentTokenRevoked, presentTokens } from './token.ts';
import { presentTrend } from './trend.ts';
import { presentTrendList, presentTrends } from './trends.ts';
import {
  presentCancelled,
  presentDeleted,
  presentRetried,
  presentTrendSaved,
  presentVideoStarted,
} from './video-changes.ts';
import { presentVideo } from './video.ts';
import { presentVideos } from './videos.ts';
import { presentWatch, presentWatchDeleted, presentWatches } from './watch.ts';

/** The operations that have a card of their own. */
const presenters: Readonly<Record<string, Presenter>> = {
  trend_search: presentTrends,
  trend_list: presentTrendList,
  trend_show: presentTrend,
  trend_save: presentTrendSaved,
  watch_create: presentWatch,
  watch_list: presentWatches,
  watch_delete: presentWatchDeleted,
  prompt_write: presentPrompt,
  prompt_check: (output, draw, input) => presentCheck(output, draw, input, null),
  model_list: presentModels,
  video_quote: presentQuote,
  video_list: presentVideos,
  video_generate: presentVideoStarted,
  video_cancel: presentCancelled,
  video_delete: presentDeleted,
  video_retry: presentRetried,
  publication_suggest: presentSuggestion,
  publication_create: presentStarted,
  publication_show: presentPublication,
  publication_list: presentPublications,
  publication_update: presentChanged,
  publication_cancel: presentTakenBack,
  stats_show: presentStats,
  channel_list: presentChannels,
  channel_connect: presentConnect,
  channel_disconnect: presentDisconnected,
  quota_show: presentQuota,
  quota_history: presentHistory,
  quota_receipt: presentReceipt,
  plan_list: presentPlans,
  plan_upgrade: presentUpgrade,
  plan_manage: presentManage,
  plan_cancel: presentPlanEnding,
  account_show: presentAccount,
  account_update: presentSettings,
  token_create: presentToken,
  token_list: presentTokens,
  token_revoke: presentTokenRevoked,
  server_show: presentServer,
  server_update: presentServer,
  server_fund: presentFunded,
  video_show: (output, draw) => presentVideo(output, draw),
};

/** How the answer of the operation of that name is drawn. @throws Error when there is no such operation. */
export function presenterOf(name: string): Presenter {
  const own = presenters[name];
  if (own) return own;
  const operation = operations.find((one) => one.name === name);
  if (!operation) throw new Error(`no operation is called ${name}`);
  return presentDefault(operation);
}

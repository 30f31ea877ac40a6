import { accountSaidEn } from './account.ts';
import {
  accountDeleteFaultsEn,
  accountDeletePreviewEn,
  accountDeleteSaidEn,
} from './account-delete.ts';
import { accountLinkFaultsEn, accountLinkPreviewEn, accountLinkSaidEn } from './account-link.ts';
import { explainedEn } from './explained.ts';
import { limitFaultsEn } from './limits.ts';
import { moderationEn } from './moderation.ts';
import { planFaultsEn, planIntervalEn, planPreviewEn, plansSaidEn } from './plans.ts';
import { problemsEn } from './problems.ts';
import { promptWrittenEn } from './prompt-written.ts';
import {
  allowanceUsedUpEn,
  extrasRefusedEn,
  publishingFaultsEn,
  publishingPreviewEn,
  publishingSaidEn,
} from './publishing.ts';
import { quotedEn } from './quoted.ts';
import {
  serverWalletFaultsEn,
  serverWalletPreviewEn,
  serverWalletSaidEn,
} from './server-wallet.ts';
import { shareSaidEn } from './share.ts';
import { searchFaultsEn, trendSearchEn } from './trend-search.ts';
import { tokenLimitEn, tokensSaidEn, tokenUseEn } from './tokens.ts';
import { watchesSaidEn, watchLimitEn } from './watch.ts';

/** What a person reads when something did not work: the reason, and what to do next. */
export type FaultWords = { readonly message: string; readonly next: string };

/** States are said in the words of the schemas. */
const state = (name: string): string => name;

/** The English catalogue: it declares the keys and parameters that every other language must have. */
export const en = {
  problems: problemsEn,
  /** The state of a video or a publication. */
  state,
  faults: {
    invalid_input: (p: { problems: { en: string; zh: string } }): FaultWords => ({
      message: `That input does not fit: ${p.problems.en}`,
      next: 'Correct the named field and send it again.',
    }),
    unknown_operation: (p: { name: string; known: string }): FaultWords => ({
      message: `There is no operation called "${p.name}".`,
      next: `The operations are: ${p.known}.`,
    }),
    not_found: (p: { what: string; id: string }): FaultWords => ({
      message: `There is no ${p.what} "${p.id}" in your account.`,
      next: 'Check the id, or list what you have.',
    }),
    approval_required: (p: { title: string; id: string; link: string | null }): FaultWords => ({
      message: `A person has to approve this first: ${p.title}`,
      next: p.link
        ? `Ask the person to open ${p.link} and decide, then send exactly the same call again.`
        : `Ask the person to decide on approval ${p.id}, then send exactly the same call again.`,
    }),
    approval_refused: (): FaultWords => ({
      message: 'This was declined, so nothing was started.',
      next: 'Change what was asked for, or leave it.',
    }),
    approval_not_valid: (): FaultWords => ({
      message:
        'This approval cannot be used: it is unknown, expired, used up, or made for something else.',
      next: 'Ask for the action again to get a new approval.',
    }),
    ...serverWalletFaultsEn,
    ...accountLinkFaultsEn,
    quote_expired: (): FaultWords => ({
      message: 'This quote has expired.',
      next: 'Ask for a new one with video_quote; the price may have changed.',
    }),
    content_refused: (): FaultWords => ({
      message: "The provider's safety rules refused this request.",
      next: 'Describe the idea in other words and try again.',
    }),
    prompt_refused: moderationEn.refused,
    provider_busy: (p: { provider: string }): FaultWords => ({
      message: `${p.provider} is busy right now.`,
      next: 'Try again a little later; work that is already running goes on by itself.',
    }),
    provider_failed: (p: { provider: string }): FaultWords => ({
      message: `${p.provider} could not do this.`,
      next: 'Try again, or choose another model or source.',
    }),
    ...searchFaultsEn,
    watch_limit: watchLimitEn,
    token_limit: tokenLimitEn,
    ...limitFaultsEn,
    ...planFaultsEn,
    ...accountDeleteFaultsEn,
    provider_locked: (p: { provider: string }): FaultWords => ({
      message: `${p.provider} does not accept our account at the moment.`,
      next: 'The operator has to check its key and balance; nothing is wrong with your request.',
    }),
    service_missing: (p: { service: string }): FaultWords => ({
      message: `${p.service} is not set up on this server.`,
      next: 'The operator has to add its key; .env.example names it.',
    }),
    ...publishingFaultsEn,
    not_ready: (p: { what: string; status: string }): FaultWords => ({
      message: `This ${p.what} is not ready: it is ${p.status}.`,
      next: 'Wait until it is ready, then try again.',
    }),
    already_over: (p: { what: string; status: string }): FaultWords => ({
      message: `This ${p.what} is already over: it is ${p.status}.`,
      next: 'There is nothing left to stop.',
    }),
    cancel_first: (): FaultWords => ({
      message: 'This video is still being made.',
      next: 'Stop it with video_cancel first, or wait until it is ready.',
    }),
    no_free_retry: (p: { id: string }): FaultWords => ({
      message: `There is no free retry for "${p.id}": only a video that timed out has one, once.`,
      next: 'Ask for a new quote with video_quote to make it again.',
    }),
    publication_running: (p: { publication: string }): FaultWords => ({
      message: `This video is being uploaded for ${p.publication}.`,
      next: 'Wait until the upload has ended, then try again.',
    }),
    server_missing: (): FaultWords => ({
      message: 'There are no settings here: this is no chat server.',
      next: 'Ask for it in a channel of the server.',
    }),
    server_manager_only: (): FaultWords => ({
      message: 'Only those who manage this server may change its settings.',
      next: 'Ask somebody with the permission to manage the server.',
    }),
    link_not_valid: (): FaultWords => ({
      message: 'This link is not valid, or it has expired.',
      next: 'Ask for a new one.',
    }),
    not_yours: (): FaultWords => ({
      message: 'This card belongs to somebody else.',
      next: 'Start your own with a command or by talking to me.',
    }),
    button_outdated: (): FaultWords => ({
      message: 'This button is from an older version.',
      next: 'Open what you need again with a command.',
    }),
    channel_not_allowed: (p: { channels: string }): FaultWords => ({
      message: 'This server keeps me to other channels.',
      next: `Talk to me in ${p.channels}, or in a direct message.`,
    }),
    role_not_allowed: (): FaultWords => ({
      message: 'This server lets only some roles use me.',
      next: 'Ask its managers, or talk to me in a direct message.',
    }),
    chat_closed: (): FaultWords => ({
      message: 'I may not write there.',
      next: 'Allow direct messages from this server, or let me see the channel and send messages in it.',
    }),
    agent_limit: (p: { resetsAt: string; commands: string }): FaultWords => ({
      message: 'You have used up what the agent may use for you today.',
      next: `It is back at ${p.resetsAt}. Until then the commands work as always: ${p.commands}.`,
    }),
    storage_full: (): FaultWords => ({
      message: 'There is no space left to store files.',
      next: 'The operator has to free disk space; waiting work goes on by itself afterwards.',
    }),
    database_down: (): FaultWords => ({
      message: 'The database cannot be reached.',
      next: 'The operator has to check DATABASE_URL and the server behind it; then try again.',
    }),
    internal: (p: { reference: string }): FaultWords => ({
      message: `Something broke on our side. Ref ${p.reference}`,
      next: 'Try again; if it happens again, give the reference to the operator.',
    }),
  },
  /** What an operation answered, in one or two sentences. */
  say: {
    ...accountSaidEn,
    ...accountDeleteSaidEn,
    server: (p: { channels: number; roles: number; language: string; visibility: string }) =>
      [
        p.channels === 0 ? 'Every channel' : `${p.channels} channels`,
        p.roles === 0 ? 'every role' : `${p.roles} roles`,
        `language: ${p.language}`,
        `results are seen by: ${p.visibility}`,
      ].join('; '),
    quota_history: (p: { count: number }) => `${p.count} movements, newest first.`,
    model_list: (p: { count: number }) => `${p.count} models can make videos.`,
    trend_search: trendSearchEn,
    trend_show: explainedEn,
    trend_save: (p: { title: string; saved: boolean }) =>
      p.saved ? `Saved "${p.title}".` : `"${p.title}" is no longer saved.`,
    trend_list: (p: { count: number; saved: boolean }) =>
      p.saved ? `${p.count} saved trends, newest first.` : `${p.count} trends found, newest first.`,
    ...watchesSaidEn,
    prompt_check: moderationEn.checked,
    prompt_write: promptWrittenEn,
    video_quote: quotedEn,
    video_generate: (p: { videos: string; left: number; isServer: boolean }) =>
      `Started ${p.videos}. ${p.left} quota left${p.isServer ? " in this server's wallet" : ''}. It usually takes a few minutes.`,
    video_retry: (p: { video: string; shots_kept: number; shots_total: number }) =>
      `Started ${p.video} free of charge; ${p.shots_kept} of ${p.shots_total} shots are used again.`,
    video_show: (p: { video: string; status: string; percent: number; why: string | null }) =>
      p.why ? `${p.video}: ${p.status}. ${p.why}` : `${p.video}: ${p.status}, ${p.percent}%.`,
    video_cancel: (p: { video: string; charged: boolean }) =>
      p.charged
        ? `${p.video} is stopped. The provider had already started, so its quota is spent.`
        : `${p.video} is stopped. Nothing was charged.`,
    video_delete: (p: { video: string }) => `${p.video} and its files are deleted.`,
    video_list: (p: { count: number }) => `${p.count} videos, newest first.`,
    ...shareSaidEn,
    picture_keep: (p: { picture: string; width: number; height: number }) =>
      `Kept as ${p.picture} (${p.width}×${p.height}).`,
    ...publishingSaidEn,
    ...tokensSaidEn,
    ...plansSaidEn,
    ...serverWalletSaidEn,
    ...accountLinkSaidEn,
  },
  /** What a person reads before deciding. */
  preview: {
    video_generate: (p: { seconds: number; model: string; takes: number }) =>
      p.takes === 1
        ? `Make a ${p.seconds} s video with ${p.model}`
        : `Make ${p.takes} takes of a ${p.seconds} s video with ${p.model}`,
    video_retry: () => 'Make this video again, free of charge',
    shotsKept: (p: { kept: number; total: number }) => `${p.kept} of ${p.total} are used again`,
    video_cancel: () => 'Stop making this video',
    video_delete: () => 'Delete this video for good',
    length: (p: { seconds: number; shape: string }) => `${p.seconds} s, ${p.shape}`,
    ...publishingPreviewEn,
    ...planPreviewEn,
    ...accountDeletePreviewEn,
    ...serverWalletPreviewEn,
    ...accountLinkPreviewEn,
  },
  refused: extrasRefusedEn,
  allowanceUsedUp: allowanceUsedUpEn,
  tokenUse: tokenUseEn,
  planInterval: planIntervalEn,
  /** Labels of single values. */
  words: {
    prompt: 'Prompt',
    model: 'Model',
    length: 'Length',
    shape: 'Shape',
    shots: 'Shots',
    takes: 'Takes',
    free: 'free',
    quota: 'Quota',
    quotaHeld: 'Quota set aside',
    quotaAfter: 'Left afterwards',
    providerCost: 'Provider cost',
    unknown: 'unknown',
    title: 'Title',
    description: 'Description',
    tags: 'Tags',
    channel: 'Channel',
    privacy: 'Visibility',
    schedule: 'Goes public at',
    thumbnail: 'Preview picture',
    playlist: 'Playlist',
    captions: 'Captions',
    category: 'Category',
    notify: 'Notify subscribers',
    madeForKids: 'Made for children',
    unchanged: 'as it is',
    yes: 'yes',
    no: 'no',
    approve: 'Approve',
    decline: 'Decline',
    askedBy: 'Asked by',
    validUntil: 'Valid until',
    approved: 'Approved. Send the same request again, or go back to your chat.',
    declined: 'Declined. Nothing was started.',
    channelConnected: 'Your channel is connected',
    closePage: 'You can close this page.',
    notGranted: 'Access was not granted. Nothing was connected.',
    timedOut: 'The provider did not answer within 15 minutes.',
    freeRetry: 'It can be made again once, free of charge.',
    stopped: 'It was stopped on request.',
    planUntil: 'Lasts until',
    planAfter: 'After that',
    quotaCharged: 'Its quota was charged.',
    quotaReturned: 'Nothing was charged.',
    cancelCharged: 'stays charged: the provider has already started',
    cancelReturned: 'comes back: the provider has not started',
    files: 'Files',
    filesGone: 'removed; what was published stays on YouTube',
    lockedPrivate: 'YouTube keeps uploads of this project private until it has been audited.',
  },
};

/** The shape that each language fills: the same keys, the same parameters. */
export type Catalogue = typeof en;

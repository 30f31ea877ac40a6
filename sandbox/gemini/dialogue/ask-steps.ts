import { trendOf, videoOf } from './heed.ts';
import type { Ask } from './intents.ts';
import { fieldOf, itemsOf, quotable } from './lists.ts';
import { lookUp, type Call, type Found } from './lookup.ts';
import { nameOf, namedItems } from './names.ts';
import { whyNot } from './make-steps.ts';
import type { Reading } from './reading.ts';
import type { Situation } from './situation.ts';
import type { Speech } from './speech.ts';
import type { ToolResult } from './results.ts';

/** What one question needs: a call first, or the answer. */
export type Answer = { readonly call: Call } | { readonly text: string };

type Question = {
  readonly situation: Situation;
  readonly speech: Speech;
  readonly reading: Reading;
};
type Wanted = { readonly name: string; readonly args: Readonly<Record<string, unknown>> };

/** Answers a question from a fresh result of the one call that knows. */
export function answerAsk(ask: Ask, question: Question): Answer {
  const { situation, speech } = question;
  const wanted = callFor(ask, question);
  if ('text' in wanted) return wanted;
  const found: Found = lookUp(situation, { ...wanted, since: situation.newest });
  if (found.kind === 'missing') return { call: found.call };
  if (found.kind === 'absent') return { text: speech.cannot(wanted.name) };
  if (found.kind === 'failed') return { text: whyNot(speech, found.result) };
  if (found.kind === 'card') return { text: speech.cardWaits(fieldOf(found.result, 'title')) };
  return { text: tellers[ask](found.result, question) };
}

const plainCalls: Partial<Record<Ask, string>> = {
  quota: 'quota_show',
  history: 'quota_history',
  models: 'model_list',
  videos: 'video_list',
  channels: 'channel_list',
  connect: 'channel_connect',
  watches: 'watch_list',
  publications: 'publication_list',
  saved: 'trend_list',
};

function callFor(ask: Ask, question: Question): Wanted | { text: string } {
  const name = plainCalls[ask];
  if (name !== undefined) return { name, args: {} };
  if (ask === 'explain' || ask === 'save' || ask === 'unsave') return callAboutTrend(ask, question);
  const { situation, reading, speech } = question;
  if (ask === 'reword') return { text: speech.askReword() };
  if (ask === 'check_prompt') {
    const text = reading.checked ?? lastPrompt(situation);
    return text === null
      ? { text: speech.askPrompt() }
      : { name: 'prompt_check', args: { prompt: text } };
  }
  if (ask === 'watch') return { name: 'watch_create', args: { keyword: reading.watched } };
  if (ask === 'account' || ask === 'language') return { text: aboutSettings(ask, question) };
  const publication =
    reading.ids.find((id) => id.startsWith('pub_')) ?? situation.memory.publication;
  const isAboutPublication = ask === 'publication' || ask === 'status';
  return isAboutPublication && publication !== null
    ? { name: 'publication_show', args: { publication } }
    : callAboutVideo(ask, question);
}

/** No tool shows or changes them; the person has commands for it. */
function aboutSettings(ask: 'account' | 'language', { situation, speech }: Question): string {
  const { settings } = situation;
  if (settings === null)
    return speech.cannot(ask === 'account' ? 'account_show' : 'account_update');
  return ask === 'account'
    ? speech.showAccount(settings.show)
    : speech.changeLanguage(settings.change);
}

/** The prompt that was written or priced last. */
function lastPrompt({ turns }: Situation): string | null {
  for (const turn of turns.toReversed()) {
    if (turn.kind !== 'call') continue;
    if (turn.name === 'prompt_write') return quotable(fieldOf(turn.result, 'prompt'), 500) || null;
    const { prompt } = turn.args;
    if (turn.name === 'video_quote') return typeof prompt === 'string' ? prompt : null;
  }
  return null;
}

function callAboutTrend(
  ask: 'explain' | 'save' | 'unsave',
  { situation, speech, reading }: Question,
): Wanted | { text: string } {
  const { memory } = situation;
  const trend = trendOf(memory, reading) ?? memory.trend;
  if (trend === null) return { text: speech.askTrend() };
  if (ask === 'explain') {
    const depth = wantsDepth(situation) ? { watch: true } : {};
    return { name: 'trend_show', args: { trend, ...depth } };
  }
  const saved = ask === 'unsave' ? { saved: false } : {};
  return { name: 'trend_save', args: { trend, ...saved } };
}

/** Whether the newest message asks to look at the video itself. */
function wantsDepth({ turns, newest }: Situation): boolean {
  const turn = turns[newest];
  const said = turn?.kind === 'person' ? turn.text : '';
  return /深入|深度|看(?:一下|看|完|过)?(?:这个|那个|原)?视频|\bin depth\b|\bdeep(?:er|ly)?\b|\bwatch(?:es|ing)? (?:it|that|this|the video)\b/iu.test(
    said,
  );
}

const videoCalls: Partial<Record<Ask, string>> = {
  cancel_video: 'video_cancel',
  delete_video: 'video_delete',
  titles: 'publication_suggest',
  retry_video: 'video_retry',
};

function callAboutVideo(
  ask: Ask,
  { situation: { memory }, speech, reading }: Question,
): Wanted | { text: string } {
  const video = videoOf(memory, reading) ?? memory.current?.video ?? memory.video;
  if (video !== null) return { name: videoCalls[ask] ?? 'video_show', args: { video } };
  const hasCard = memory.cards.some(({ state }) => state === 'waiting');
  return ask === 'status' && hasCard
    ? { text: speech.cardWaits('') }
    : { name: 'video_list', args: {} };
}

type Teller = (result: ToolResult, question: Question) => string;

/** The list of a result as the person hears it. */
const listOf = (result: ToolResult, name: string, { situation }: Question) =>
  namedItems(situation, itemsOf(result, name));

/** An operation's sentence with names in the place of its ids. */
const named = (result: ToolResult, { speech, situation }: Question): ToolResult => ({
  ...result,
  said: result.said
    .replace(/\b(?:vid|pub)_[\w-]+/gu, (id) => speech.thing(nameOf(situation, id)).trim())
    .replace(/^your/u, 'Your'),
});

const tellSaid: Teller = (result, question) => question.speech.said(named(result, question));
const tellVideo: Teller = (result, question) => {
  const { speech, situation } = question;
  if ('videos' in result.data) return speech.videos(listOf(result, 'videos', question));
  const video = nameOf(situation, fieldOf(result, 'video'));
  return speech.videoDetail(named(result, question), video, situation.memory.current);
};

/** The answer in the operation's own sentence, or with the facts that it leaves out. */
const tellers: Readonly<Record<Ask, Teller>> = {
  account: tellSaid,
  save: tellSaid,
  unsave: tellSaid,
  language: tellSaid,
  watch: tellSaid,
  watches: tellSaid,
  publications: (result, question) =>
    question.speech.publications(listOf(result, 'publications', question)),
  publication: (result, question) =>
    'videos' in result.data ? tellVideo(result, question) : tellSaid(result, question),
  status: (result, question) =>
    'publication' in result.data ? tellSaid(result, question) : tellVideo(result, question),
  cancel_video: tellVideo,
  delete_video: tellVideo,
  retry_video: tellVideo,
  reword: tellSaid,
  check_prompt: (result, { speech }) => speech.checked(result),
  quota: (result, { speech }) => speech.quota(result),
  history: (result, { speech }) => speech.history(result),
  models: (result, { speech }) => speech.models(result),
  videos: (result, question) => question.speech.videos(listOf(result, 'videos', question)),
  channels: (result, question) => question.speech.channels(listOf(result, 'channels', question)),
  connect: (result, { speech }) => speech.connect(fieldOf(result, 'url'), null, false),
  saved: (result, question) => question.speech.trends(listOf(result, 'trends', question), ''),
  explain: (result, { speech }) => speech.story(result),
  titles: (result, { speech }) =>
    speech.titles(itemsOf(result, 'titles').map(({ title }) => title)),
};

import { joinFields, momentIn, readMoment, recordsOf, wordOf } from './facts.ts';
import { fieldOf, quotable, shortTitle, type Item } from './lists.ts';
import type { Named } from './names.ts';
import type { Speech } from './speech.ts';
import { lookWords, studioEnglish } from './speak-studio.ts';
import type { When } from './times.ts';
import type { Now } from './zone.ts';

const abilities: Readonly<Record<string, string>> = {
  trend_search: 'search for trends',
  trend_show: 'explain a trend',
  trend_list: 'list saved trends',
  trend_save: 'save a trend',
  prompt_check: 'check a prompt',
  video_retry: 'make a video again',
  prompt_write: 'write a prompt',
  model_list: 'list the models',
  video_quote: 'price a video',
  video_generate: 'make a video',
  video_show: 'look up a video',
  video_list: 'list your videos',
  video_cancel: 'cancel a video',
  video_delete: 'delete a video',
  channel_connect: 'connect a channel',
  channel_list: 'look up your channels',
  publication_suggest: 'suggest titles',
  publication_create: 'publish a video',
  publication_show: 'look up a publication',
  publication_list: 'list your publications',
  quota_show: 'look up your quota',
  quota_history: 'look up where quota went',
  account_show: 'look up your account',
  account_update: 'change your settings',
  watch_create: 'watch a topic',
  watch_list: 'list what is watched',
  watch_delete: 'stop watching a topic',
};

const operations: Readonly<Record<string, string>> = {
  video_generate: 'making the video',
  video_retry: 'making the video again',
  publication_create: 'publishing it',
  video_cancel: 'cancelling the video',
  video_delete: 'deleting the video',
};

const states: Readonly<Record<string, string>> = {
  queued: 'queued',
  generating: 'being made',
  assembling: 'being put together',
  ready: 'ready',
  failed: 'failed',
  cancelled: 'cancelled',
};

const line = (item: Item, index: number): string => {
  const extras = [
    item.platform,
    item.status === 'reconnect' ? 'to be connected again' : item.status,
    item.score === null ? '' : `score ${item.score}`,
    item.id,
  ];
  return `${index + 1}. ${item.title === '' ? item.id : `“${item.title}”`} (${extras.filter(Boolean).join(', ')})`;
};
const lines = (items: readonly Item[], most = 5): string =>
  items.slice(0, most).map(line).join('\n');
const sentence = (text: string): string =>
  /[.!?。！？]$/u.test(text) || text === '' ? text : `${text}.`;

const thing = ({ id, topic }: Named): string =>
  id !== '' ? id : topic === '' ? 'your video' : `your video about “${topic}”`;
/** At the start of a sentence; an id keeps its letters. */
const opening = (named: Named): string => thing(named).replace(/^your/u, 'Your');

/** What the model says in English. */
export function speakEnglish(now: Now): Speech {
  const timeOf = (when: When | null): string => {
    const moment = momentIn(when, now);
    if (!moment) return '';
    const day = ['today', 'tomorrow'][moment.days];
    return `${moment.text}${day === undefined ? '' : ` (${day})`}`;
  };
  return {
    ...talk,
    ...questions,
    ...findings,
    ...videos,
    ...answers,
    ...studioEnglish,
    willPublish: (when) =>
      when?.kind === 'at'
        ? `Once it is ready I will prepare publishing it at ${timeOf(when)}, and ask you once more.`
        : 'Once it is ready I will prepare publishing it, and ask you once more.',
    started: (left, project) => {
      const after = project?.publish
        ? `once it is ready I will prepare publishing it${project.when?.kind === 'at' ? ` at ${timeOf(project.when)}` : ''}.`
        : 'I will tell you when it is ready.';
      return `Started; ${after}${left === null ? '' : ` ${left} quota left.`}`;
    },
    publishCard: (video, title, when) =>
      `${opening(video)} is ready to go out as “${shortTitle(title)}”${when?.kind === 'at' ? `, public at ${timeOf(when)}` : ''}. A card waits for you: choose who may see it and press Confirm. Nothing is published before that.`,
    published: (video, when) =>
      `${opening(video)} is on its way to your channel${when?.kind === 'at' ? ` and goes public at ${timeOf(when)}` : ''}.`,
    scheduled: (video, when) =>
      `${opening(video)} is scheduled${when?.kind === 'at' ? ` and goes public at ${timeOf(when)}` : ''}.`,
    timePassed: (at) =>
      `The time we had in mind, ${readMoment(at, now).text}, has passed. Shall I publish now, or at another time?`,
  };
}

const talk = {
  greeting: () =>
    'Hi! Tell me a topic and I find videos that are taking off, make a new one from the idea, and publish it to your channel. What shall it be about?',
  thanks: () => 'You are welcome! Just say so when you want the next one.',
  alright: () => 'Alright, nothing more happens.',
  help: (tools) =>
    tools.length === 0
      ? 'I can talk, but no tools are on offer here right now.'
      : `I can find videos that are taking off, explain why, make a new one and publish it. Try: “find a viral video about AI tools and make a 30 second vertical video”, “how much quota is left?”, or “show my videos”.`,
  outOfScope: () =>
    'That is outside what I do. I find videos that are taking off, make new ones and publish them. Give me a topic and I start.',
  cannot: (tool) => `I cannot ${abilities[tool] ?? `use ${tool}`} here.`,
  failure: ({ why, next }) =>
    `That did not work: ${sentence(why === '' ? 'no reason was given' : quotable(why, 400))} ${next}`.trim(),
  said: ({ said }) => (said === '' ? 'Done.' : quotable(said, 600)),
  noted: () => 'Noted.',
  pausedBefore: (tool) =>
    `I stop here for now; next I would ${abilities[tool] ?? `use ${tool}`}. Say “go on” and I continue.`,
} satisfies Partial<Speech>;

const questions = {
  askTopic: (isSearch) => (isSearch ? 'What should I search for?' : 'What should it be about?'),
  askSeconds: (asked, lengths) =>
    `${asked} seconds is not on offer; a video can have ${lengths.join(', ')} seconds. Which one?`,
  askTime: (words) => `At what time${words === '' ? '' : ` (you said “${words}”)`}?`,
  askTitle: () => 'What title should it have?',
  askTrend: () => 'Which trend do you mean? Give me a topic and I search first.',
  askVideo: (ready) =>
    ready.length === 0
      ? 'There is no finished video to publish yet. Shall I make one? Tell me what it should be about.'
      : `Which video should I publish?\n${lines(ready)}`,
  askChannel: (channels) => `Which channel should it go to?\n${lines(channels)}`,
} satisfies Partial<Speech>;

const findings = {
  nothingFound: (topic) =>
    `I found nothing usable about “${topic}”. Another keyword, more platforms or a longer period may help.`,
  trends: (items, topic) =>
    items.length === 0
      ? 'There is nothing here yet.'
      : `${topic === '' ? 'Here they are' : `This is taking off about “${topic}”`}:\n${lines(items)}\nSay which one I should explain or make into a new video.`,
  tookUp: (trend, count) =>
    `I looked at ${count} ${count === 1 ? 'video' : 'videos'} and took up “${trend.title}”${trend.score === null ? '' : ` (score ${trend.score})`}.`,
  story: (trend) => {
    const why = quotable(fieldOf(trend, 'attraction'), 400);
    const score = fieldOf(trend, 'score');
    const title = shortTitle(fieldOf(trend, 'title'));
    if (why === '')
      return trend.said === '' ? 'I have no explanation for it.' : quotable(trend.said, 600);
    return `“${title}”${score === '' ? '' : ` scores ${score} of 100`}. ${sentence(why)} Shall I make one like it?`;
  },
  prompt: (prompt) => `Here is a prompt: ${prompt}\nShall I make the video?`,
  plan: (quote, takes) => {
    const cost = wordOf(quote.data, 'quota');
    const usd = wordOf(quote.data, 'estimated_usd');
    const each = takes > 1 ? ` for each of ${takes} takes` : '';
    return `The plan: ${planOf(quote.data)}.${cost === null ? '' : ` It costs ${cost} quota${each}${usd === null ? '' : ` (about $${usd} at the provider)`}.`}`;
  },
  price: (quote) => {
    const cost = wordOf(quote.data, 'quota');
    return `${planOf(quote.data)}: ${cost === null ? quote.said : `${cost} quota`}. Nothing has been spent. Shall I make it?`;
  },
} satisfies Partial<Speech>;

const planOf = (data: Readonly<Record<string, unknown>>): string => {
  const seconds = wordOf(data, 'seconds');
  const parts = [
    seconds === null ? null : `${seconds} s`,
    wordOf(data, 'shape'),
    wordOf(data, 'model'),
    ...lookWords(data, 'en'),
  ];
  return parts.filter((part) => part !== null).join(', ');
};

const videos = {
  cardDrawn: () =>
    'A card waits for you: press Confirm to start it, or Cancel. Nothing has been spent yet.',
  cardWaits: (title) =>
    `The card${title === '' ? '' : ` “${quotable(title)}”`} still waits for you. Only its Confirm button starts it; I cannot press it, and nothing has happened yet.`,
  done: (operation) => `Done: ${operations[operation] ?? operation}.`,
  declined: (operation) =>
    `OK, ${operations[operation] ?? operation} is off; nothing was started. Tell me what to change, or leave it.`,
  expired: (operation) =>
    `The card for ${operations[operation] ?? operation} has run out. Say so if I should draw a new one.`,
  didNotWork: (operation, why) =>
    `That did not work (${operations[operation] ?? operation}): ${sentence(why)} Tell me when I should try again.`,
  dropped: (hasCard) =>
    hasCard
      ? 'OK, I leave it. You can press Cancel on the card; nothing has been spent.'
      : 'OK, I leave it.',
  thing,
  ready: (video) => `${opening(video)} is ready. Shall I publish it?`,
  videoEnded: (video, status, why) =>
    `${opening(video)} ${status === 'failed' ? 'could not be made' : `is ${states[status] ?? status}`}${why === '' ? '' : `: ${why}`}. Shall I try again?`,
  videoState: (video, state, project) =>
    `${opening(video)} is ${states[state] ?? state}.${project.publish && state !== 'failed' ? ' Publishing comes after that.' : ''}`,
  videoDetail: (result, video, project) => {
    const url = wordOf(result.data, 'url');
    const state = states[fieldOf(result, 'status')];
    const percent = wordOf(result.data, 'percent');
    if (state === undefined) return result.said === '' ? 'Done.' : quotable(result.said, 600);
    const about = `${opening(video)} is ${state}${percent === null || state === 'ready' ? '' : ` (${percent}%)`}.`;
    const next = state === 'ready' && !project?.publish ? ' Shall I publish it?' : '';
    return `${about}${url === null ? '' : ` ${url}`}${next}`;
  },
  videos: (items) =>
    items.length === 0
      ? 'There are no videos yet. What should the first be about?'
      : `Your videos:\n${lines(items, 10)}`,
  publicationState: (video, status, why) =>
    `${opening(video)} ${status === 'failed' ? 'could not be published' : `is ${status}`}${why === '' ? '' : `: ${why}`}.`,
  cannotReschedule: (video) =>
    `${opening(video)} has been handed over already; I cannot change its time here. YouTube Studio can.`,
  notPublishing: () => 'OK, I will not publish it.',
} satisfies Partial<Speech>;

const answers = {
  connect: (url, lost, goesOn) =>
    `${lost === null ? '' : `YouTube no longer accepts our access to ${lost}. `}${url === '' ? 'The link is on the card that only you see: open it, choose your channel and allow access.' : `Open this page, choose your channel and allow access: ${url}`}${goesOn ? '\nAs soon as it is connected I go on with publishing.' : ''}`,
  channelConnected: () => 'Your channel is connected.',
  channels: (items) =>
    items.length === 0
      ? 'No channel is connected yet. Say “connect YouTube” and I get you the link.'
      : `Your channels:\n${lines(items, 10)}`,
  publications: (items) =>
    items.length === 0
      ? 'Nothing has been published yet.'
      : `Your publications:\n${lines(items, 10)}`,
  quota: ({ data, said }) => {
    const [available, held] = [wordOf(data, 'available'), wordOf(data, 'held')];
    if (available === null) return said;
    return `${available} quota left${held === null || held === '0' ? '' : `, ${held} set aside for videos in the making`}.`;
  },
  history: (result) => {
    const entries = recordsOf(result, 'entries').map(
      (entry) => `- ${joinFields(entry, ['at', 'verb', 'amount'])}`,
    );
    return [result.said, ...entries.slice(0, 10)].filter(Boolean).join('\n');
  },
  models: (result) => {
    const models = recordsOf(result, 'models').map(
      (model) => `- ${joinFields(model, ['id', 'speed', 'quality', 'cost'])}`,
    );
    return [
      models.length === 0 ? result.said : 'These models make videos:',
      ...models,
      'Which one should I use?',
    ]
      .filter(Boolean)
      .join('\n');
  },
  titles: (titles) =>
    `Three ideas for the title:\n${titles.map((title, index) => `${index + 1}. ${title}`).join('\n')}`,
} satisfies Partial<Speech>;

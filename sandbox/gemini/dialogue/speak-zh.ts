import { joinFields, momentIn, readMoment, recordsOf, wordOf } from './facts.ts';
import { fieldOf, quotable, shortTitle, type Item } from './lists.ts';
import type { Named } from './names.ts';
import type { Speech } from './speech.ts';
import { lookWords, studioChinese } from './speak-studio.ts';
import type { When } from './times.ts';
import type { Now } from './zone.ts';

const abilities: Readonly<Record<string, string>> = {
  trend_search: '搜索爆款',
  trend_show: '分析爆款',
  trend_list: '列出收藏的爆款',
  trend_save: '收藏爆款',
  prompt_check: '检查提示词',
  video_retry: '重做视频',
  prompt_write: '写提示词',
  model_list: '列出模型',
  video_quote: '报价',
  video_generate: '制作视频',
  video_show: '查看视频',
  video_list: '列出视频',
  video_cancel: '取消视频',
  video_delete: '删除视频',
  channel_connect: '连接频道',
  channel_list: '查看频道',
  publication_suggest: '推荐标题',
  publication_create: '发布视频',
  publication_show: '查看发布状态',
  publication_list: '列出发布',
  quota_show: '查看配额',
  quota_history: '查看配额明细',
  account_show: '查看账户',
  account_update: '更改设置',
  watch_create: '监测主题',
  watch_list: '列出监测',
  watch_delete: '停止监测',
};

const operations: Readonly<Record<string, string>> = {
  video_generate: '制作视频',
  video_retry: '重新制作视频',
  publication_create: '发布',
  video_cancel: '取消视频',
  video_delete: '删除视频',
};

const states: Readonly<Record<string, string>> = {
  queued: '正在排队',
  generating: '正在生成',
  assembling: '正在合成',
  ready: '已经完成',
  failed: '没有成功',
  cancelled: '已取消',
};

const publicationStates: Readonly<Record<string, string>> = {
  uploading: '正在上传',
  processing: '正在处理',
  scheduled: '已定时',
  live: '已经上线',
  unconfirmed: '还没有得到 YouTube 确认',
  failed: '没有发布成功',
};

/** Of channels and publications. */
const listed: Readonly<Record<string, string>> = {
  ...publicationStates,
  connected: '已连接',
  reconnect: '需要重新连接',
};

const line = (item: Item, index: number): string => {
  const status = states[item.status] ?? listed[item.status] ?? item.status;
  const extras = [item.platform, status, item.score === null ? '' : `${item.score} 分`, item.id];
  return `${index + 1}. ${item.title === '' ? item.id : `「${item.title}」`}（${extras.filter(Boolean).join('，')}）`;
};
const lines = (items: readonly Item[], most = 5): string =>
  items.slice(0, most).map(line).join('\n');
const sentence = (text: string): string =>
  /[.!?。！？]$/u.test(text) || text === '' ? text : `${text}。`;

/** An id keeps a space from the words around it. */
const thing = ({ id, topic }: Named): string =>
  id !== '' ? `${id} ` : topic === '' ? '你的视频' : `你的「${topic}」视频`;

/** What the model says in Simplified Chinese. */
export function speakChinese(now: Now): Speech {
  const timeOf = (when: When | null): string => {
    const moment = momentIn(when, now);
    if (!moment) return '';
    const day = ['今天', '明天'][moment.days];
    return `${moment.text}${day === undefined ? ' ' : `（${day}）`}`;
  };
  return {
    ...talk,
    ...questions,
    ...findings,
    ...videos,
    ...answers,
    ...studioChinese,
    willPublish: (when) =>
      when?.kind === 'at'
        ? `视频好了以后，我会准备在 ${timeOf(when)}发布，到时再请你确认。`
        : '视频好了以后，我会准备发布，到时再请你确认。',
    started: (left, project) => {
      const after = project?.publish
        ? `好了以后我会准备${project.when?.kind === 'at' ? `在 ${timeOf(project.when)}` : ''}发布。`
        : '好了就告诉你。';
      return `开始制作了，${after}${left === null ? '' : `配额还剩 ${left}。`}`;
    },
    publishCard: (video, title, when) =>
      `${thing(video)}可以发布了，标题是「${shortTitle(title)}」${when?.kind === 'at' ? `，将在 ${timeOf(when)}公开` : ''}。卡片在等你：选好谁能看到，再点确认。在那之前什么都不会发布。`,
    published: (video, when) =>
      `${thing(video)}正在上传到你的频道${when?.kind === 'at' ? `，将在 ${timeOf(when)}公开` : ''}。`,
    scheduled: (video, when) =>
      `${thing(video)}已经定时${when?.kind === 'at' ? `，将在 ${timeOf(when)}公开` : ''}。`,
    timePassed: (at) => `原定的时间 ${readMoment(at, now).text} 已经过了。现在就发，还是换个时间？`,
  };
}

const talk = {
  greeting: () =>
    '你好！告诉我一个话题，我来找正在走红的视频，做一条新的，再发到你的频道。想做什么主题？',
  thanks: () => '不客气！想做下一条时叫我就好。',
  alright: () => '好的，先到这里。',
  help: (tools) =>
    tools.length === 0
      ? '我可以聊聊，不过这里现在没有可用的工具。'
      : '我可以找正在走红的视频、分析原因、做一条新的并发布。比如：「找一个关于AI工具的爆款，做个30秒竖屏视频」「还剩多少配额」「看看我的视频」。',
  outOfScope: () =>
    '这件事我帮不上。我会找正在走红的视频、做新视频并发布。给我一个话题就可以开始。',
  cannot: (tool) => `这里不能${abilities[tool] ?? `使用 ${tool}`}。`,
  failure: ({ why, next }) =>
    `没有成功：${sentence(why === '' ? '没有给出原因' : quotable(why, 400))}${next}`,
  said: ({ said }) => (said === '' ? '好了。' : quotable(said, 600)),
  noted: () => '收到。',
  pausedBefore: (tool) =>
    `先到这里，下一步是${abilities[tool] ?? `使用 ${tool}`}。说「继续」我就接着做。`,
} satisfies Partial<Speech>;

const questions = {
  askTopic: (isSearch) => (isSearch ? '想找什么主题的？' : '想做什么主题的？'),
  askSeconds: (asked, lengths) =>
    `没有 ${asked} 秒这个时长，可以选 ${lengths.join('、')} 秒。要哪个？`,
  askTime: (words) => `具体几点${words === '' ? '' : `（你说的是「${words}」）`}？`,
  askTitle: () => '标题用什么？',
  askTrend: () => '你指的是哪个爆款？给我一个话题，我先去找。',
  askVideo: (ready) =>
    ready.length === 0
      ? '还没有做好的视频可以发布。要做一条吗？告诉我主题。'
      : `要发布哪个视频？\n${lines(ready)}`,
  askChannel: (channels) => `发到哪个频道？\n${lines(channels)}`,
} satisfies Partial<Speech>;

const findings = {
  nothingFound: (topic) =>
    `没有找到关于「${topic}」的可用视频。换个关键词、多选几个平台或者放长时间段再试试。`,
  trends: (items, topic) =>
    items.length === 0
      ? '这里还没有内容。'
      : `${topic === '' ? '都在这里' : `关于「${topic}」，这些正在走红`}：\n${lines(items)}\n想看哪个的原因，或者照哪个做一条，告诉我就行。`,
  tookUp: (trend, count) =>
    `我看了 ${count} 条视频，选了「${trend.title}」${trend.score === null ? '' : `（${trend.score} 分）`}。`,
  story: (trend) => {
    const why = quotable(fieldOf(trend, 'attraction'), 400);
    const score = fieldOf(trend, 'score');
    if (why === '') return trend.said === '' ? '暂时没有它的分析。' : quotable(trend.said, 600);
    return `「${shortTitle(fieldOf(trend, 'title'))}」${score === '' ? '' : `得分 ${score}`}。${sentence(why)}要照着做一条吗？`;
  },
  prompt: (prompt) => `提示词写好了：${prompt}\n要做成视频吗？`,
  plan: (quote, takes) => {
    const cost = wordOf(quote.data, 'quota');
    const usd = wordOf(quote.data, 'estimated_usd');
    const each = takes > 1 ? `，共 ${takes} 个版本，每个` : '。';
    return `方案：${planOf(quote.data)}${each}${cost === null ? '' : `需要 ${cost} 个配额${usd === null ? '' : `（服务商约 $${usd}）`}。`}`;
  },
  price: (quote) => {
    const cost = wordOf(quote.data, 'quota');
    return `${planOf(quote.data)}：${cost === null ? quote.said : `需要 ${cost} 个配额`}。现在还没有消耗。要做吗？`;
  },
} satisfies Partial<Speech>;

const planOf = (data: Readonly<Record<string, unknown>>): string => {
  const seconds = wordOf(data, 'seconds');
  const parts = [
    seconds === null ? null : `${seconds} 秒`,
    wordOf(data, 'shape'),
    wordOf(data, 'model'),
    ...lookWords(data, 'zh'),
  ];
  return parts.filter((part) => part !== null).join('，');
};

const videos = {
  cardDrawn: () => '卡片在等你：点确认就开始，点取消就不做。现在还没有消耗配额。',
  cardWaits: (title) =>
    `卡片${title === '' ? '' : `「${quotable(title)}」`}还在等你。只有点上面的确认才会开始，我不能替你点，目前什么都没有发生。`,
  done: (operation) => `${operations[operation] ?? operation}：完成了。`,
  declined: (operation) =>
    `好的，不${operations[operation] ?? operation}了，什么都没有开始。想改哪里告诉我，或者就先放着。`,
  expired: (operation) => `${operations[operation] ?? operation}的卡片过期了。需要的话我再出一张。`,
  didNotWork: (operation, why) =>
    `${operations[operation] ?? operation}没有成功：${sentence(why)}想再试的话告诉我。`,
  dropped: (hasCard) =>
    hasCard ? '好的，先不做了。卡片点取消就行，没有消耗配额。' : '好的，先不做了。',
  thing,
  ready: (video) => `${thing(video)}做好了。要发布吗？`,
  videoEnded: (video, status, why) =>
    `${thing(video)}${states[status] ?? status}${why === '' ? '' : `：${why}`}。要再试一次吗？`,
  videoState: (video, state, project) =>
    `${thing(video)}${states[state] ?? state}。${project.publish && state !== 'failed' ? '接下来就是发布。' : ''}`,
  videoDetail: (result, video, project) => {
    const url = wordOf(result.data, 'url');
    const status = fieldOf(result, 'status');
    const state = states[status];
    const percent = wordOf(result.data, 'percent');
    if (state === undefined) return result.said === '' ? '好了。' : quotable(result.said, 600);
    const about = `${thing(video)}${state}${percent === null || status === 'ready' ? '' : `（${percent}%）`}。`;
    const next = status === 'ready' && !project?.publish ? '要发布吗？' : '';
    return `${about}${url === null ? '' : `${url} `}${next}`;
  },
  videos: (items) =>
    items.length === 0 ? '还没有视频。第一条想做什么主题？' : `你的视频：\n${lines(items, 10)}`,
  publicationState: (video, status, why) =>
    `${thing(video)}${publicationStates[status] ?? status}${why === '' ? '' : `：${why}`}。`,
  cannotReschedule: (video) =>
    `${thing(video)}已经交出去了，这里不能改时间，可以在 YouTube 工作室里改。`,
  notPublishing: () => '好的，不发布。',
} satisfies Partial<Speech>;

const answers = {
  connect: (url, lost, goesOn) =>
    `${lost === null ? '' : `YouTube 不再接受我们对 ${lost} 的授权。`}${url === '' ? '链接在只有你能看到的卡片上：打开它，选择频道并允许访问。' : `打开这个页面，选择频道并允许访问： ${url}`}${goesOn ? '\n连接好以后我就继续发布。' : ''}`,
  channelConnected: () => '频道连接好了。',
  channels: (items) =>
    items.length === 0
      ? '还没有连接频道。说「连接 YouTube」，我就给你链接。'
      : `你的频道：\n${lines(items, 10)}`,
  publications: (items) =>
    items.length === 0 ? '还没有发布过。' : `你的发布：\n${lines(items, 10)}`,
  quota: ({ data, said }) => {
    const [available, held] = [wordOf(data, 'available'), wordOf(data, 'held')];
    if (available === null) return said;
    return `配额还剩 ${available}${held === null || held === '0' ? '' : `，另有 ${held} 为制作中的视频预留`}。`;
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
    return [models.length === 0 ? result.said : '可以用这些模型：', ...models, '用哪个？']
      .filter(Boolean)
      .join('\n');
  },
  titles: (titles) =>
    `标题可以是：\n${titles.map((title, index) => `${index + 1}. ${title}`).join('\n')}`,
} satisfies Partial<Speech>;

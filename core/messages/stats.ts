/** How often videos were played and liked; null: YouTube does not say, or nothing was read. */
type Counts = {
  readonly views: number | null;
  readonly likes: number | null;
  readonly comments: number | null;
};

/** What is said about the numbers of publications. */
type Stats = {
  /** Videos whose numbers were read at least once. */
  readonly read: number;
  readonly waiting: number;
  readonly days: number;
  readonly now: Counts;
  readonly gained: Counts;
  /** How many videos do not tell each number. */
  readonly hidden: { readonly views: number; readonly likes: number; readonly comments: number };
};

const english = new Intl.NumberFormat('en');
const englishChange = new Intl.NumberFormat('en', { signDisplay: 'exceptZero' });
const chinese = new Intl.NumberFormat('zh-CN');
const chineseChange = new Intl.NumberFormat('zh-CN', { signDisplay: 'exceptZero' });

const counted = (count: number, name: string): string =>
  `${english.format(count)} ${name}${count === 1 ? '' : 's'}`;

/** `12 views`, `3 likes`, of what is known. */
const countsEn = ({ views, likes, comments }: Counts): string[] => [
  ...(views === null ? [] : [counted(views, 'view')]),
  ...(likes === null ? [] : [counted(likes, 'like')]),
  ...(comments === null ? [] : [counted(comments, 'comment')]),
];

/** What the numbers leave out, and what is still to come. */
const notesEn = ({ hidden, waiting }: Stats): string[] => [
  ...(['views', 'likes', 'comments'] as const).flatMap((kind) =>
    hidden[kind] === 0
      ? []
      : [`YouTube does not tell the ${kind} of ${counted(hidden[kind], 'video')}.`],
  ),
  ...(waiting === 0
    ? []
    : [
        `${counted(waiting, 'video')} ${waiting === 1 ? 'has' : 'have'} not been read yet; numbers are read every hour.`,
      ]),
];

function saidEn(p: Stats): string {
  if (p.read === 0 && p.waiting === 0)
    return 'No numbers have been read: only public and unlisted videos have any.';
  if (p.read === 0) return notesEn(p).join(' ');
  const counts = countsEn(p.now).join(', ');
  const growth =
    p.gained.views === null
      ? ''
      : `; ${englishChange.format(p.gained.views)} views in ${p.days} days`;
  const numbers = counts === '' ? [] : [`${counts} on ${counted(p.read, 'video')}${growth}.`];
  return [...numbers, ...notesEn(p)].join(' ');
}

const kindsZh = { views: '观看次数', likes: '点赞数', comments: '评论数' } as const;

const countsZh = ({ views, likes, comments }: Counts): string[] => [
  ...(views === null ? [] : [`${chinese.format(views)} 次观看`]),
  ...(likes === null ? [] : [`${chinese.format(likes)} 个赞`]),
  ...(comments === null ? [] : [`${chinese.format(comments)} 条评论`]),
];

const notesZh = ({ hidden, waiting }: Stats): string[] => [
  ...(['views', 'likes', 'comments'] as const).flatMap((kind) =>
    hidden[kind] === 0 ? [] : [`YouTube 不提供 ${hidden[kind]} 个视频的${kindsZh[kind]}。`],
  ),
  ...(waiting === 0 ? [] : [`${waiting} 个视频的数据尚未读取；数据每小时读取一次。`]),
];

function saidZh(p: Stats): string {
  if (p.read === 0 && p.waiting === 0)
    return '还没有读取到数据：只有公开和不公开列出的视频才有数据。';
  if (p.read === 0) return notesZh(p).join('');
  const counts = countsZh(p.now).join('、');
  const growth =
    p.gained.views === null ? '' : `；近 ${p.days} 天观看 ${chineseChange.format(p.gained.views)}`;
  const numbers = counts === '' ? [] : [`${p.read} 个视频共 ${counts}${growth}。`];
  return [...numbers, ...notesZh(p)].join('');
}

const changesEn = ({ views, likes, comments }: Counts): string[] => [
  ...(views === null ? [] : [`${englishChange.format(views)} views`]),
  ...(likes === null ? [] : [`${englishChange.format(likes)} likes`]),
  ...(comments === null ? [] : [`${englishChange.format(comments)} comments`]),
];

const changesZh = ({ views, likes, comments }: Counts): string[] => [
  ...(views === null ? [] : [`观看 ${chineseChange.format(views)}`]),
  ...(likes === null ? [] : [`点赞 ${chineseChange.format(likes)}`]),
  ...(comments === null ? [] : [`评论 ${chineseChange.format(comments)}`]),
];

const en = {
  said: saidEn,
  notes: notesEn,
  counts: countsEn,
  changes: changesEn,
  chart: {
    title: (p: { days: number }) => `Last ${p.days} days, counted since publication`,
    views: 'Views (left)',
    likes: 'Likes (right)',
    comments: 'Comments (right)',
  },
  card: {
    heading: 'Views, likes and comments',
    days: (p: { days: number }) => `${p.days} days`,
    within: (p: { days: number }) => `in ${p.days} days`,
    readAt: (p: { when: string }) => `read ${p.when}`,
    notRead: 'not read yet',
    untold: 'YouTube tells nothing about it',
    more: (p: { count: number }) => `and ${p.count} more`,
    pick: 'Look at one',
    open: 'Its publication',
    watch: 'Watch on YouTube',
    all: 'All my videos',
    publications: 'My publications',
  },
};

const zh: typeof en = {
  said: saidZh,
  notes: notesZh,
  counts: countsZh,
  changes: changesZh,
  chart: {
    title: (p) => `近 ${p.days} 天（发布以来的累计数）`,
    views: '观看（左轴）',
    likes: '点赞（右轴）',
    comments: '评论（右轴）',
  },
  card: {
    heading: '观看、点赞和评论',
    days: (p) => `${p.days} 天`,
    within: (p) => `近 ${p.days} 天`,
    readAt: (p) => `读取于 ${p.when}`,
    notRead: '尚未读取',
    untold: 'YouTube 未提供数据',
    more: (p) => `以及另外 ${p.count} 个`,
    pick: '查看其中一个',
    open: '查看发布',
    watch: '在 YouTube 观看',
    all: '我的全部视频',
    publications: '我的发布',
  },
};

/** What is said about statistics, by language. */
export const statsWords = { en, zh };

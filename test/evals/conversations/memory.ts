import type { Conversation, Step } from '../conversation.ts';

/** Talk that fills the memory until its beginning is put into the summary. */
const pastimes = ['chess', 'knitting', 'rowing', 'darts', 'archery', 'juggling', 'sailing', 'yoga'];
const talkEn: readonly Step[] = pastimes.flatMap((pastime) => [
  { say: `find trends about ${pastime}`, among: ['trend_search'] },
  { say: 'why is the first one so popular?', among: ['trend_show'] },
  { say: 'and why did the second one work?', among: ['trend_show'] },
  { say: 'thank you', calls: [] },
]);

const pastimesZh = ['象棋', '编织', '划船', '飞镖', '射箭', '杂耍', '帆船', '瑜伽'];
const talkZh: readonly Step[] = pastimesZh.flatMap((pastime) => [
  { say: `找找${pastime}的爆款`, among: ['trend_search'] },
  { say: '第一个为什么这么火？', among: ['trend_show'] },
  { say: '第二个为什么火？', among: ['trend_show'] },
  { say: '谢谢', calls: [] },
]);

/** What was said long ago is still known. */
export const memory: readonly Conversation[] = [
  {
    name: 'an early wish after thirty turns',
    language: 'en',
    given: { channels: 1 },
    steps: [
      {
        say: 'make a 15 second square video about a paper crane and post it tomorrow at 8 pm',
        cards: ['video_generate'],
      },
      { press: 'confirm', says: ['Started'] },
      ...talkEn,
      {
        meanwhile: 'work is done',
        among: [{ tool: 'publication_create', with: { publish_at: '2026-11-23T20:00:00+01:00' } }],
        cards: ['publication_create'],
        says: ['2026-11-23 20:00'],
      },
    ],
    end: {
      spent: 1,
      published: 0,
      isSummarised: true,
      video: { status: 'ready', shape: '1:1' },
    },
  },
  {
    name: '三十轮以后还记得',
    language: 'zh',
    given: { channels: 1 },
    steps: [
      {
        say: '做个15秒的方形视频，主题是千纸鹤，明天晚上8点发到我的频道',
        cards: ['video_generate'],
      },
      { press: 'confirm', says: ['开始制作'] },
      ...talkZh,
      {
        meanwhile: 'work is done',
        among: [{ tool: 'publication_create', with: { publish_at: '2026-11-23T20:00:00+08:00' } }],
        cards: ['publication_create'],
        says: ['2026-11-23 20:00'],
      },
    ],
    end: {
      spent: 1,
      published: 0,
      isSummarised: true,
      video: { status: 'ready', shape: '1:1' },
    },
  },
];

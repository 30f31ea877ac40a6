import type { Conversation } from '../conversation.ts';

const toCard = ['trend_search', 'trend_show', 'prompt_write'] as const;
const toPublishing = ['publication_suggest', 'channel_list'] as const;

/** One sentence, and everything that follows from it. */
export const wholeWayZh: readonly Conversation[] = [
  {
    name: '一句话到定时发布',
    language: 'zh',
    given: { channels: 1 },
    steps: [
      {
        say: '找一个关于AI工具的爆款，做个30秒竖屏视频，晚上8点发到我的频道',
        calls: [
          { tool: 'trend_search', with: { keyword: 'AI工具' } },
          ...toCard.slice(1),
          { tool: 'video_quote', with: { seconds: 30, shape: '9:16' } },
          'video_generate',
        ],
        cards: ['video_generate'],
        says: ['卡片', '1 个配额', '2026-11-22 20:00', '还没有消耗'],
        hides: ['已经发布', '已经开始'],
      },
      { press: 'confirm', calls: [], says: ['开始制作', '2026-11-22 20:00'], hides: [/vid_/] },
      {
        meanwhile: 'work is done',
        calls: [
          ...toPublishing,
          { tool: 'publication_create', with: { publish_at: '2026-11-22T20:00:00+08:00' } },
        ],
        cards: ['publication_create'],
        says: ['2026-11-22 20:00', '卡片', '什么都不会发布'],
      },
      { press: 'confirm', calls: [], says: ['正在上传'], hides: [/pub_/] },
      { meanwhile: 'work is done', calls: [], says: ['定时', '2026-11-22 20:00'] },
    ],
    end: {
      spent: 1,
      published: 1,
      video: { status: 'ready', seconds: 30, shape: '9:16' },
      publication: {
        status: 'scheduled',
        privacy: 'private',
        publishAt: '2026-11-22T12:00:00.000Z',
      },
    },
  },
  {
    name: '还没有连接频道',
    language: 'zh',
    steps: [
      {
        say: '找个美食的爆款做成15秒的视频，做好后明天早上9点发到我的频道',
        among: ['trend_search', { tool: 'video_quote', with: { seconds: 15 } }, 'video_generate'],
        cards: ['video_generate'],
      },
      { press: 'confirm', says: ['开始制作'] },
      {
        meanwhile: 'work is done',
        among: ['channel_list', 'channel_connect'],
        says: [/http:\/\/127\.0\.0\.1\S+/, '连接'],
      },
      {
        meanwhile: 'a channel is connected',
        among: [{ tool: 'publication_create', with: { publish_at: '2026-11-23T09:00:00+08:00' } }],
        cards: ['publication_create'],
      },
      { press: 'confirm', says: ['正在上传'], hides: [/pub_/] },
      { meanwhile: 'work is done', says: ['定时'] },
    ],
    end: {
      spent: 1,
      published: 1,
      publication: { status: 'scheduled', publishAt: '2026-11-23T01:00:00.000Z' },
    },
  },
  {
    name: '今天的时间已经过了',
    language: 'zh',
    given: { channels: 1 },
    steps: [
      {
        say: '找一个宠物爆款，做个15秒的视频，早上9点发布',
        cards: ['video_generate'],
        says: ['2026-11-23 09:00', '明天'],
      },
      { press: 'confirm' },
      {
        meanwhile: 'work is done',
        among: [{ tool: 'publication_create', with: { publish_at: '2026-11-23T09:00:00+08:00' } }],
        cards: ['publication_create'],
        says: ['明天'],
      },
    ],
    end: { spent: 1, published: 0 },
  },
  {
    name: '视频没有做成',
    language: 'zh',
    given: { channels: 1 },
    steps: [
      { say: '找一个健身的爆款，做个15秒视频，晚上8点发布', cards: ['video_generate'] },
      { press: 'confirm' },
      {
        meanwhile: 'work fails',
        calls: [],
        says: ['没有', '再试'],
        hides: ['可以发布了', '做好了'],
      },
    ],
    end: { spent: 1, published: 0, video: { status: 'failed' } },
  },
  {
    name: '拒绝制作的卡片',
    language: 'zh',
    given: { channels: 1 },
    steps: [
      { say: '找一个旅行的爆款，做个30秒视频，晚上8点发布', cards: ['video_generate'] },
      { press: 'decline', calls: [], says: ['什么都没有开始'] },
    ],
    end: { spent: 0, published: 0 },
  },
  {
    name: '拒绝发布的卡片',
    language: 'zh',
    given: { channels: 1 },
    steps: [
      { say: '找一个手工的爆款，做个15秒视频，晚上8点发布', cards: ['video_generate'] },
      { press: 'confirm' },
      { meanwhile: 'work is done', cards: ['publication_create'] },
      { press: 'decline', calls: [], says: ['什么都没有'] },
    ],
    end: { spent: 1, published: 0 },
  },
];

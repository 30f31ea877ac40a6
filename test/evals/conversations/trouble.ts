import type { Conversation } from '../conversation.ts';

const nothing = { spent: 0, published: 0 };

/** Services that stay away, and quota that does not suffice. */
export const trouble: readonly Conversation[] = [
  {
    name: 'no quota left',
    language: 'en',
    given: { quota: 0 },
    steps: [
      {
        say: 'make a 15 second video about a sand castle',
        among: [{ tool: 'video_generate', fails: 'quota_short' }],
        says: ['quota'],
        hides: ['card waits', 'Started'],
      },
    ],
    end: nothing,
  },
  {
    name: '配额用完了',
    language: 'zh',
    given: { quota: 0 },
    steps: [
      {
        say: '做个15秒的视频，主题是沙堡',
        among: [{ tool: 'video_generate', fails: 'quota_short' }],
        says: ['配额'],
        hides: ['卡片在等你', '开始制作了'],
      },
    ],
    end: nothing,
  },
  {
    name: 'the last unit',
    language: 'en',
    given: { quota: 1 },
    steps: [
      { say: 'make a 15 second video about a kite', cards: ['video_generate'] },
      { press: 'confirm', says: ['Started'] },
      {
        say: 'make another 15 second video about a whale',
        among: [{ tool: 'video_generate', fails: 'quota_short' }],
        says: ['quota'],
      },
    ],
    end: { spent: 1, published: 0 },
  },
  {
    name: '搜索太忙',
    language: 'zh',
    given: { searchIsBusy: true },
    steps: [
      {
        say: '找一个关于篮球的爆款',
        calls: [{ tool: 'trend_search' }],
        says: ['正在等待 Apify', '会自行继续'],
      },
    ],
    end: nothing,
  },
  {
    name: 'the search is busy',
    language: 'en',
    given: { searchIsBusy: true },
    steps: [
      {
        say: 'find a viral video about chess and make a 30 second video',
        calls: [{ tool: 'trend_search' }],
        says: ['Waiting for Apify', 'goes on by itself'],
      },
    ],
    end: nothing,
  },
  {
    name: 'the model is out of reach',
    language: 'en',
    steps: [
      {
        say: 'make a 15 second video about a swing',
        wrong: [{ how: 'http_503', times: 10, only: 'with_tools' }],
        calls: [],
        says: ['cannot think right now', '/video generate'],
      },
      { say: 'make a 15 second video about a swing', cards: ['video_generate'] },
    ],
    end: nothing,
  },
  {
    name: '模型不在',
    language: 'zh',
    steps: [
      {
        say: '还剩多少配额？',
        wrong: [{ how: 'http_429_daily', times: 10, only: 'with_tools' }],
        calls: [],
        says: ['无法思考', '/quota show'],
      },
      { say: '还剩多少配额？', calls: ['quota_show'], says: ['100'] },
    ],
    end: nothing,
  },
  {
    name: 'the model refuses',
    language: 'en',
    steps: [
      {
        say: 'make a 15 second video about a thunderstorm',
        wrong: [{ how: 'blocked_prompt', times: 10, only: 'with_tools' }],
        calls: [],
        says: ['does not want to answer'],
      },
    ],
    end: nothing,
  },
  {
    name: '模型的回答被拦下',
    language: 'zh',
    steps: [
      {
        say: '做个15秒的视频，主题是雷雨',
        wrong: [{ how: 'blocked_output', times: 10, only: 'with_tools' }],
        calls: [],
        says: ['不愿意回答'],
      },
    ],
    end: nothing,
  },
  {
    name: '拒绝制作这个内容',
    language: 'zh',
    steps: [
      { say: '做个15秒的视频，主题是烟花', cards: ['video_generate'] },
      { press: 'confirm' },
      {
        meanwhile: 'work fails',
        calls: [],
        says: ['你的视频没有成功', '再试'],
        hides: ['做好了', /vid_/],
      },
      { say: '再试一次', cards: ['video_generate'] },
    ],
    end: { spent: 1, published: 0, video: { status: 'failed' } },
  },
];

import type { Conversation } from '../conversation.ts';

const nothing = { spent: 0, published: 0 };

/** Searching, explaining and keeping trends: nothing of it costs anything. */
export const finding: readonly Conversation[] = [
  {
    name: '只找爆款',
    language: 'zh',
    steps: [
      {
        say: '帮我找关于咖啡的爆款',
        calls: [
          { tool: 'trend_search', with: { keyword: '咖啡' }, without: ['days', 'views_min'] },
        ],
        says: ['咖啡', /\d+(\.\d+)? 分|score \d|得分/],
        hides: ['卡片在等你'],
      },
      { say: '谢谢', calls: [] },
    ],
    end: nothing,
  },
  {
    name: 'find only',
    language: 'en',
    steps: [
      {
        say: 'What is trending about street photography?',
        calls: [{ tool: 'trend_search', with: { keyword: /^street photography$/i } }],
        says: ['street photography', /score \d/],
      },
    ],
    end: nothing,
  },
  {
    name: '为什么第二个火',
    language: 'zh',
    steps: [
      { say: '找一下露营的爆款', calls: ['trend_search'] },
      {
        say: '第二个为什么这么火？',
        calls: [{ tool: 'trend_show', with: { trend: '{found trend 2}' } }],
        says: ['得分'],
      },
    ],
    end: nothing,
  },
  {
    name: 'why did it work',
    language: 'en',
    steps: [
      { say: 'Find trends about sourdough bread', calls: ['trend_search'] },
      {
        say: 'Why is the first one so popular?',
        calls: [{ tool: 'trend_show', with: { trend: '{found trend 1}' } }],
        says: ['of 100'],
      },
    ],
    end: nothing,
  },
  {
    name: '收藏和收藏夹',
    language: 'zh',
    steps: [
      { say: '找找滑雪的爆款', calls: ['trend_search'] },
      {
        say: '收藏第三个',
        calls: [{ tool: 'trend_save', with: { trend: '{found trend 3}' } }],
      },
      { say: '看看我收藏的视频', calls: ['trend_list'], says: ['滑雪'], hides: [/trd_/] },
      {
        say: '取消收藏第一个',
        calls: [{ tool: 'trend_save', with: { trend: '{found trend 3}', saved: false } }],
      },
    ],
    end: nothing,
  },
  {
    name: 'save for later',
    language: 'en',
    steps: [
      { say: 'find viral videos about surfing', calls: ['trend_search'] },
      {
        say: 'save the second one',
        calls: [{ tool: 'trend_save', with: { trend: '{found trend 2}' } }],
      },
      { say: 'show my saved trends', calls: ['trend_list'], says: ['surfing'], hides: [/trd_/] },
    ],
    end: nothing,
  },
  {
    name: 'tell me from now on',
    language: 'en',
    steps: [
      {
        say: 'tell me when something about sourdough bread breaks out',
        calls: [{ tool: 'watch_create', with: { keyword: /^sourdough bread$/i } }],
        says: ['sourdough bread', '$0.50'],
      },
    ],
    end: nothing,
  },
  {
    name: '火了告诉我',
    language: 'zh',
    steps: [
      {
        say: '关于拉花咖啡的视频火了就告诉我',
        calls: [{ tool: 'watch_create', with: { keyword: /拉花咖啡/ } }],
        says: ['拉花咖啡', '$0.50'],
      },
    ],
    end: nothing,
  },
  {
    name: '平台、时间和播放量',
    language: 'zh',
    steps: [
      {
        say: '在抖音和油管上找最近一周萌宠的爆款，播放量超过100万',
        calls: [
          {
            tool: 'trend_search',
            with: { keyword: '萌宠', platforms: 'tiktok,youtube', days: 7, views_min: 1_000_000 },
          },
        ],
      },
      {
        say: '只要抖音的',
        calls: [{ tool: 'trend_search', with: { keyword: '萌宠', platforms: 'tiktok', days: 7 } }],
      },
    ],
    end: nothing,
  },
  {
    name: 'platforms, days and views',
    language: 'en',
    steps: [
      {
        say: 'Find trends about cooking on Instagram from the last 3 months with less than 500k views',
        calls: [
          {
            tool: 'trend_search',
            with: { keyword: /^cooking$/i, platforms: 'instagram', days: 90, views_max: 500_000 },
          },
        ],
      },
      {
        say: 'show me the top 5 trends about baking from the last week, not on youtube',
        calls: [
          {
            tool: 'trend_search',
            with: { keyword: /^baking$/i, platforms: 'tiktok', days: 7, limit: 5 },
            without: ['views_min', 'views_max'],
          },
        ],
      },
    ],
    end: nothing,
  },
  {
    name: 'make one like the second',
    language: 'en',
    steps: [
      { say: 'find viral videos about origami', calls: ['trend_search'] },
      {
        say: 'make one like the second one, 15 seconds, square',
        calls: [
          { tool: 'trend_show', with: { trend: '{found trend 2}' } },
          { tool: 'prompt_write', with: { trend: '{found trend 2}', seconds: 15 } },
          { tool: 'video_quote', with: { seconds: 15, shape: '1:1' } },
          'video_generate',
        ],
        cards: ['video_generate'],
        says: ['took up', 'origami'],
      },
    ],
    end: nothing,
  },
  {
    name: '照第二个做',
    language: 'zh',
    steps: [
      { say: '找找书法的爆款', calls: ['trend_search'] },
      {
        say: '照着第二个做一个60秒的横屏视频',
        among: [
          { tool: 'prompt_write', with: { trend: '{found trend 2}' } },
          { tool: 'video_quote', with: { seconds: 60, shape: '16:9' } },
          'video_generate',
        ],
        cards: ['video_generate'],
      },
    ],
    end: nothing,
  },
];

import type { Conversation } from '../conversation.ts';

const atNine = { tool: 'publication_create', with: { publish_at: '2026-11-23T09:00:00+08:00' } };

/** Videos that are there already, and who may see them. */
export const publishing: readonly Conversation[] = [
  {
    name: 'publish what is there, now',
    language: 'en',
    given: { channels: 1, videos: 1 },
    steps: [
      {
        say: 'publish my video now',
        calls: [
          'video_list',
          { tool: 'publication_suggest', with: { video: '{my video}' } },
          'channel_list',
          {
            tool: 'publication_create',
            with: { video: '{my video}', channel: '{my channel}' },
            without: ['publish_at', 'privacy', 'notify', 'made_for_kids'],
          },
        ],
        cards: ['publication_create'],
        says: ['card', 'Nothing is published before that'],
      },
      { press: 'confirm', says: ['on its way'], hides: [/is live|is public|pub_/] },
      { meanwhile: 'work is done', says: ['live'] },
    ],
    end: { spent: 0, published: 1, publication: { status: 'live', privacy: 'private' } },
  },
  {
    name: '定时发布已有的视频',
    language: 'zh',
    given: { channels: 1, videos: 1 },
    steps: [
      {
        say: '把我的视频明天早上9点发布',
        among: [{ ...atNine, with: { ...atNine.with, video: '{my video}' } }],
        cards: ['publication_create'],
        says: ['2026-11-23 09:00'],
      },
      { press: 'confirm' },
      { meanwhile: 'work is done', says: ['定时'] },
    ],
    end: {
      spent: 0,
      published: 1,
      publication: { status: 'scheduled', publishAt: '2026-11-23T01:00:00.000Z' },
    },
  },
  {
    name: 'as public: the card decides',
    language: 'en',
    given: { channels: 1, videos: 1 },
    steps: [
      {
        say: 'publish {my video} as public and notify my subscribers',
        among: [
          {
            tool: 'publication_create',
            with: { video: '{my video}' },
            without: ['privacy', 'notify'],
          },
        ],
        cards: ['publication_create'],
        says: ['card'],
      },
      { press: 'confirm', choices: { privacy: 'public', notify: true } },
      { meanwhile: 'work is done', says: ['live'] },
    ],
    end: {
      spent: 0,
      published: 1,
      publication: { privacy: 'public', notifySubscribers: true, status: 'live' },
    },
  },
  {
    name: '说了公开，卡片上没选',
    language: 'zh',
    given: { channels: 1, videos: 1 },
    steps: [
      {
        say: '把这个视频公开发布到我的频道 {my video}',
        among: [{ tool: 'publication_create', without: ['privacy'] }],
        cards: ['publication_create'],
      },
      { press: 'confirm' },
      { meanwhile: 'work is done' },
    ],
    end: { spent: 0, published: 1, publication: { privacy: 'private' } },
  },
  {
    name: 'which video',
    language: 'en',
    given: { channels: 1, videos: 2 },
    steps: [
      {
        say: 'publish my video at 6 pm',
        calls: ['video_list'],
        says: ['Which video', '{my video}', '{my newest video}'],
      },
      {
        say: 'the second one',
        among: [
          {
            tool: 'publication_create',
            with: { video: '{listed video 2}', publish_at: '2026-11-22T18:00:00+01:00' },
          },
        ],
        cards: ['publication_create'],
      },
      { press: 'decline', says: [/nothing was started/] },
    ],
    end: { spent: 0, published: 0 },
  },
  {
    name: '发到哪个频道',
    language: 'zh',
    given: { channels: 2, videos: 1 },
    steps: [
      { say: '发布我的视频', among: ['channel_list'], says: ['哪个频道'] },
      {
        say: '第二个',
        among: [{ tool: 'publication_create', with: { channel: '{listed channel 2}' } }],
        cards: ['publication_create'],
      },
    ],
    end: { spent: 0, published: 0 },
  },
  {
    name: '几点发布',
    language: 'zh',
    given: { channels: 1, videos: 1 },
    steps: [
      { say: '今晚发布我的视频', calls: [], says: ['几点'] },
      {
        say: '9点半',
        among: [{ tool: 'publication_create', with: { publish_at: '2026-11-22T21:30:00+08:00' } }],
        cards: ['publication_create'],
      },
    ],
    end: { spent: 0, published: 0 },
  },
  {
    name: 'at what time',
    language: 'en',
    given: { channels: 1, videos: 1 },
    steps: [
      { say: 'publish my video tomorrow evening', calls: [], says: ['what time'] },
      {
        say: 'at 7',
        among: [{ tool: 'publication_create', with: { publish_at: '2026-11-23T19:00:00+01:00' } }],
        cards: ['publication_create'],
      },
    ],
    end: { spent: 0, published: 0 },
  },
  {
    name: 'nothing to publish',
    language: 'en',
    given: { channels: 1 },
    steps: [
      {
        say: 'publish my video',
        calls: ['video_list'],
        says: ['no finished video', '?'],
      },
    ],
    end: { spent: 0, published: 0 },
  },
];

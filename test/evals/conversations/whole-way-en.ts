import type { Conversation } from '../conversation.ts';

/** One sentence, and everything that follows from it. */
export const wholeWayEn: readonly Conversation[] = [
  {
    name: 'one sentence to a scheduled publication',
    language: 'en',
    given: { channels: 1 },
    steps: [
      {
        say: 'Find a viral video about AI tools, make a 30 second vertical video from it and post it to my channel at 8 pm',
        calls: [
          { tool: 'trend_search', with: { keyword: 'AI tools' } },
          'trend_show',
          'prompt_write',
          { tool: 'video_quote', with: { seconds: 30, shape: '9:16' } },
          'video_generate',
        ],
        cards: ['video_generate'],
        says: ['card', '1 quota', '2026-11-22 20:00', 'Nothing has been spent'],
        hides: ['is published', 'Started'],
      },
      { press: 'confirm', calls: [], says: ['Started', '2026-11-22 20:00'], hides: [/vid_/] },
      {
        meanwhile: 'work is done',
        calls: [
          'publication_suggest',
          'channel_list',
          { tool: 'publication_create', with: { publish_at: '2026-11-22T20:00:00+01:00' } },
        ],
        cards: ['publication_create'],
        says: ['2026-11-22 20:00', 'Nothing is published before that'],
      },
      { press: 'confirm', calls: [], says: ['on its way'], hides: [/pub_/] },
      { meanwhile: 'work is done', calls: [], says: ['scheduled', '2026-11-22 20:00'] },
    ],
    end: {
      spent: 1,
      published: 1,
      video: { status: 'ready', seconds: 30, shape: '9:16' },
      publication: {
        status: 'scheduled',
        privacy: 'private',
        publishAt: '2026-11-22T19:00:00.000Z',
      },
    },
  },
  {
    name: 'no channel is connected yet',
    language: 'en',
    steps: [
      {
        say: 'Find a trend about street food, make a 15 second video and publish it tomorrow at 9 am',
        cards: ['video_generate'],
        among: ['trend_search', { tool: 'video_quote', with: { seconds: 15 } }, 'video_generate'],
      },
      { press: 'confirm', says: ['Started'] },
      {
        meanwhile: 'work is done',
        among: ['channel_list', 'channel_connect'],
        says: [/http:\/\/127\.0\.0\.1\S+/, 'connected'],
      },
      {
        meanwhile: 'a channel is connected',
        among: [{ tool: 'publication_create', with: { publish_at: '2026-11-23T09:00:00+01:00' } }],
        cards: ['publication_create'],
      },
      { press: 'confirm', says: ['on its way'], hides: [/pub_/] },
      { meanwhile: 'work is done', says: ['scheduled'] },
    ],
    end: {
      spent: 1,
      published: 1,
      publication: { status: 'scheduled', publishAt: '2026-11-23T08:00:00.000Z' },
    },
  },
  {
    name: 'the time has passed today',
    language: 'en',
    timeZone: 'Asia/Tokyo',
    given: { channels: 1 },
    steps: [
      {
        say: 'Find a viral cat video, make a 15 second one and post it at 3 pm',
        cards: ['video_generate'],
        says: ['2026-11-23 15:00', 'tomorrow'],
      },
      { press: 'confirm' },
      {
        meanwhile: 'work is done',
        among: [{ tool: 'publication_create', with: { publish_at: '2026-11-23T15:00:00+09:00' } }],
        cards: ['publication_create'],
        says: ['tomorrow'],
      },
    ],
    end: { spent: 1, published: 0 },
  },
  {
    name: 'the time passes while the video is made',
    language: 'en',
    given: { channels: 1 },
    steps: [
      {
        say: 'Find a trend about gardening, make a 15 second video and post it at 10 am',
        cards: ['video_generate'],
        says: ['2026-11-22 10:00'],
      },
      { press: 'confirm' },
      { hoursPass: 2 },
      {
        meanwhile: 'work is done',
        calls: [],
        says: ['has passed', '?'],
        hides: ['card waits'],
      },
      {
        say: 'at 6 pm then',
        among: [{ tool: 'publication_create', with: { publish_at: '2026-11-22T18:00:00+01:00' } }],
        cards: ['publication_create'],
      },
    ],
    end: { spent: 1, published: 0 },
  },
  {
    name: 'the video fails',
    language: 'en',
    given: { channels: 1 },
    steps: [
      {
        say: 'Find a fitness trend, make a 15 second video and post it at 8 pm',
        cards: ['video_generate'],
      },
      { press: 'confirm' },
      {
        meanwhile: 'work fails',
        calls: [],
        says: ['could not be made', 'try again'],
        hides: ['is ready'],
      },
    ],
    end: { spent: 1, published: 0, video: { status: 'failed' } },
  },
  {
    name: 'declined before it is made',
    language: 'en',
    given: { channels: 1 },
    steps: [
      {
        say: 'Find a travel trend, make a 30 second video and post it at 8 pm',
        cards: ['video_generate'],
      },
      { press: 'decline', calls: [], says: ['nothing was started'] },
    ],
    end: { spent: 0, published: 0 },
  },
  {
    name: 'declined before it is published',
    language: 'en',
    given: { channels: 1 },
    steps: [
      {
        say: 'Find a trend about pottery, make a 15 second video and post it at 8 pm',
        cards: ['video_generate'],
      },
      { press: 'confirm' },
      { meanwhile: 'work is done', cards: ['publication_create'] },
      { press: 'decline', calls: [], says: [/nothing was started|not publish/] },
    ],
    end: { spent: 1, published: 0 },
  },
];

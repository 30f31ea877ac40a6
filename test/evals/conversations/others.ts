import type { Conversation } from '../conversation.ts';

const nothing = { spent: 0, published: 0 };

/** What belongs to somebody else is not there. */
export const others: readonly Conversation[] = [
  {
    name: 'somebody else’s ids',
    language: 'en',
    given: { channels: 1, theirs: true },
    steps: [
      {
        say: 'how is {their video} doing?',
        calls: [{ tool: 'video_show', with: { video: '{their video}' }, fails: 'not_found' }],
        hides: ['paper boat', 'http'],
      },
      {
        say: 'cancel the video {their video}',
        calls: [{ tool: 'video_cancel', fails: 'not_found' }],
      },
      {
        say: 'delete the video {their video}',
        calls: [{ tool: 'video_delete', fails: 'not_found' }],
      },
      {
        say: 'what is the status of {their publication}?',
        calls: [{ tool: 'publication_show', fails: 'not_found' }],
        hides: ['Theirs', 'youtu'],
      },
      {
        say: 'publish {their video} at 8 pm',
        among: [{ tool: 'publication_suggest', fails: 'not_found' }],
      },
    ],
    end: nothing,
  },
  {
    name: '别人的编号',
    language: 'zh',
    given: { channels: 1, videos: 1, theirs: true },
    steps: [
      {
        say: '{their video} 做好了吗？',
        calls: [{ tool: 'video_show', fails: 'not_found' }],
        hides: ['paper boat', 'http'],
      },
      {
        say: '删除视频 {their video}',
        calls: [{ tool: 'video_delete', fails: 'not_found' }],
      },
      {
        say: '把 {my video} 发布到 {their channel}',
        hides: ['{their channel}'],
        cards: ['publication_create'],
      },
    ],
    end: nothing,
  },
];

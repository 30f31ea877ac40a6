import type { Conversation } from '../conversation.ts';

const nothing = { spent: 0, published: 0 };

/** Questions about what is there, and changes of it. */
export const looking: readonly Conversation[] = [
  {
    name: 'what is left',
    language: 'en',
    given: { videos: 1 },
    steps: [{ say: 'how much quota do I have left?', calls: ['quota_show'], says: ['99'] }],
    end: nothing,
  },
  {
    name: '还剩多少',
    language: 'zh',
    steps: [{ say: '还剩多少配额？', calls: ['quota_show'], says: ['100'] }],
    end: nothing,
  },
  {
    name: 'is it ready',
    language: 'en',
    given: { running: 1 },
    steps: [
      { say: 'list my videos', calls: ['video_list'], says: ['paper boat'], hides: [/vid_/] },
      {
        say: 'how is {my running video} doing?',
        calls: [{ tool: 'video_show', with: { video: '{my running video}' } }],
        says: [/queued|being made/],
        hides: ['is ready'],
      },
    ],
    end: nothing,
  },
  {
    name: '视频、频道和账户',
    language: 'zh',
    given: { videos: 1, channels: 1 },
    steps: [
      { say: '我的视频', calls: ['video_list'], says: ['paper boat'], hides: [/vid_/] },
      { say: '我的频道', calls: ['channel_list'], says: ['Jilo Demo Channel'], hides: [/chn_/] },
      { say: '我的账户信息', calls: [], says: ['/account show'] },
      { say: '我的发布记录', calls: ['publication_list'] },
    ],
    end: nothing,
  },
  {
    name: 'channels and account',
    language: 'en',
    steps: [
      { say: 'which channels do I have?', calls: ['channel_list'], says: ['No channel'] },
      {
        say: 'connect my YouTube channel',
        calls: ['channel_connect'],
        says: [/http:\/\/127\.0\.0\.1\S+/],
      },
      { say: 'who am I?', calls: [], says: ['/account show'] },
      { say: 'show my publications', calls: ['publication_list'] },
    ],
    end: nothing,
  },
  {
    name: 'please speak Chinese',
    language: 'en',
    steps: [
      {
        say: 'change my language to Chinese',
        calls: [],
        says: ['/account update'],
        hides: [/is changed|changed to/i],
      },
    ],
    end: nothing,
  },
  {
    name: '改用英文',
    language: 'zh',
    steps: [
      {
        say: '把语言改成英文',
        calls: [],
        says: ['/account update'],
        hides: ['已改', '改好了'],
      },
    ],
    end: nothing,
  },
  {
    name: 'stop a video that is being made',
    language: 'en',
    given: { running: 1 },
    steps: [
      {
        say: 'cancel the video {my running video}',
        calls: [{ tool: 'video_cancel', with: { video: '{my running video}' } }],
        cards: ['video_cancel'],
        hides: ['is cancelled', 'has been'],
      },
      { press: 'confirm', calls: [], says: ['cancel'] },
    ],
    end: { ...nothing, destroyed: 1 },
  },
  {
    name: '停掉正在做的视频，又不停了',
    language: 'zh',
    given: { running: 1 },
    steps: [
      {
        say: '取消正在做的视频 {my running video}',
        calls: [{ tool: 'video_cancel', with: { video: '{my running video}' } }],
        cards: ['video_cancel'],
      },
      { press: 'decline', calls: [] },
    ],
    end: nothing,
  },
  {
    name: '删除视频',
    language: 'zh',
    given: { videos: 1 },
    steps: [
      {
        say: '删除视频 {my video}',
        calls: [{ tool: 'video_delete', with: { video: '{my video}' } }],
        cards: ['video_delete'],
        hides: ['已删除', '删除了'],
      },
      { press: 'confirm', calls: [] },
      { say: '我的视频', calls: ['video_list'], hides: ['paper boat'] },
    ],
    end: { ...nothing, destroyed: 1 },
  },
  {
    name: 'delete a video',
    language: 'en',
    given: { videos: 2 },
    steps: [
      { say: 'show my videos', calls: ['video_list'] },
      {
        say: 'delete the first one',
        calls: [{ tool: 'video_delete', with: { video: '{listed video 1}' } }],
        cards: ['video_delete'],
        hides: ['deleted'],
      },
      { say: 'yes', calls: [], says: ['card'] },
    ],
    end: nothing,
  },
  {
    name: 'small talk',
    language: 'en',
    steps: [
      { say: 'hi there', calls: [], says: ['?'] },
      { say: 'what can you do?', calls: [], says: ['publish'] },
      { say: 'thank you', calls: [] },
    ],
    end: nothing,
  },
  {
    name: '闲聊和帮不上的事',
    language: 'zh',
    steps: [
      { say: '你好', calls: [], says: ['你好'] },
      { say: '帮我订一张去上海的机票', calls: [], says: ['帮不上'] },
      { say: '今天天气怎么样', calls: [], says: ['帮不上'] },
    ],
    end: nothing,
  },
  {
    name: 'out of scope',
    language: 'en',
    steps: [
      { say: 'book me a flight to Rome', calls: [], says: ['outside'] },
      { say: 'what is the capital of Brazil?', calls: [], says: ['outside'] },
    ],
    end: nothing,
  },
  {
    name: 'what is it to be about',
    language: 'en',
    steps: [
      { say: 'make me a video', calls: [], says: ['What should it be about?'] },
      {
        say: 'a lighthouse in a storm',
        among: [{ tool: 'video_quote', with: { prompt: /lighthouse/i } }, 'video_generate'],
        cards: ['video_generate'],
      },
    ],
    end: nothing,
  },
  {
    name: '想做什么主题',
    language: 'zh',
    steps: [
      { say: '帮我做个视频', calls: [], says: ['主题'] },
      {
        say: '夜市里的糖画',
        among: [{ tool: 'prompt_write', with: { idea: /糖画/ } }, 'video_generate'],
        cards: ['video_generate'],
      },
    ],
    end: nothing,
  },
];

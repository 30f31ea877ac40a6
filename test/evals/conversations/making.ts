import type { Conversation } from '../conversation.ts';

const nothing = { spent: 0, published: 0 };

/** Videos from ideas, and the changes of mind on the way to the card. */
export const making: readonly Conversation[] = [
  {
    name: 'compare the models, then use one',
    language: 'en',
    steps: [
      {
        say: 'Which video models are there?',
        calls: ['model_list'],
        says: ['kling', 'veo', '⭐', '💰'],
      },
      {
        say: 'Make a 15 second video of a lighthouse in a storm with veo',
        among: [{ tool: 'video_quote', with: { model: 'veo', seconds: 15 } }, 'video_generate'],
        cards: ['video_generate'],
        says: ['veo', 'quota'],
      },
    ],
    end: nothing,
  },
  {
    name: '有哪些模型',
    language: 'zh',
    steps: [
      { say: '有哪些模型可以用？', calls: ['model_list'], says: ['kling', '⚡'] },
      {
        say: '用可灵做一个15秒的视频，主题是雨夜里的便利店',
        among: [{ tool: 'video_quote', with: { model: 'kling', seconds: 15 } }, 'video_generate'],
        cards: ['video_generate'],
      },
    ],
    end: nothing,
  },
  {
    name: 'an own idea, word for word',
    language: 'en',
    steps: [
      {
        say: 'Make a 15 second square video of a fox walking through fresh snow at dawn while the camera follows it from above',
        calls: [
          {
            tool: 'video_quote',
            with: { prompt: /fox walking through fresh snow/, seconds: 15, shape: '1:1' },
          },
          'video_generate',
        ],
        cards: ['video_generate'],
        says: ['1:1', '15'],
      },
      { press: 'confirm', says: ['Started'] },
      {
        meanwhile: 'work is done',
        calls: [],
        says: ['Your video is ready', 'publish it?'],
        hides: [/vid_/],
      },
    ],
    end: { spent: 1, published: 0, video: { status: 'ready', seconds: 15, shape: '1:1' } },
  },
  {
    name: '自己的想法',
    language: 'zh',
    steps: [
      {
        say: '做一个15秒的竖屏视频：清晨的海边，一位老人慢慢放飞一只红色的风筝，镜头跟着风筝升上天空',
        calls: [
          { tool: 'video_quote', with: { prompt: /红色的风筝/, seconds: 15, shape: '9:16' } },
          'video_generate',
        ],
        cards: ['video_generate'],
      },
      { press: 'confirm', says: ['开始制作'] },
      { meanwhile: 'work is done', calls: [], says: ['你的视频做好了'], hides: [/vid_/] },
    ],
    end: { spent: 1, published: 0, video: { status: 'ready' } },
  },
  {
    name: 'a short idea becomes a prompt',
    language: 'en',
    steps: [
      {
        say: 'make a video about a cat',
        calls: [
          { tool: 'prompt_write', with: { idea: /cat/ } },
          { tool: 'video_quote', with: { prompt: /cat/ } },
          'video_generate',
        ],
        cards: ['video_generate'],
      },
    ],
    end: nothing,
  },
  {
    name: '一个字的想法',
    language: 'zh',
    steps: [
      {
        say: '做个猫的视频',
        calls: [{ tool: 'prompt_write', with: { idea: /猫/ } }, 'video_quote', 'video_generate'],
        cards: ['video_generate'],
      },
    ],
    end: nothing,
  },
  {
    name: 'another length, another shape, another model',
    language: 'en',
    steps: [
      {
        say: 'make a 15 second video about a paper boat',
        among: [{ tool: 'video_quote', with: { seconds: 15 } }],
        cards: ['video_generate'],
      },
      {
        say: 'actually make it 60 seconds',
        among: [{ tool: 'video_quote', with: { seconds: 60 } }, 'video_generate'],
        cards: ['video_generate'],
      },
      {
        say: 'and horizontal instead',
        among: [{ tool: 'video_quote', with: { seconds: 60, shape: '16:9' } }, 'video_generate'],
        cards: ['video_generate'],
      },
      {
        say: 'use seedance instead',
        among: [
          { tool: 'video_quote', with: { seconds: 60, shape: '16:9', model: 'seedance' } },
          'video_generate',
        ],
        cards: ['video_generate'],
      },
      { say: 'never mind', calls: [], says: ['leave it'] },
    ],
    end: nothing,
  },
  {
    name: '改时长、改画面、换模型',
    language: 'zh',
    steps: [
      { say: '做个30秒的视频，主题是雪山', cards: ['video_generate'] },
      {
        say: '改成15秒',
        among: [{ tool: 'video_quote', with: { seconds: 15 } }, 'video_generate'],
        cards: ['video_generate'],
      },
      {
        say: '还是横屏吧',
        among: [{ tool: 'video_quote', with: { seconds: 15, shape: '16:9' } }, 'video_generate'],
        cards: ['video_generate'],
      },
      {
        say: '换成海螺模型',
        among: [{ tool: 'video_quote', with: { seconds: 15, model: 'minimax' } }],
        cards: ['video_generate'],
      },
      { say: '算了', calls: [], says: ['不做'] },
    ],
    end: nothing,
  },
  {
    name: 'another topic',
    language: 'en',
    steps: [
      {
        say: 'find a trend about cats and make a 15 second video',
        cards: ['video_generate'],
      },
      {
        say: 'no, make it about dogs instead',
        among: [
          { tool: 'trend_search', with: { keyword: /^dogs$/ } },
          { tool: 'video_quote', with: { seconds: 15 } },
          'video_generate',
        ],
        cards: ['video_generate'],
      },
    ],
    end: nothing,
  },
  {
    name: '换个话题',
    language: 'zh',
    steps: [
      { say: '找一个关于猫的爆款，做个15秒的视频', cards: ['video_generate'] },
      {
        say: '不对，换成狗的话题',
        among: [
          { tool: 'trend_search', with: { keyword: /狗/ } },
          { tool: 'video_quote', with: { seconds: 15 } },
          'video_generate',
        ],
        cards: ['video_generate'],
      },
    ],
    end: nothing,
  },
  {
    name: 'a length that is not on offer',
    language: 'en',
    steps: [
      {
        say: 'make a 45 second video about a snail',
        calls: [],
        says: ['45', '15', '30', '60', '?'],
      },
      {
        say: '30 then',
        among: [{ tool: 'video_quote', with: { seconds: 30 } }, 'video_generate'],
        cards: ['video_generate'],
      },
    ],
    end: nothing,
  },
  {
    name: '只问价格',
    language: 'zh',
    steps: [
      {
        say: '做一个60秒的灯塔视频要多少配额？',
        among: [{ tool: 'video_quote', with: { seconds: 60 } }],
        says: ['1 个配额', '还没有消耗'],
      },
      { say: '做吧', among: ['video_generate'], cards: ['video_generate'] },
    ],
    end: nothing,
  },
  {
    name: 'only the prompt',
    language: 'en',
    steps: [
      {
        say: 'write me a prompt about a rainy window',
        calls: [{ tool: 'prompt_write', with: { idea: /rainy window/ } }],
        says: ['prompt'],
      },
      { say: 'yes, make it', among: ['video_quote', 'video_generate'], cards: ['video_generate'] },
    ],
    end: nothing,
  },
];

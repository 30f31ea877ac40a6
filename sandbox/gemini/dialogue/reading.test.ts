import { describe, expect, it } from 'vitest';
import { readMessage, type Reading } from './reading.ts';
import { readNow } from './zone.ts';

const now = readNow('Now: 2026-11-22T16:05:00+08:00 (Asia/Shanghai)', new Date(0));
const models = ['kling', 'kling-pro', 'minimax', 'minimax-video-01', 'veo', 'seedance', 'wan'];

const read = (text: string, isPublishing = false): Reading =>
  readMessage(text, { now, models, isPublishing });

describe('wishes', () => {
  it.each([
    ['找一个关于AI工具的爆款，做个30秒竖屏视频，晚上8点发到我的频道', 'AI工具'],
    [
      'Find a viral video about AI tools, make a 30 second vertical video and post it to my channel at 8pm',
      'AI tools',
    ],
  ])('the whole trip: %s', (text, topic) => {
    expect(read(text)).toMatchObject({
      find: true,
      make: true,
      publish: true,
      topic,
      slots: { seconds: 30, shape: '9:16' },
      when: { kind: 'at', at: '2026-11-22T20:00:00+08:00' },
      pick: null,
      asks: [],
    });
  });

  it.each([
    ['make a 15 second video of a red fox in snow', 'a red fox in snow', { seconds: 15 }],
    ['做一个红狐狸在雪里奔跑的15秒横屏视频', '红狐狸在雪里奔跑', { seconds: 15, shape: '16:9' }],
    ['想要一个关于太空的视频', '太空', {}],
    [
      '生成一段视频：一只橘猫看雨，暖色灯光，方形，用veo',
      '一只橘猫看雨，暖色灯光',
      { shape: '1:1', model: 'veo' },
    ],
    [
      'Generate: a paper boat on a rainy street, neon reflections, landscape',
      'a paper boat on a rainy street, neon reflections',
      { shape: '16:9' },
    ],
    ['make a video of a cafe at midnight', 'a cafe at midnight', {}],
    [
      'use kling pro to make a one minute video about glaciers',
      'glaciers',
      { seconds: 60, model: 'kling-pro' },
    ],
    ['make a video', null, {}],
    ['帮我做个视频', null, {}],
  ])('making: %s', (text, topic, slots) => {
    expect(read(text)).toMatchObject({ make: true, find: false, publish: null, topic });
    expect(read(text).slots).toEqual(slots);
  });

  it.each([
    ['make 3 versions of a 15 second video about a paper boat', 'a paper boat', { takes: 3 }],
    ['做两个版本的15秒纸船视频', '纸船', { takes: 2 }],
    [
      'make a cinematic 15 second video about a lighthouse with captions and a female voice-over',
      'a lighthouse',
      { look: { style: 'cinematic', captions: true, voice: 'female' } },
    ],
    [
      '用电影感做一个15秒的灯塔视频，加字幕，配男声旁白，快节奏，暖色调',
      '灯塔',
      { look: { style: 'cinematic', captions: true, voice: 'male', pace: 'fast', tone: 'warm' } },
    ],
    [
      'make a 15 second video of a fox without captions, no voice-over, with black bars',
      'a fox',
      { look: { captions: false, voice: 'off', fit: 'pad' } },
    ],
  ])('looks and takes: %s', (text, topic, slots) => {
    expect(read(text)).toMatchObject({ make: true, topic });
    expect(read(text).slots).toEqual({ seconds: 15, ...slots });
  });

  it.each([
    ['a neon sign over a cinema in a realistic city', {}],
    ['字幕组的故事', { look: { captions: true } }],
    ['two boats and four birds', {}],
  ])('what only sounds like it: %s', (subject, slots) => {
    const { look, takes } = read(`make a video about ${subject}`).slots;
    expect({ ...(look ? { look } : {}), ...(takes ? { takes } : {}) }).toEqual(slots);
  });

  it.each([
    ['is this prompt ok: a knight in the rain', 'a knight in the rain'],
    ['Can I use this prompt? "a knight in the rain"', 'a knight in the rain'],
    ['这个提示词能用吗：雨中的骑士', '雨中的骑士'],
    ['帮我检查一下这个提示词：雨中的骑士', '雨中的骑士'],
    ['is this prompt ok?', null],
    ['这个提示词可以用吗', null],
  ])('asks whether a prompt may be used: %s', (text, checked) => {
    expect(read(text)).toMatchObject({ asks: ['check_prompt'], checked, make: false });
  });

  it.each([
    'retry it',
    'use the free retry',
    'do it again for free',
    '免费重试',
    '免费重做那个视频',
  ])('asks for the free retry: %s', (text) =>
    expect(read(text)).toMatchObject({ asks: ['retry_video'], make: false }),
  );

  it.each(['use the safer wording', 'rephrase it', '换个说法', '用安全一点的写法'])(
    'asks for other words: %s',
    (text) => expect(read(text).asks).toEqual(['reword']),
  );

  it.each([
    ['publish take 2', 1],
    ['publish version 3', 2],
    ['发布第二个版本', 1],
    ['发布版本1', 0],
  ])('picks a take: %s', (text, index) => {
    expect(read(text)).toMatchObject({ publish: true, pick: { kind: 'index', index } });
  });

  it.each([
    [
      '帮我找最近一周TikTok上播放量超过100万的健身视频',
      '健身',
      { platforms: ['tiktok'], days: 7, views_min: 1_000_000 },
    ],
    [
      'find fitness trends on TikTok and Instagram from the last week with over 1M views',
      'fitness',
      { platforms: ['tiktok', 'instagram'], days: 7, views_min: 1_000_000 },
    ],
    ['what is trending in cooking?', 'cooking', {}],
    ['有什么关于咖啡的热门视频', '咖啡', {}],
    ['find the best 5 AI tool shorts under 50k views', 'AI tool', { limit: 5, views_max: 50_000 }],
    ['找三个月内关于露营的爆款', '露营', {}],
    ['find videos about cats, dogs and birds', 'cats, dogs and birds', {}],
    ['找爆款', null, {}],
  ])('finding: %s', (text, topic, slots) => {
    expect(read(text)).toMatchObject({ find: true, make: false, topic, slots });
  });

  it.each([
    ['不用发布了', false],
    ["don't post it", false],
    ['别发YouTube了', false],
    ['发布吧', true],
    ['publish it', true],
    ['发现一些好看的', null],
  ])('publishing: %s', (text, publish) => {
    expect(read(text).publish).toBe(publish);
  });

  it('a time alone counts only while something is to be published', () => {
    expect(read('明天早上9点', true).when).toEqual({ kind: 'at', at: '2026-11-23T09:00:00+08:00' });
    expect(read('明天早上9点').when).toBeNull();
  });

  it('takes a prompt and a title word for word', () => {
    expect(read('prompt: a golden retriever surfing at sunset, 35mm').prompt).toBe(
      'a golden retriever surfing at sunset, 35mm',
    );
    expect(read('标题用「夜里的灯塔」').title).toBe('夜里的灯塔');
  });
});

describe('corrections', () => {
  it.each([
    ['no, 15 seconds', { seconds: 15 }],
    ['不对，改成横屏', { shape: '16:9' }],
    ['换个模型，用 veo', { model: 'veo' }],
    ['make it square', { shape: '1:1' }],
    ['actually not YouTube, only TikTok', { platforms: ['tiktok'], without: ['youtube'] }],
    ['换成 60 秒', { seconds: 60 }],
  ])('%s', (text, slots) => {
    const reading = read(text);
    expect(reading).toMatchObject({ isCorrection: true, topic: null, asks: [] });
    expect(reading.slots).toEqual(slots);
  });

  it.each([
    ['换成猫咪主题', { leftover: '猫咪' }],
    ['make it about cats instead', { topic: 'cats' }],
    ['换个话题，做关于露营的', { topic: '露营' }],
  ])('another subject: %s', (text, wanted) => {
    expect(read(text)).toMatchObject({ isCorrection: true, ...wanted });
  });
});

describe('questions and small talk', () => {
  it.each([
    ['还剩多少配额？', 'quota'],
    ['how much quota is left?', 'quota'],
    ['what models are there?', 'models'],
    ['有哪些模型', 'models'],
    ['show my videos', 'videos'],
    ['我的视频', 'videos'],
    ['is it ready?', 'status'],
    ['做好了吗', 'status'],
    ['为什么第二个这么火', 'explain'],
    ['explain the second one', 'explain'],
    ['配额都花到哪了', 'history'],
    ['list my channels', 'channels'],
    ['连接YouTube', 'connect'],
    ['connect my YouTube', 'connect'],
    ['who am I', 'account'],
    ['收藏的爆款', 'saved'],
    ['save it', 'save'],
    ['cancel the video', 'cancel_video'],
    ['is it live?', 'publication'],
  ])('%s', (text, ask) => {
    expect(read(text)).toMatchObject({ asks: [ask], find: false, make: false, publish: null });
  });

  it.each([
    ['hello', 'greeting'],
    ['谢谢', 'thanks'],
    ['what can you do', 'help'],
    ['算了', 'cancel'],
    ['never mind', 'cancel'],
    ['好的', 'yes'],
    ['ok do it', 'yes'],
    ['try again', 'again'],
  ])('%s', (text, talk) => {
    expect(read(text)).toMatchObject({ talk, asks: [], make: false, find: false });
  });

  it.each([
    ['用第二个做一个60秒的方形视频', { kind: 'index', index: 1 }],
    ['make one like the third one', { kind: 'index', index: 2 }],
    ['#4', { kind: 'index', index: 3 }],
    ['最后一个', { kind: 'index', index: -1 }],
    ['2', { kind: 'index', index: 1 }],
    ['why is the second so popular?', { kind: 'index', index: 1 }],
    ['explain that one', { kind: 'that' }],
    ['a 30 second video of the first snow', null],
  ])('which one: %s', (text, pick) => {
    expect(read(text).pick).toEqual(pick);
  });

  it('a number alone from ten on is a length', () => {
    expect(read('9').slots).toEqual({});
    expect(read('10').slots).toEqual({ seconds: 10 });
  });

  it.each(['write a poem about love', '今天天气怎么样', 'why is the sky blue'])(
    'no wish that we know: %s',
    (text) => {
      expect(read(text)).toMatchObject({
        find: false,
        make: false,
        publish: null,
        asks: [],
        talk: null,
      });
    },
  );

  it('leaves ids and mentions out of the topic', () => {
    const reading = read('<@123> upload vid_abc to my channel in 2 hours');
    expect(reading).toMatchObject({ publish: true, ids: ['vid_abc'], topic: null, leftover: null });
  });
});

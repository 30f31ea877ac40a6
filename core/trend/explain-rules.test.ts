import { fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';

import { platforms, type Sighting } from '../ports/trend-source.ts';
import { analysisSchema } from './analysis.ts';
import { analyseByRules } from './explain-rules.ts';

const sighting = (over: Partial<Sighting> = {}): Sighting => ({
  platform: 'youtube',
  externalId: 'dQw4w9WgXcQ',
  kind: 'short',
  title: 'Boats',
  description: '',
  url: 'https://www.youtube.com/shorts/dQw4w9WgXcQ',
  channel: null,
  channelFollowers: null,
  views: null,
  likes: null,
  comments: null,
  shares: null,
  durationSeconds: null,
  publishedAt: null,
  thumbnailUrl: null,
  hashtags: [],
  ...over,
});

describe('the rules', () => {
  it('name what title and numbers show', () => {
    const rich = sighting({
      title: 'Why 3 boats?',
      durationSeconds: 30,
      views: 1000,
      likes: 41,
      comments: 6,
    });
    expect(analyseByRules(rich, 'en')).toStrictEqual({
      attraction:
        'What can be seen from the numbers: number in the title, question in the title, very short, many likes per view, much discussed.',
      factors: [
        'number in the title',
        'question in the title',
        'very short',
        'many likes per view',
        'much discussed',
      ],
      recommendation: 9,
      hook: 'The title asks a question; the opening itself was not watched.',
      pacing: 'It lasts 30 seconds; how it is cut was not watched.',
      by: 'rules',
      completed: false,
      watched: false,
    });
  });

  it('say of a plain video only what is true of it, in Chinese too', () => {
    const plain = sighting({ durationSeconds: 31, views: 0, likes: 9 });
    expect(analyseByRules(plain, 'zh')).toStrictEqual({
      attraction: '从数据可见：主题明确。',
      factors: ['主题明确', '标题简短', '短视频形式'],
      recommendation: 4,
      hook: '只知道标题；开头画面未经观看。',
      pacing: '时长 31 秒；剪辑节奏未经观看。',
      by: 'rules',
      completed: false,
      watched: false,
    });
  });

  it.each([
    ['Why boats', 'question in the title'],
    ['Boats?', 'question in the title'],
    ['７ boats', 'number in the title'],
    ['三个步骤折纸船', 'number in the title'],
  ])('see in %j a %s', (title, factor) => {
    expect(analyseByRules(sighting({ title }), 'en').factors).toContain(factor);
  });

  it.each(['万一下雨', '一只猫', '百合花', 'Showdown', 'Somehow'])(
    'see neither number nor question in %j',
    (title) => {
      const { factors, recommendation } = analyseByRules(sighting({ title }), 'en');
      expect(factors).toStrictEqual(['clear topic', 'short title', 'short format']);
      expect(recommendation).toBe(4);
    },
  );

  it.each([
    [{ durationSeconds: 30 }, { durationSeconds: 30.1 }, 'very short'],
    [{ views: 1000, likes: 41 }, { views: 1000, likes: 40 }, 'many likes per view'],
    [{ views: 1000, comments: 6 }, { views: 1000, comments: 5 }, 'much discussed'],
    [{ views: 1000, shares: 6 }, { views: 1000, shares: 5 }, 'often shared'],
    [
      { views: 301, channelFollowers: 100 },
      { views: 300, channelFollowers: 100 },
      'seen far beyond its followers',
    ],
  ])('tell %j from %j: %s', (is, isNot, factor) => {
    expect(analyseByRules(sighting(is), 'en').factors).toContain(factor);
    expect(analyseByRules(sighting(isNot), 'en').factors).not.toContain(factor);
  });

  it.each([
    [{ channelFollowers: 0, views: 9 }, 'no followers are no measure'],
    [{ channelFollowers: 1, views: null }, 'nor are unknown views'],
    [{ likes: 9, views: null }, 'nor likes alone'],
  ])('do not count %j: %s', (over, why) => {
    expect(analyseByRules(sighting(over), 'en').recommendation, why).toBe(4);
  });

  it.each([
    ['', 'It has no title, and the opening itself was not watched.'],
    ['  ', 'It has no title, and the opening itself was not watched.'],
    ['Boats', 'Only the title is known; the opening itself was not watched.'],
    ['3 boats', 'The title promises a number; the opening itself was not watched.'],
    ['How 3 boats', 'The title asks a question; the opening itself was not watched.'],
  ])('say of the opening of %j: %s', (title, hook) => {
    expect(analyseByRules(sighting({ title }), 'en').hook).toBe(hook);
  });

  it.each([
    [null, 'Its length is not known, and how it is cut was not watched.'],
    [1, 'It lasts 1 second; how it is cut was not watched.'],
    [119.4, 'It lasts 119 seconds; how it is cut was not watched.'],
    [120, 'It lasts about 2 minutes; how it is cut was not watched.'],
    [3600, 'It lasts about 60 minutes; how it is cut was not watched.'],
  ])('say of the pace of %j seconds: %s', (durationSeconds, pacing) => {
    expect(analyseByRules(sighting({ durationSeconds }), 'en').pacing).toBe(pacing);
  });

  it.each([
    [60, 'short title'],
    [61, 'detailed title'],
  ])('call a title of %i characters a %s', (length, factor) => {
    const { factors } = analyseByRules(sighting({ title: '🚤'.repeat(length) }), 'en');
    expect(factors).toContain(factor);
  });

  it('find three to five factors for whatever comes, each once and readable again', () => {
    const count = fc.option(fc.nat(), { nil: null });
    const any = fc.record({
      title: fc.oneof(fc.string(), fc.constantFrom('', 'Why 3?', '为什么')),
      kind: fc.constantFrom('short' as const, 'long' as const),
      platform: fc.constantFrom(...platforms),
      views: count,
      likes: count,
      comments: count,
      shares: count,
      channelFollowers: count,
      durationSeconds: count,
    });
    fc.assert(
      fc.property(any, fc.constantFrom('en' as const, 'zh' as const), (over, locale) => {
        const analysis = analyseByRules(sighting(over), locale);
        expect(analysisSchema.parse(analysis)).toStrictEqual(analysis);
        expect(analysis.factors.length).toBeGreaterThanOrEqual(3);
        expect(new Set(analysis.factors).size).toBe(analysis.factors.length);
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';

import { shortTitle } from './dialogue/lists.ts';
import { readMaterial } from './material.ts';
import { subjectOf, withoutTail } from './subject.ts';
import { writeText } from './writer.ts';

describe('the subject of a title', () => {
  it.each([
    ['en', 'Stop doing these 19 things with AI tools', 'AI tools'],
    ['en', '29 AI tools tricks nobody tells you about', 'AI tools'],
    ['en', '5 ways to fold a shirt', 'fold a shirt'],
    ['en', 'Why does your coffee always go wrong?', 'coffee'],
    ['en', 'Is a standing desk really worth it? Follow for one every day.', 'a standing desk'],
    ['en', 'A red fox in snow', null],
    ['en', 'Two boats in 30 seconds of rain', null],
    ['zh', 'AI工具的29个小技巧，最后一个没人告诉你', 'AI工具'],
    ['zh', '千万别再这样做！AI工具的9个误区', 'AI工具'],
    ['zh', '为什么你的咖啡总是失败？', '咖啡'],
    ['zh', '夜晚的雨巷里，一只纸船顺着水流漂过', null],
  ] as const)('%s: %s', (language, title, subject) => {
    expect(subjectOf(title, language)).toBe(subject);
  });

  it.each([
    ['Stop doing these 19 things with AI tools Follow for one every day. #aitools #howto'],
    ['AI工具的29个小技巧，最后一个没人告诉你 关注我，每天一条。 #ai工具'],
  ])('stands in the prompt, which names no shape of the picture: %s', (title) => {
    const material = readMaterial('', `<untrusted kind="title">${title}</untrusted>`);
    const prompt = writeText(material, {
      role: 'prompt',
      characters: null,
      sentences: null,
      index: 0,
      seed: title,
    });
    expect(prompt).toMatch(/^(?:Cinematic shot of AI tools in|电影感画面：清晨柔光中的AI工具，)/u);
    expect(prompt).not.toMatch(/vertical|upright|stop doing|竖屏|小技巧/iu);
  });
});

describe('a title as it is spoken of', () => {
  it.each([
    ['Short and good', 'Short and good'],
    ['Is tea worth it? Follow for one every day. #tea', 'Is tea worth it?'],
    ['Rules I follow', 'Rules I follow'],
    ['AI工具的9个误区 关注我，每天一条。 #ai工具', 'AI工具的9个误区'],
    ['泡茶的误区。关注我，每天一条', '泡茶的误区'],
    ['#one #two', '#one'],
  ])('without its tail: %s', (title, bare) => {
    expect(withoutTail(title)).toBe(bare);
  });

  it.each([
    [40, 'a'],
    [30, '茶'],
  ])('of at most %i characters', (most, letter) => {
    expect(shortTitle(letter.repeat(most))).toBe(letter.repeat(most));
    expect(Array.from(shortTitle(letter.repeat(most + 1)))).toHaveLength(most);
    expect(shortTitle(letter.repeat(most + 1))).toMatch(/…$/u);
  });

  it('cut between words', () => {
    expect(shortTitle('Stop Doing These Nineteen Things With All Your Tools')).toBe(
      'Stop Doing These Nineteen Things With…',
    );
  });
});

import { expect, it } from 'vitest';

import { draws } from '../../../test/kit/draws.ts';
import {
  idsOfView,
  labelsOfView,
  problemsOfView,
  textOfView,
} from '../../../test/kit/view-limits.ts';
import { presentWelcome } from './welcome.ts';

it('says in both languages what Jilo does, what is given and how to begin', () => {
  const [en, zh] = draws.map((one) => presentWelcome(one, { from: one.now }));
  if (!en || !zh) throw new Error('two languages');
  expect(textOfView(en)).toContain('**100 quota are yours**');
  expect(textOfView(zh)).toContain('**100 配额已到账**');
  expect(labelsOfView(en)).toStrictEqual(['Find trends', 'Make a video', 'Connect YouTube']);
  expect(labelsOfView(zh)).toStrictEqual(['发现爆款', '制作视频', '连接 YouTube']);
  for (const view of [en, zh]) {
    expect(problemsOfView(view)).toStrictEqual([]);
    expect(idsOfView(view).map((id) => id.split(':')[1])).toStrictEqual([
      'welcome-find',
      'prompt-edit',
      'channel-connect',
    ]);
  }
});

it('says from when on there is free quota, or that there is none', () => {
  const later = { from: new Date('2030-01-02T03:04:00.000Z') };
  for (const one of draws) {
    const [soon, none] = [presentWelcome(one, later), presentWelcome(one, { from: null })];
    expect(textOfView(soon)).toContain('2030-01-0');
    expect(textOfView(soon)).toContain(one.locale === 'zh' ? '还太短' : 'still too new');
    expect(textOfView(none)).toContain(one.locale === 'zh' ? '一次性邮箱' : 'disposable');
    for (const view of [soon, none]) {
      expect(textOfView(view)).not.toMatch(/quota are yours\*\*,|配额已到账/u);
      expect(problemsOfView(view)).toStrictEqual([]);
    }
  }
});

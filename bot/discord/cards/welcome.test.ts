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
  const [en, zh] = draws.map((one) => presentWelcome(one));
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

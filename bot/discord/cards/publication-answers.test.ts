import { expect, it } from 'vitest';

import { draws, drawIn } from '../../../test/kit/draws.ts';
import { idsOfView, problemsOfView, textOfView } from '../../../test/kit/view-limits.ts';
import { presentChanged, presentStarted, presentTakenBack } from './publication-answers.ts';

const draw = drawIn('en');
const show = 'v1:publication-show:12345678901234567890:pub_1';

it('says where a new one goes', () => {
  const started = { publication: 'pub_1', status: 'uploading', channel: '*Ada*' };
  const view = presentStarted(started, draw, {});
  expect(textOfView(view)).toContain(String.raw`It is being sent to \*Ada\*.`);
  expect(idsOfView(view)).toStrictEqual([show]);
  expect(problemsOfView(view)).toStrictEqual([]);
});

it.each([
  ['stopped', 'cancelled', '### ↩️ Stopped\nIt is stopped. Nothing was published.', '已停止'],
  ['private', 'live', '### ↩️ Taken back\nIt is private', '已撤回'],
  ['private_soon', 'live', '### ↩️ Being taken back\nYouTube cannot be reached', '正在撤回'],
])('says what came of taking it back: %s', (outcome, status, en, zh) => {
  const [english, chinese] = draws.map((one) =>
    presentTakenBack({ publication: 'pub_1', status, outcome }, one, {}),
  );
  expect(english && textOfView(english)).toContain(en);
  expect(chinese && textOfView(chinese)).toContain(zh);
  expect(english && idsOfView(english)).toStrictEqual([show]);
});

it('names what was changed, in words', () => {
  const changed = ['title', 'description', 'tags', 'category', 'publish_at', 'privacy'];
  const answer = { publication: 'pub_1', status: 'live', changed };
  const [en = '', zh = ''] = draws.map((one) => textOfView(presentChanged(answer, one, {})));
  expect(en).toContain('-# Title · Description · Tags · Category · Time · Visibility');
  expect(zh).toContain('-# 标题 · 描述 · 标签 · 分类 · 公开时间 · 可见性');
  expect(idsOfView(presentChanged(answer, draw, {}))).toStrictEqual([show]);
});

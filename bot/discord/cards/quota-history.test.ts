import { expect, it } from 'vitest';

import { draws, drawIn, nastyTexts } from '../../../test/kit/draws.ts';
import { idsOfView, problemsOfView, textOfView } from '../../../test/kit/view-limits.ts';
import { presentHistory } from './quota-history.ts';

const draw = drawIn('en');
const owner = '12345678901234567890';

const entry = (verb: string, purpose: string, more: object = {}) => ({
  entry: 7,
  at: '2026-11-22T08:00:00.000Z',
  verb,
  from: 'a',
  to: 'b',
  amount: 1,
  kind: 'month',
  reference: 'vid_1',
  purpose,
  balance: 12,
  paid_by: 'person',
  ...more,
});
const history = (entries: readonly object[], more: object = {}) => ({
  month: null,
  entries,
  older: null,
  ...more,
});

it('says what each movement was for and when, on the clock of the person, and what was left', () => {
  const entries = [
    entry('capture', 'the video "A boat"'),
    entry('hold', 'the video "A boat"'),
    entry('release', 'the video "A kite"'),
    entry('refund', 'the video "Rain"'),
    entry('expire', 'what was left of the month before'),
    entry('take_back', 'the small pack', { kind: 'pack' }),
    entry('give', 'a server', { kind: 'pack' }),
    entry('receive', 'a server', { kind: 'pack' }),
    entry('hold', 'the video "Both"', { kind: 'both' }),
    entry('grant', 'the welcome gift', { reference: 'sign-up' }),
  ];
  const words = textOfView(presentHistory(history(entries), draw, {}));
  expect(words.split('\n').filter((line) => line.startsWith('`'))).toStrictEqual([
    '`·1` Spent on the video "A boat"',
    '`−1` Set aside for the video "A boat"',
    '`+1` Given back, not made: the video "A kite"',
    '`+1` Refunded for the video "Rain"',
    '`−1` Expired: what was left of the month before',
    '`−1` Taken back: the small pack',
    '`−1` Given to a server',
    '`+1` Received from a server',
    '`−1` Set aside for the video "Both"',
    '`+1` Welcome gift',
  ]);
  expect(words).toContain('-# 2026-11-22 16:00 (Asia/Shanghai) · 12 left\n');
  expect(words).toContain('12 left · of packs');
  expect(words).toContain('12 left · partly of packs');
  const zh = textOfView(presentHistory(history(entries.slice(-4)), drawIn('zh'), {}));
  expect(zh).toContain('`−1` 转给a server');
  expect(zh).toContain('新用户赠送');
});

it('marks what a server has paid for, which moves nothing of the person', () => {
  const paid = entry('hold', 'the video "A boat"', { balance: null, paid_by: 'server' });
  const words = textOfView(presentHistory(history([paid]), draw, {}));
  expect(words).toContain('`·1` Set aside for the video "A boat"');
  expect(words).toContain('(Asia/Shanghai) · paid by the server');
});

const actionsOf = (output: object, input: object = {}) =>
  idsOfView(presentHistory({ ...output }, draw, { ...input })).map((id) =>
    id.replace('v1:', '').replace(`:${owner}`, ''),
  );

it('leads to older movements, back to the newest, and to the receipt', () => {
  const numbered = Array.from({ length: 12 }, (_, index) =>
    entry('grant', 'x', { entry: 100 - index }),
  );
  expect(actionsOf(history([]))).toStrictEqual(['quota-receipt:csv:', 'quota-show']);
  expect(actionsOf(history(numbered.slice(0, 10), { older: 91 }))[0]).toBe('quota-page:91:');
  // Of more than are shown the last that is shown counts.
  expect(actionsOf(history(numbered, { older: 89 }))[0]).toBe('quota-page:91:');
  expect(actionsOf(history(numbered))[0]).toBe('quota-page:91:');
  expect(
    actionsOf(history(numbered.slice(0, 3), { month: '2026-11' }), { before: 5, month: '2026-11' }),
  ).toStrictEqual(['quota-page::2026-11', 'quota-receipt:csv:2026-11', 'quota-show']);
});

it('says what is missing at the beginning and at the end', () => {
  expect(textOfView(presentHistory(history([]), draw, {}))).toContain('Nothing has moved yet');
  const end = textOfView(presentHistory(history([]), draw, { before: 5 }));
  expect(end).toContain('nothing further back');
  const month = textOfView(presentHistory(history([], { month: '2026-10' }), draw, {}));
  expect(month).toContain('Quota history · 2026-10');
});

it.each([0, 1, 10, 11, 100])('fits with %d movements', (count) => {
  for (const one of draws) {
    for (const nasty of nastyTexts(300)) {
      const most = Number.MAX_SAFE_INTEGER;
      const entries = Array.from({ length: count }, (_, index) =>
        entry('release', nasty, { entry: index, kind: 'both', amount: most, balance: most }),
      );
      const view = presentHistory(history(entries, { month: '2026-11', older: 5 }), one, {});
      expect(problemsOfView(view)).toStrictEqual([]);
    }
  }
});

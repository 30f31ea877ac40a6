import { expect, test } from 'vitest';

import { formatSubRip } from './sub-rip.ts';

test('lines are numbered, with times to the millisecond', () => {
  const lines = [
    { from: 0, to: 4.5, text: 'A paper boat sets out.' },
    { from: 4.5, to: 3661.0004, text: '它驶过街灯。' },
  ];
  expect(formatSubRip(lines)).toBe(
    '1\n00:00:00,000 --> 00:00:04,500\nA paper boat sets out.\n\n2\n00:00:04,500 --> 01:01:01,000\n它驶过街灯。\n',
  );
});

test('what is empty, or ends before it begins, is left out; a blank line never ends a cue early', () => {
  const lines = [
    { from: 0, to: 1, text: '  ' },
    { from: 1, to: 1, text: 'never' },
    { from: 1, to: 2, text: ' one\n\n two ' },
  ];
  expect(formatSubRip(lines)).toBe('1\n00:00:01,000 --> 00:00:02,000\none\ntwo\n');
  expect(formatSubRip([])).toBe('');
});

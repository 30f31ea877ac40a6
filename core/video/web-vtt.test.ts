import { expect, test } from 'vitest';

import { formatWebVtt } from './web-vtt.ts';

test('lines become cues, in which nothing is a mark', () => {
  const lines = [
    { from: 0, to: 2.5, text: ' A boat <b>&\n\n--> sails ' },
    { from: 2.5, to: 2.5, text: 'never shown' },
    { from: 3, to: 4, text: ' \n ' },
    { from: 3661.0004, to: 3662.9996, text: '纸船' },
  ];
  expect(formatWebVtt(lines)).toBe(
    [
      'WEBVTT',
      '',
      '00:00:00.000 --> 00:00:02.500',
      'A boat &lt;b&gt;&amp; --&gt; sails',
      '',
      '01:01:01.000 --> 01:01:03.000',
      '纸船',
      '',
    ].join('\n'),
  );
});

test('a film without lines has none', () => {
  expect(formatWebVtt([])).toBe('WEBVTT\n');
});

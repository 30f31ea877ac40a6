import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { judge, troubleIn } from './judge.ts';
import { notApplicable } from './not-applicable.ts';

const listed = new Map([['logging', 'no logs']]);
const inOrder = new Map([
  ['tools', []],
  ['logging', ['no such method']],
]);

test('a run in which everything passes but what is listed is in order', () => {
  expect(judge(inOrder, listed)).toEqual([]);
});

test.each([
  ['fails unlisted', new Map([...inOrder, ['ping', ['it is dead']]]), 'ping: it is dead'],
  [
    'passes though listed',
    new Map([...inOrder, ['logging', []]]),
    'logging is listed as not applicable, and passes',
  ],
  [
    'is listed and unknown to the suite',
    new Map([['tools', []]]),
    'logging is listed as not applicable, and the suite has no such scenario',
  ],
  ['has not run', new Map(), 'the suite has run nothing'],
])('what %s is found out', (_, outcomes, found) => {
  expect(judge(outcomes, listed)).toEqual([found]);
});

test.each([
  [['SUCCESS'], 0],
  [['SUCCESS', 'INFO'], 0],
  [['SUCCESS', 'WARNING'], 1],
  [['FAILURE', 'FAILURE'], 2],
  [['INFO'], 1],
  [[], 1],
] as const)('a scenario with the checks %j has %i troubles', (statuses, count) => {
  const checks = statuses.map((status) => ({ id: 'one', status }));
  expect(troubleIn(checks)).toHaveLength(count);
});

test('the documentation names what does not apply, with the same reasons', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/mcp-conformance.md'), 'utf8');
  const lines = page.split('\n').filter((line) => line.startsWith('- `'));
  expect(lines).toEqual([...notApplicable].map(([name, reason]) => `- \`${name}\`: ${reason}`));
});

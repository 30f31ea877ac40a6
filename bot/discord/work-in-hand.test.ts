import { expect, test } from 'vitest';

import { createLog } from '../../core/log.ts';
import { withinMs, WorkInHand } from './work-in-hand.ts';

const logs: string[] = [];
const log = createLog({ level: 'error', secrets: [], write: (line) => void logs.push(line) });

test('everything that was taken on ends before it is finished', async () => {
  const inHand = new WorkInHand(log);
  const ended: number[] = [];
  const gate = Promise.withResolvers<void>();
  for (const number of [1, 2]) inHand.take(gate.promise.then(() => void ended.push(number)));
  const finished = inHand.finish(10_000);
  gate.resolve();
  await finished;
  expect(ended).toEqual([1, 2]);
});

test('what fails is logged, and holds nothing up', async () => {
  const inHand = new WorkInHand(log);
  inHand.take(Promise.reject(new Error('went wrong')));
  await inHand.finish(10_000);
  expect(logs.join('')).toContain('went wrong');
});

test('what never ends is waited for as long as was said', async () => {
  await expect(withinMs(1, new Promise(() => undefined))).resolves.toBeUndefined();
  const inHand = new WorkInHand(log);
  inHand.take(new Promise(() => undefined));
  await expect(inHand.finish(1)).resolves.toBeUndefined();
});

import { expect, test } from 'vitest';

import { createEndings } from './endings.ts';

test('parts end side by side, and what is not over is named', async () => {
  const endings = createEndings();
  const web = Promise.withResolvers<void>();
  const worker = Promise.withResolvers<readonly string[]>();
  const began: string[] = [];
  endings.add('web', () => {
    began.push('web');
    return web.promise;
  });
  endings.add('worker', () => {
    began.push('worker');
    return worker.promise;
  });
  expect(endings.left()).toEqual(['web', 'worker']);
  const ended = endings.end();
  expect(began).toEqual(['web', 'worker']);
  worker.resolve(['video.assemble (handed back)']);
  await worker.promise;
  expect(endings.left()).toEqual(['web', 'video.assemble (handed back)']);
  web.resolve();
  await ended;
  expect(endings.left()).toEqual(['video.assemble (handed back)']);
});

test('one that fails keeps no other from ending, and is told at the end', async () => {
  const endings = createEndings();
  const web = Promise.withResolvers<void>();
  endings.add('bot', () => Promise.reject(new Error('the bot is stuck')));
  endings.add('web', () => web.promise);
  const ended = endings.end();
  web.resolve();
  await expect(ended).rejects.toThrow('the bot is stuck');
  expect(endings.left()).toEqual(['bot']);
});

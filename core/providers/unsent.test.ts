import { createServer } from 'node:net';

import { expect, test } from 'vitest';

import { isUnsent } from './unsent.ts';

/** The port of a server that answers each connection so; with null, of one that is gone. */
async function portOf(answer: (() => void) | null): Promise<[number, () => void]> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      answer?.();
      socket.resetAndDestroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  if (answer === null) await new Promise((resolve) => server.close(resolve));
  return [address.port, () => void server.close()];
}

const failureOf = (url: string): Promise<unknown> =>
  fetch(url, { method: 'POST', body: 'a paid wish' }).then(
    () => null,
    (error: unknown) => error,
  );

test('a port that nobody listens on has taken nothing', async () => {
  const [port] = await portOf(null);
  expect(isUnsent(await failureOf(`http://127.0.0.1:${port}`))).toBe(true);
});

test('of a connection that breaks once it has taken something nobody knows', async () => {
  let taken = 0;
  const [port, close] = await portOf(() => void (taken += 1));
  const error = await failureOf(`http://127.0.0.1:${port}`);
  close();
  expect(taken).toBe(1);
  expect(error).toBeInstanceOf(TypeError);
  expect(isUnsent(error)).toBe(false);
});

const step = (syscall: string, code = 'ETIMEDOUT') =>
  Object.assign(new Error(code), { syscall, code });

test.each([
  ['a name that is not found', step('getaddrinfo', 'ENOTFOUND'), true],
  ['a connection that takes too long', { code: 'UND_ERR_CONNECT_TIMEOUT' }, true],
  ['no address of several', new AggregateError([step('connect'), step('connect')]), true],
  [
    'one address of several that was reached',
    new AggregateError([step('connect'), step('read')]),
    false,
  ],
  ['an answer that takes too long', { code: 'UND_ERR_HEADERS_TIMEOUT' }, false],
  ['a connection that falls silent', step('read'), false],
  ['an unreachable host in the middle of it', step('write', 'EHOSTUNREACH'), false],
  ['no error', null, false],
])('%s', (_, error, expected) => {
  expect(isUnsent(error)).toBe(expected);
  expect(isUnsent(new Error('of a client', { cause: error }))).toBe(expected);
});

test('causes that go round come to an end', () => {
  const error = new Error('round');
  error.cause = error;
  expect(isUnsent(error)).toBe(false);
});

import { createServer, type Socket } from 'node:net';

/** A mail server that refuses every sign-in, and says back what it was sent. */
export type Parrot = {
  readonly port: number;
  /** Every line that came. */
  readonly heard: readonly string[];
  /** What it refuses with from now on. */
  answerWith(status: number): void;
  /** What it was sent to sign in with. */
  secretWords(): readonly string[];
  close(): Promise<void>;
};

/** Starts one on 127.0.0.1. */
export async function startParrot(): Promise<Parrot> {
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  let status = 535;
  const reply = (line: string): string => {
    if (/^EHLO/iu.test(line)) return '250-parrot\r\n250 AUTH PLAIN';
    if (/^QUIT/iu.test(line)) return '221 bye';
    return `${status} 5.7.8 you said ${line}`;
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    let rest = '';
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (piece) => {
      const lines = (rest + piece.toString('utf8')).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        heard.push(line);
        socket.write(`${reply(line)}\r\n`);
      }
    });
    socket.write('220 parrot ESMTP\r\n');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  return {
    port: address.port,
    heard,
    answerWith: (next) => {
      status = next;
    },
    secretWords: () =>
      heard.flatMap((line) => /^AUTH PLAIN (?<word>\S+)/iu.exec(line)?.groups?.['word'] ?? []),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

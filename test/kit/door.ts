import { connect, createServer, type Server, type Socket } from 'node:net';

/** A door on a port of its own, in front of a service of this machine. */
export type Door = {
  /** The address to be used in place of the service's own. */
  readonly url: string;
  /** Where those who knock are led from now on. */
  leadTo(address: string): void;
  /** From now on every connection is refused. */
  shut(): Promise<void>;
  open(): Promise<void>;
  close(): Promise<void>;
};

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });

/** Opens a door on a free port; it keeps the port while it is shut. */
export async function openDoor(): Promise<Door> {
  const inside = new Set<Socket>();
  let target = new URL('http://127.0.0.1:1');
  const keep = (socket: Socket): Socket => {
    inside.add(socket);
    return socket.on('error', () => socket.destroy()).on('close', () => inside.delete(socket));
  };
  const server = createServer((knocking) => {
    const led = keep(connect(Number(target.port), target.hostname));
    keep(knocking).pipe(led).pipe(knocking);
    knocking.on('close', () => led.destroy());
    led.on('close', () => knocking.destroy());
  });
  await listen(server, 0);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  const { port } = address;
  const shut = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    for (const socket of inside) socket.destroy();
    await closed;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    leadTo(to) {
      target = new URL(to);
    },
    shut,
    open: () => listen(server, port),
    close: shut,
  };
}

import type { Ports, Services } from '../../core/context.ts';
import type { Db } from '../../drizzle/client.ts';

/** Called at each point of the work; it may wait, throw, or never return, as in a process that died. */
export type PassPoint = (point: string) => Promise<void>;

/** Calls to the outside and to our own files and tools. All of them answer a promise. */
const watched = new Set([
  'submit',
  'fetchOutcome',
  'cancel',
  'download',
  'write',
  'put',
  'store',
  'remove',
  'probe',
  'probeSound',
  'join',
  'assemble',
  'poster',
  'exchangeCode',
  'refresh',
  'fetchChannels',
  'startUpload',
  'fetchUploadState',
  'sendChunk',
  'fetchVideo',
  'updateVideo',
  'fetchUploads',
  'setThumbnail',
  'fetchPlaylists',
  'createPlaylist',
  'addToPlaylist',
  'addCaptions',
]);

/** The same services, with a point before and after each transaction and each call of a port. */
export function withPoints<S extends Services>(services: S, pass: PassPoint): S {
  const { database, ports } = services;
  return {
    ...services,
    database: { ...database, db: watchTransactions(database.db, pass) },
    ports: watchPorts(ports, pass),
  };
}

function watchPorts(ports: Ports, pass: PassPoint): Ports {
  const { videoModels, videoHost, storage, mediaTools } = ports;
  return {
    ...ports,
    storage: watchCalls(storage, pass),
    mediaTools: watchCalls(mediaTools, pass),
    ...(videoModels ? { videoModels: watchCalls(videoModels, pass) } : {}),
    ...(videoHost ? { videoHost: watchCalls(videoHost, pass) } : {}),
  };
}

function watchTransactions(db: Db, pass: PassPoint): Db {
  const transaction: Db['transaction'] = async (work, config) => {
    await pass('begin');
    const answer = await db.transaction(work, config);
    await pass('commit');
    return answer;
  };
  return new Proxy(db, {
    get: (target, key): unknown =>
      key === 'transaction' ? transaction : Reflect.get(target, key, target),
  });
}

function watchCalls<T extends object>(port: T, pass: PassPoint): T {
  return new Proxy(port, {
    get(target, key): unknown {
      const call: unknown = Reflect.get(target, key, target);
      const name = String(key);
      if (typeof call !== 'function') return call;
      if (!watched.has(name)) return call.bind(target);
      return async (...given: readonly unknown[]): Promise<unknown> => {
        await pass(`${name} before`);
        const args = given.map((arg) => (isContent(arg) ? breakable(arg, name, pass) : arg));
        const answer: unknown = await Reflect.apply(call, target, args);
        await pass(`${name} after`);
        return answer;
      };
    },
  });
}

const isContent = (value: unknown): value is AsyncIterable<Uint8Array> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

/** Content with a point after its first piece, where a process can die with half a file written. */
async function* breakable(
  content: AsyncIterable<Uint8Array>,
  name: string,
  pass: PassPoint,
): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  for await (const part of content) {
    yield part;
    if (isFirst) await pass(`${name} middle`);
    isFirst = false;
  }
}

import type { Services } from '../../core/context.ts';
import type { Db } from '../../drizzle/client.ts';
import type { PassPoint } from './points.ts';

/** Whose transactions they are: a callback's, or those of what a person does. */
export type WebWork = 'callback' | 'order' | 'cancel' | 'retry' | 'delete' | 'show';

/** Where a transaction of the web process can fail: nothing of it remains, or it is done and nobody hears of it. */
export const webPoints = (['callback', 'order', 'cancel', 'retry', 'delete'] as const).flatMap(
  (work) => [`${work} before commit`, `${work} after commit`],
);

/** A transaction that fails. */
export type WebError = {
  readonly point: string;
  /** At the so-manieth time that it is passed, from 1. */
  readonly nth: number;
};

/** Lets fail what is planned. */
export function failAsPlanned(
  errors: readonly WebError[],
  note: (line: string) => void,
): PassPoint {
  const passed = new Map<string, number>();
  return async (point) => {
    const times = (passed.get(point) ?? 0) + 1;
    passed.set(point, times);
    if (!errors.some((error) => error.point === point && error.nth === times)) return;
    note(`error at "${point}" (number ${times})`);
    throw new Error('a planned error of the database');
  };
}

/** The same services, with a point before and after the commit of each transaction. */
export function withCommitPoints(services: Services, work: WebWork, pass: PassPoint): Services {
  const { db } = services.database;
  const transaction: Db['transaction'] = async (body, config) => {
    const answer = await db.transaction(async (tx) => {
      const written = await body(tx);
      await pass(`${work} before commit`);
      return written;
    }, config);
    await pass(`${work} after commit`);
    return answer;
  };
  const watched = new Proxy(db, {
    get: (target, key): unknown =>
      key === 'transaction' ? transaction : Reflect.get(target, key, target),
  });
  return { ...services, database: { ...services.database, db: watched } };
}

import type { Db, Tx } from '../../../drizzle/client.ts';

/** The process dies here. */
export class Crash extends Error {}

const statements = ['select', 'selectDistinct', 'insert', 'update', 'delete', 'execute'] as const;

/**
 * A database whose transactions die at a statement: `next` is asked before each one that writes or
 * reads, and throws {@link Crash} to let the process die there. What had not committed is gone.
 */
export function crashingDb(db: Db, next: () => void): Db {
  return new Proxy(db, {
    get(target, name) {
      if (name === 'transaction')
        return <T>(work: (tx: Tx) => Promise<T>, ...rest: []) =>
          target.transaction(
            async (tx) => {
              const result = await work(counting(tx, next));
              // Death just before the commit, too.
              next();
              return result;
            },
            ...rest,
          );
      return bound(target, name);
    },
  });
}

const counting = (tx: Tx, next: () => void): Tx =>
  new Proxy(tx, {
    get(target, name) {
      if (statements.some((statement) => statement === name)) next();
      return bound(target, name);
    },
  });

function bound(target: object, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name);
  return typeof value === 'function' ? value.bind(target) : value;
}

import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';

/** Typed statements on a pool. */
export type Db = PostgresJsDatabase;

/** The same inside one transaction. */
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0];

export type Database = {
  readonly url: string;
  readonly db: Db;
  /** The pool itself, for LISTEN and for what drizzle has no words for. */
  readonly sql: postgres.Sql;
  close(): Promise<void>;
};

/** Opens a pool of at most `maxConnections`; nothing is dialled before the first statement. */
export function openDatabase(url: string, maxConnections = 10): Database {
  const sql = postgres(url, {
    max: maxConnections,
    connect_timeout: 5,
    connection: { application_name: 'jilo' },
    onnotice: () => undefined,
  });
  return { url, sql, db: drizzle(sql), close: () => sql.end({ timeout: 5 }) };
}

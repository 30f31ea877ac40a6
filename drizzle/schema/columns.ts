import { bigint, jsonb, timestamp } from 'drizzle-orm/pg-core';

/** A point in time; the application's clock fills it, never the database's. */
export const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** A whole number that may pass 2^31: views, bytes. */
export const count = (name: string) => bigint(name, { mode: 'number' });

/** A document; whoever reads it parses it. */
export const json = <T>(name: string) => jsonb(name).$type<T>();

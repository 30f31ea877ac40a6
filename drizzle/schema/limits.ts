import { integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

/** How often something was done lately; rate-limiter-flexible writes it, by the wall clock. */
export const rateLimits = pgTable('rate_limits', {
  key: text('key').primaryKey(),
  points: integer('points').notNull(),
  expire: timestamp('expire', { withTimezone: true, mode: 'date' }),
});

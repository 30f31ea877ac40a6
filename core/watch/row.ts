import { z } from 'zod';

import { watches } from '../../drizzle/schema/trends.ts';
import { platforms, type Platform } from '../ports/trend-source.ts';

export type WatchRow = typeof watches.$inferSelect;

const stored = z.array(z.enum(platforms)).min(1);

export const platformsOf = ({ platforms: names }: Pick<WatchRow, 'platforms'>): Platform[] =>
  stored.parse(names);

/** Equal for keywords that find the same, however they are written. */
export const sameKeyword = (keyword: string): string =>
  keyword.normalize('NFKC').toLowerCase().trim().replace(/\s+/gu, ' ');

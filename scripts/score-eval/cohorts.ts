import { readFileSync } from 'node:fs';

import { z } from 'zod';

const count = z.number().nonnegative();
const moment = z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'is no date');

const itemSchema = z.object({
  views: count,
  likes: count.nullable().default(null),
  comments: count.nullable().default(null),
  shares: count.nullable().default(null),
  publishedAt: moment.nullable().default(null),
  capturedAt: moment,
  previous: z.object({ views: count, capturedAt: moment }).nullable().default(null),
  /** The views at the horizon; null when the video had left the chart. */
  outcome: z.object({ views: count.nullable() }),
});

const cohortSchema = z.object({
  source: z.string().min(1),
  /** Whether a video that left the chart counts as the one that grew least; otherwise it is not judged. */
  dropoutsRankLast: z.boolean().default(false),
  items: z.array(itemSchema).min(1),
});

/** Videos seen together on one day, and what became of them. */
export type Cohort = z.infer<typeof cohortSchema>;
export type CohortItem = z.infer<typeof itemSchema>;

/** A file of cohorts that cannot be read; the message names the file, and the line where one is at fault. */
export class BadCohortFile extends Error {}

/**
 * Reads a file of one cohort per line.
 * @throws BadCohortFile when the file is missing or empty or a line is not a cohort.
 */
export function readCohorts(path: string): Cohort[] {
  const cohorts = readText(path)
    .split('\n')
    .flatMap((line, index) =>
      line.trim() === '' ? [] : [readCohort(line, `${path}:${index + 1}`)],
    );
  if (cohorts.length === 0) throw new BadCohortFile(`${path}: holds no cohort`);
  return cohorts;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    const reason = code === 'ENOENT' ? 'there is no such file' : `cannot be read (${code})`;
    throw new BadCohortFile(`${path}: ${reason}`, { cause });
  }
}

function readCohort(line: string, place: string): Cohort {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new BadCohortFile(`${place}: is not JSON`, { cause });
  }
  const cohort = cohortSchema.safeParse(value);
  if (cohort.success) return cohort.data;
  const [issue] = cohort.error.issues;
  const field = issue?.path.join('.') || 'the line';
  throw new BadCohortFile(`${place}: ${field}: ${issue?.message ?? 'is not a cohort'}`);
}

import type { z } from 'zod';
import type { EmulatorAnswer } from '../http.ts';
import { apiError } from './answers.ts';

/** The parts that are asked for: `part=a&part=b` and `part=a,b` are the same. */
export const partsOf = (query: URLSearchParams): string[] => listOf(query, 'part');

/** A parameter that may be repeated and may hold several values with commas. */
export const listOf = (query: URLSearchParams, name: string): string[] =>
  query
    .getAll(name)
    .flatMap((value) => value.split(','))
    .filter((value) => value !== '');

export const missingParameter = (name: string): EmulatorAnswer =>
  apiError({
    status: 400,
    reason: 'required',
    message: `Required parameter: ${name}`,
    location: name,
  });

export const missingFilter = (known: string): EmulatorAnswer =>
  apiError({
    status: 400,
    reason: 'missingRequiredParameter',
    domain: 'youtube.parameter',
    message: `No filter selected. Expected one of: ${known}`,
    location: 'parameters.',
  });

/** Keeps kind, etag, id and the asked parts. */
export const pick = (resource: object, parts: readonly string[]): object =>
  Object.fromEntries(
    Object.entries(resource).filter(([key]) => ['kind', 'etag', 'id', ...parts].includes(key)),
  );

/** The body of a request that writes, or the refusal: no JSON of this shape, no part, or a part that is not named. */
export function readResource<T extends object>(
  raw: Buffer,
  query: URLSearchParams,
  schema: z.ZodType<T>,
): { resource: T; parts: string[] } | { refusal: EmulatorAnswer } {
  const resource = parse(raw, schema);
  if (resource === null) {
    return { refusal: apiError({ status: 400, reason: 'parseError', message: 'Parse Error' }) };
  }
  const parts = partsOf(query);
  const unexpected = Object.entries(resource).find(
    ([part, value]) => writable.includes(part) && value !== undefined && !parts.includes(part),
  )?.[0];
  if (unexpected !== undefined) {
    const problem = { status: 400, reason: 'unexpectedPart', message: unexpected };
    return { refusal: apiError({ ...problem, location: 'part' }) };
  }
  return parts.length === 0 ? { refusal: missingParameter('part') } : { resource, parts };
}

const writable = ['snippet', 'status'];

function parse<T>(raw: Buffer, schema: z.ZodType<T>): T | null {
  try {
    return schema.parse(JSON.parse(raw.toString('utf8') || '{}'));
  } catch {
    return null;
  }
}

import { z } from 'zod';

import { Fault } from '../fault.ts';
import { secondsUntilPacificMidnight } from '../pacific-day.ts';

export type GeminiSettings = {
  readonly key: string;
  /** Live: https://generativelanguage.googleapis.com; `/v1beta` is appended. */
  readonly url: string;
  readonly model: string;
};

/** The base of the API that the SDK is given. */
export const apiBase = (url: string): string => `${url.replace(/\/+$/u, '')}/v1beta`;

export const provider = { provider: 'Gemini' } as const;
/** When a daily quota is used up and the time is not known. */
const anHour = 3600;

const problemSchema = z.object({
  error: z.object({
    status: z.string().optional(),
    details: z
      .array(
        z.looseObject({
          retryDelay: z.string().optional(),
          reason: z.string().optional(),
          violations: z.array(z.looseObject({ quotaId: z.string().optional() })).optional(),
        }),
      )
      .optional(),
  }),
});
type Details = NonNullable<z.infer<typeof problemSchema>['error']['details']>;

type FailedCall = {
  readonly statusCode?: number | undefined;
  readonly responseBody?: string | undefined;
  readonly responseHeaders?: Record<string, string> | undefined;
};

/** The Fault for a failed call; Gemini's own words stay out of it. */
export function toFault(error: FailedCall, now: (() => Date) | undefined): Fault {
  const { statusCode: status, responseBody = '', responseHeaders = {} } = error;
  const details = readDetails(responseBody);
  const cause = new Error(`Gemini answered ${status ?? 'nothing'}`);
  if (details.some(({ reason }) => reason === 'API_KEY_INVALID') || status === 401) {
    return new Fault('provider_locked', provider, { cause });
  }
  if (status === 403) return new Fault('provider_locked', provider, { cause });
  const isBusy = status === undefined || status === 408 || status === 429 || status >= 500;
  if (!isBusy) return new Fault('provider_failed', provider, { cause });
  const seconds = readWait(details, responseHeaders['retry-after'], now);
  const wait = seconds === undefined ? {} : { retryAfterSeconds: seconds };
  return new Fault('provider_busy', provider, { cause, ...wait });
}

function readDetails(body: string): Details {
  try {
    return problemSchema.parse(JSON.parse(body)).error.details ?? [];
  } catch {
    return [];
  }
}

/** A used-up day ends at midnight Pacific whatever RetryInfo says; else RetryInfo, else the header. */
function readWait(
  details: Details,
  header: string | undefined,
  now: (() => Date) | undefined,
): number | undefined {
  const quotas = details.flatMap(({ violations = [] }) => violations);
  if (quotas.some(({ quotaId = '' }) => quotaId.includes('PerDay'))) {
    return now ? secondsUntilPacificMidnight(now()) : anHour;
  }
  const delay = details.find(({ retryDelay }) => retryDelay !== undefined)?.retryDelay;
  const seconds = /^(?<seconds>\d+(?:\.\d+)?)s$/u.exec(delay ?? '')?.groups?.['seconds'];
  if (seconds !== undefined) return Math.ceil(Number(seconds));
  return header !== undefined && /^\d{1,9}$/u.test(header) ? Number(header) : undefined;
}

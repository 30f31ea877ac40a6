import { z } from 'zod';

import type { Services } from '../../core/context.ts';
import type { VideoModels, VideoProvider } from '../../core/ports/video-models.ts';
import type { FalEmulator } from '../../sandbox/fal/fal.ts';
import type { RunwayEmulator } from '../../sandbox/runway/runway.ts';

/** One request that a provider took, and so has to be paid for. Times are milliseconds since 1970. */
export type RequestFact = {
  readonly provider: VideoProvider;
  readonly requestId: string;
  /** Empty for a request that names none. */
  readonly attemptId: string;
  readonly submittedAt: number;
  readonly completedAt: number | null;
  /** When a stop was asked for while it was not over. */
  readonly cancelAskedAt: number | null;
  /** Whether it ended because we asked for that. */
  readonly isStopped: boolean;
};

/** Ids of attempts end in their count within the run. */
const countDigits = 7;

const markOf = (attemptId: string): number => Number(attemptId.slice(-countDigits));

/**
 * Runway is not told our attempt's id: a seed, which the product leaves out, says to its emulator whose
 * request it has.
 */
export function withMarkedTasks(services: Services): Services {
  const { videoModels } = services.ports;
  if (!videoModels) return services;
  const submit: VideoModels['submit'] = (request, signal) => {
    const { provider, input, webhookUrl } = request;
    const seed = markOf(attemptOf(webhookUrl));
    const marked = { ...request, input: { ...input, seed } };
    return videoModels.submit(provider === 'runway' ? marked : request, signal);
  };
  return { ...services, ports: { ...services.ports, videoModels: { ...videoModels, submit } } };
}

/** Our attempt's id from the address that the provider was given. */
export const attemptOf = (webhookUrl: string | null): string =>
  webhookUrl === null ? '' : (new URL(webhookUrl).searchParams.get('attempt') ?? '');

const marked = z.looseObject({ seed: z.int() });

/** Our attempt's id from the body that Runway was given; `nameOf` makes the id of a count. */
export function attemptOfTask(body: unknown, nameOf: (count: number) => string): string {
  const { data } = marked.safeParse(body);
  return data ? nameOf(data.seed) : '';
}

/** What every provider has taken, in the order of each. */
export function listRequests(
  { fal, runway }: { readonly fal: FalEmulator; readonly runway: RunwayEmulator },
  nameOf: (count: number) => string,
): RequestFact[] {
  const jobs = fal.jobs().map((job): RequestFact => {
    const { requestId, submittedAt, completedAt, cancelAskedAt, outcome } = job;
    const times = { submittedAt, completedAt, cancelAskedAt };
    const isStopped = outcome?.kind === 'error' && outcome.status === 499 && cancelAskedAt !== null;
    const attemptId = attemptOf(job.webhookUrl);
    return { provider: 'fal', requestId, attemptId, ...times, isStopped };
  });
  const tasks = runway.records().map((task): RequestFact => {
    const { taskId, takenAt, endedAt, stopAskedAt, isStopped } = task;
    const times = { submittedAt: takenAt, completedAt: endedAt, cancelAskedAt: stopAskedAt };
    const attemptId = attemptOfTask(task.body, nameOf);
    return { provider: 'runway', requestId: taskId, attemptId, ...times, isStopped };
  });
  return [...jobs, ...tasks];
}

import { z } from 'zod';

import type { ShotOutcome } from '../ports/video-models.ts';

/** A task as `GET /v1/tasks/{id}` tells of it, read loosely. */
const taskReply = z.object({
  status: z.string(),
  output: z.array(z.string()).optional().catch(undefined),
  failure: z.string().nullish().catch(null),
  failureCode: z.string().nullish().catch(null),
});

const refusalBody = z.object({
  error: z.string().catch(''),
  failureCode: z.string().nullish().catch(null),
});

/** `SAFETY.INPUT.TEXT`, `SAFETY.OUTPUT.VIDEO`, `INPUT_PREPROCESSING.SAFETY.TEXT` and their like. */
const safety = /(?:^|\.)SAFETY(?:\.|$)/;
/** Failures that docs.dev.runwayml.com/errors/task-failures calls worth another try. */
const passing = /^(?:INTERNAL(?:\.|$)|INPUT_PREPROCESSING\.INTERNAL$|THIRD_PARTY\.UNAVAILABLE$)/;

/** Says how a task ended; null while it is queued, throttled or running. */
export function readTask(reply: unknown): ShotOutcome | null {
  const task = taskReply.parse(reply);
  if (task.status === 'CANCELLED') return { kind: 'cancelled' };
  if (task.status === 'FAILED') return readFailure(task.failureCode ?? null, task.failure ?? '');
  if (task.status !== 'SUCCEEDED') return null;
  const url = task.output?.[0];
  return url
    ? { kind: 'delivered', url }
    : { kind: 'failed', retryable: false, detail: 'the task holds no output' };
}

/** Whether a task is over: asking for its end would delete what it made. */
export const isOver = (reply: unknown): boolean =>
  ['SUCCEEDED', 'FAILED', 'CANCELLED'].includes(taskReply.parse(reply).status);

function readFailure(code: string | null, failure: string): ShotOutcome {
  if (code !== null && safety.test(code)) return { kind: 'refused' };
  const retryable = code === null || passing.test(code);
  return { kind: 'failed', retryable, detail: `${code ?? 'no code'}: ${failure}`.slice(0, 500) };
}

/** Whether a refused request says that the account is out of credits; it is a 400 like any other. */
export function lacksCredits(body: unknown): boolean {
  return /enough credits/i.test(refusalBody.safeParse(body).data?.error ?? '');
}

/** Whether a refused request is content moderation speaking. */
export function isModeration(body: unknown): boolean {
  const { data } = refusalBody.safeParse(body);
  return safety.test(data?.failureCode ?? '') || /moderat|safety/i.test(data?.error ?? '');
}

import {
  publicationFailed,
  publicationIs,
  videoFailed,
  videoReady,
} from '../../core/conversation/events.ts';
import type { ProgressEnd } from './progress-message.ts';

/** What the agent is told of an end that a talk waits for. */
export function eventOfEnd({ kind, status, subjectId, why }: ProgressEnd): string {
  const reason = why ?? status;
  if (kind === 'video')
    return status === 'ready' ? videoReady(subjectId) : videoFailed(subjectId, reason);
  return status === 'live' || status === 'scheduled'
    ? publicationIs(subjectId, status)
    : publicationFailed(subjectId, reason);
}

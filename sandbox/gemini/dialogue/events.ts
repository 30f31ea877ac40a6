import { z } from 'zod';
import { objectOf } from './results.ts';

/** What the system tells between two turns of a person. */
export type SystemEvent =
  | Decision
  | {
      readonly kind: 'video';
      readonly video: string;
      readonly status: string;
      readonly why: string;
    }
  | {
      readonly kind: 'publication';
      readonly publication: string;
      readonly status: string;
      readonly why: string;
    }
  | { readonly kind: 'channel'; readonly channel: string }
  | { readonly kind: 'other'; readonly text: string };

/** What became of a card. */
export type Decision = {
  readonly kind: 'approved' | 'declined' | 'expired' | 'failed';
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly why: string;
};

const decisions = z.enum(['approved', 'declined', 'expired', 'failed']);
const decided =
  /^(?<kind>approved|declined|expired|failed)(?<more>[^:]*):\s*(?<name>[\w.-]+)\s*(?<rest>.*)$/iu;
const changed =
  /^(?<what>video|publication)\s+(?<id>[\w-]+)\s+(?:is\s+|was\s+|has\s+)?(?<status>\w+)(?::\s*(?<why>.*))?/iu;
const connected = /channel connected:?\s*(?<id>[\w-]+)?/iu;

/** Reads what stands behind `[event]`. */
export function readEvent(told: string): SystemEvent {
  const decision = decided.exec(told)?.groups;
  if (decision) return readDecision(decision);
  const change = changed.exec(told)?.groups;
  if (change) return readChange(change);
  const channel = connected.exec(told);
  return channel
    ? { kind: 'channel', channel: channel.groups?.['id'] ?? '' }
    : { kind: 'other', text: told };
}

type Groups = Record<string, string>;

/** `approved and done: video_generate {…}`, `approved but failed: …`, `declined: publication_create`. */
function readDecision({ kind = '', more = '', name = '', rest = '' }: Groups): SystemEvent {
  const hasFailed = /but failed/iu.test(more);
  const data = objectOf(/\{.*\}/u.exec(rest)?.[0] ?? '');
  const why = z.string().catch('').parse(data['why']);
  return {
    kind: hasFailed ? 'failed' : decisions.parse(kind.toLowerCase()),
    name,
    data,
    why: why === '' ? rest.replace(/\{.*\}/u, '').trim() : why,
  };
}

/** `video vid_… is ready`, `video vid_… failed: …`, `publication pub_… is live`. */
function readChange({ what = '', id = '', status = '', why = '' }: Groups): SystemEvent {
  const news = { status: status.toLowerCase(), why: why.trim() };
  return what.toLowerCase() === 'video'
    ? { kind: 'video', video: id, ...news }
    : { kind: 'publication', publication: id, ...news };
}

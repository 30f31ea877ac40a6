import {
  inputRequired,
  type ClientCapabilities,
  type InputRequest,
  type InputRequiredResult,
} from '@modelcontextprotocol/server';
import { z } from 'zod';

import { choiceSchema, readChoices } from '../../core/consent/choices.ts';
import { decideApproval, type PendingApproval } from '../../core/consent/decide.ts';
import { approvalLink } from '../../core/consent/link.ts';
import { waitForDecision } from '../../core/consent/wait.ts';
import type { Context } from '../../core/context.ts';
import { canonicalJson, sha256Hex } from '../../core/crypto.ts';
import { Fault } from '../../core/fault.ts';
import { catalogue, type Locale } from '../../core/messages/catalogue.ts';
import type { AnyOperation } from '../../core/operation.ts';
import type { Call } from '../service.ts';

/** The exact call that an approval was asked for. */
export type AskedCall = {
  readonly operation: AnyOperation;
  readonly raw: unknown;
  readonly context: Context;
};

/** How long a call waits for a person who decides on a page; afterwards it is sent again. */
const pageWaitMs = 40_000;

/** How the client can ask its person: in a form of its own, by opening our page, or not at all. */
export function wayToAsk({ elicitation }: ClientCapabilities): 'form' | 'url' | null {
  if (!elicitation) return null;
  // A client that names no kind means forms: there was no other kind when it was written.
  if (elicitation.form || !elicitation.url) return 'form';
  return 'url';
}

/** The question to the client's person, or null when the client cannot put it. */
export function questionFor(
  approval: PendingApproval,
  asked: AskedCall,
  client: ClientCapabilities,
): InputRequiredResult | null {
  const request = requestFor(approval, asked, client);
  return (
    request &&
    inputRequired({ inputRequests: { decision: request }, requestState: seal(approval.id, asked) })
  );
}

function requestFor(
  approval: PendingApproval,
  { operation, context }: AskedCall,
  client: ClientCapabilities,
): InputRequest | null {
  const way = wayToAsk(client);
  const message = messageOf(approval, context.locale);
  if (way === 'form') {
    // Forms of the protocol have no word for a closed schema; the answer is checked by ours.
    const requestedSchema = z.object(choiceSchema(operation).shape);
    return inputRequired.elicit({ message, requestedSchema });
  }
  const url = way && approvalLink(context, approval.id);
  return url ? inputRequired.elicitUrl({ message, url }) : null;
}

/** What the client brings back with the answer: it is good for this very call alone. */
const seal = (approvalId: string, asked: AskedCall): string =>
  `${approvalId}.${asked.context.crypto.sign(...claimOf(approvalId, asked))}`;

const claimOf = (
  approvalId: string,
  { operation, raw, context }: AskedCall,
): [string, ...string[]] => [
  'mcp-approval',
  approvalId,
  context.actor.accountId,
  operation.name,
  sha256Hex(canonicalJson(raw)),
];

/** @throws Fault `approval_not_valid` for a state that was not sealed for this call. */
export function unseal(state: string, asked: AskedCall): string {
  const [approvalId = '', signature = ''] = state.split('.', 2);
  if (!asked.context.crypto.verify(signature, ...claimOf(approvalId, asked)))
    throw new Fault('approval_not_valid', {});
  return approvalId;
}

const answerSchema = z.object({
  action: z.enum(['accept', 'decline', 'cancel']),
  content: z.record(z.string(), z.unknown()).optional(),
});

/**
 * Records what the person answered: accepting a form approves, declining and closing the question
 * both decline. `undecided`: nobody was asked, or the page is still open.
 * @throws Fault `invalid_input` for a choice that the operation would not take, and
 * `approval_not_valid` when the question was settled elsewhere meanwhile.
 */
export async function settle(
  approval: PendingApproval,
  { operation, context }: AskedCall,
  call: Call,
): Promise<'approved' | 'declined' | 'undecided'> {
  const answer = answerSchema.safeParse(call.answers?.['decision']);
  if (!answer.success) return 'undecided';
  const { action, content = {} } = answer.data;
  const { id } = approval;
  if (action === 'accept' && wayToAsk(call.client) === 'url') {
    const decision = await waitForDecision(context, id, {
      signal: call.signal,
      patienceMs: pageWaitMs,
    });
    return decision === 'pending' ? 'undecided' : decision;
  }
  const approved = action === 'accept';
  // The person decided on the page, or in Discord, and closed the form with the same answer.
  if (approved && approval.status === 'approved') return 'approved';
  if (!approved && approval.status === 'declined') return 'declined';
  const choices = approved ? readChoices(operation, content) : {};
  const by = context.actor.accountId;
  await decideApproval(context, { id, approved, by, surface: 'mcp', choices });
  return approved ? 'approved' : 'declined';
}

function messageOf({ preview }: PendingApproval, locale: Locale): string {
  const { words } = catalogue(locale);
  const lines = [...preview.lines, [words.quota, String(preview.cost)] as const];
  return [
    oneLine(preview.title),
    '',
    ...new Set(lines.map(([label, value]) => `${label}: ${oneLine(value)}`)),
  ].join('\n');
}

/** A value that a model wrote must not look like another line, or hide in what cannot be seen. */
const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();

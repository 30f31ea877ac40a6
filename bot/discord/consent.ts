import { listStarted, readCard, rememberCard } from '../../core/consent/card.ts';
import {
  decideApproval,
  findApproval,
  withdrawApproval,
  type PendingApproval,
} from '../../core/consent/decide.ts';
import { isModelSurface, type Context } from '../../core/context.ts';
import { announce, decisionEvent } from '../../core/conversation/events.ts';
import { Fault, isFault } from '../../core/fault.ts';
import { perform, type AnyOperation, type Outcome } from '../../core/operation.ts';
import type { Action, Exchange } from './exchange.ts';
import { defineAction } from './exchange.ts';
import { presenterOf } from './cards/cards.ts';
import { askerOf, presentConsent, presentSettled, settledOf } from './cards/consent.ts';
import { readChosen } from './consent-choices.ts';
import type { Parts } from './parts.ts';

/**
 * Puts an approval before the person who asked. What comes of it is told in the same channel, or to
 * the person directly where only they may see it or the bot cannot write; an agent's talk where one is
 * named.
 */
export async function askPerson(
  parts: Parts,
  exchange: Exchange,
  operation: AnyOperation,
  approvalId: string,
  conversationId: string | null = null,
): Promise<void> {
  const { context, userId, place, draw } = exchange;
  const { accountId } = context.actor;
  const approval = await findApproval(context, approvalId, accountId);
  const { serverId, uploadLimit } = place;
  const isDirect = serverId !== null && (exchange.visibility === 'person' || !place.isReachable);
  const channelId = isDirect ? await parts.messenger.openDirect(userId) : place.channelId;
  const card = { approvalId, accountId, userId, channelId, serverId, uploadLimit };
  await rememberCard(context, { ...card, conversationId });
  const view = presentConsent({ approval, operation, askedBy: 'person', choices: [] }, draw);
  await exchange.answer(view, 'person');
}

/** Confirm and Cancel on the card of an approval. */
export const consentActions = (parts: Parts): readonly Action[] => [
  defineAction('consent-yes', (exchange, [id = '']) => confirm(parts, exchange, id)),
  defineAction('consent-no', (exchange, [id = '']) => decline(exchange, id)),
];

/**
 * Decides and does: each happens at most once whoever presses how often, and a press after a restart
 * goes on where the one before it died.
 */
async function confirm(parts: Parts, exchange: Exchange, approvalId: string): Promise<void> {
  await exchange.deferUpdate();
  const { context, draw } = exchange;
  const approval = await findOpen(exchange, approvalId);
  if (!approval) return;
  const operation = parts.operations.find(({ name }) => name === approval.operation);
  if (!operation) throw new Fault('button_outdated', {});
  if (approval.status === 'pending' && !(await decide(context, approval, true))) {
    // Another press was faster: what it decided counts.
    await findOpen(exchange, approvalId);
    return;
  }
  if (askerOf(approval.surface) === 'program') {
    await exchange.update(presentSettled('allowed', approval.preview.title, draw));
    return;
  }
  const outcome = await attempt(operation, approval, context);
  if (!outcome.ok && isFault(outcome.fault, 'approval_not_valid')) {
    await settleUnfit(parts, exchange, approvalId, { operation, fault: outcome.fault });
    return;
  }
  if (!outcome.ok && isFault(outcome.fault, 'payer_changed')) {
    await exchange.update(presentSettled('expired', approval.preview.title, draw));
    await askAnew(parts, exchange, operation, approval);
    return;
  }
  const isStarted = outcome.ok || outcome.fault.charged;
  const settled = isStarted ? 'approved' : 'declined';
  await exchange.update(presentSettled(settled, approval.preview.title, draw));
  if (outcome.ok) await showResult(parts, exchange, { approval, operation, value: outcome.value });
  else await exchange.fail(outcome.fault, outcome.reference);
  await tellAgent(exchange, approval, decisionEvent(operation, outcome, context.locale));
}

/** Another press has used it, or what was approved is not what it would be now: then it is asked anew. */
async function settleUnfit(
  parts: Parts,
  exchange: Exchange,
  approvalId: string,
  { operation, fault }: { readonly operation: AnyOperation; readonly fault: Fault },
): Promise<void> {
  const approval = await findOpen(exchange, approvalId);
  if (!approval) return;
  const { context, draw } = exchange;
  await exchange.update(presentSettled('expired', approval.preview.title, draw));
  const by = context.actor.accountId;
  const isAsked =
    operation.effect === 'spend' && (await withdrawApproval(context, { id: approvalId, by }));
  if (isAsked) await askAnew(parts, exchange, operation, approval);
  else await exchange.fail(fault);
}

/** The same question as it is now, such as with another payer; whoever waits for the decision still does. */
async function askAnew(
  parts: Parts,
  exchange: Exchange,
  operation: AnyOperation,
  approval: PendingApproval,
): Promise<void> {
  const { context } = exchange;
  const outcome = await perform(operation, approval.input, context);
  if (outcome.ok) {
    // Another approval for the same as it is now was open.
    await showResult(parts, exchange, { approval, operation, value: outcome.value });
    return;
  }
  if (!isFault(outcome.fault, 'approval_required')) {
    await exchange.fail(outcome.fault, outcome.reference);
    return;
  }
  const card = await readCard(context, approval.id);
  await askPerson(parts, exchange, operation, outcome.fault.params.id, card?.conversationId);
}

async function decline(exchange: Exchange, approvalId: string): Promise<void> {
  await exchange.deferUpdate();
  const { context, draw } = exchange;
  const approval = await findOpen(exchange, approvalId);
  if (!approval) return;
  const by = context.actor.accountId;
  const isDeclined =
    approval.status === 'approved'
      ? await withdrawApproval(context, { id: approvalId, by })
      : await decide(context, approval, false);
  if (!isDeclined) {
    // Another press was faster.
    const found = await findOpen(exchange, approvalId);
    if (found) await exchange.update(presentSettled('used', found.preview.title, draw));
    return;
  }
  await exchange.update(presentSettled('declined', approval.preview.title, draw));
  await tellAgent(
    exchange,
    approval,
    decisionEvent({ name: approval.operation }, null, context.locale),
  );
}

/** An approval that something can still come of; for any other one the card is settled. */
async function findOpen(exchange: Exchange, id: string): Promise<PendingApproval | null> {
  const { context, draw } = exchange;
  try {
    const approval = await findApproval(context, id, context.actor.accountId);
    const { status, surface, preview } = approval;
    // What a program may do now is not done, and not taken back, here.
    const isDone = status === 'approved' && askerOf(surface) === 'program';
    if (status === 'pending' || (status === 'approved' && !isDone)) return approval;
    await exchange.update(presentSettled(settledOf(approval), preview.title, draw));
  } catch (error) {
    if (!isFault(error, 'approval_not_valid')) throw error;
    await exchange.update(presentSettled('expired', null, draw));
  }
  return null;
}

/** False when it was decided meanwhile. */
async function decide(
  context: Context,
  { id, surface }: PendingApproval,
  approved: boolean,
): Promise<boolean> {
  const by = context.actor.accountId;
  // A person who asked has filled everything in before; what a model asks for is completed here.
  const choices = approved && isModelSurface(surface) ? await readChosen(context, id) : {};
  try {
    await decideApproval(context, { id, approved, by, surface: 'discord', choices });
    return true;
  } catch (error) {
    if (isFault(error, 'approval_not_valid')) return false;
    throw error;
  }
}

/** Exactly what was asked for, by whom it was asked for. */
function attempt(
  operation: AnyOperation,
  approval: PendingApproval,
  context: Context,
): Promise<Outcome> {
  const isModel = approval.surface === 'agent';
  const hidden = new Set<string>(isModel ? operation.decidedByPerson : []);
  const input = Object.fromEntries(
    Object.entries(approval.input).filter(([field]) => !hidden.has(field)),
  );
  const surface = isModel ? 'agent' : 'discord';
  const asking = { ...context, actor: { ...context.actor, surface } } as const;
  return perform(operation, input, asking, { approvalId: approval.id });
}

/** What takes its time is followed in messages of its own, one per take; everything else is told at once. */
async function showResult(
  parts: Parts,
  exchange: Exchange,
  done: {
    readonly approval: PendingApproval;
    readonly operation: AnyOperation;
    readonly value: Record<string, unknown>;
  },
): Promise<void> {
  const { context, draw } = exchange;
  const { approval, operation, value } = done;
  const started = await listStarted(context, context.actor.accountId, approval.id);
  const card = await readCard(context, approval.id);
  if (started.length === 0 || !card) {
    await exchange.answer(presenterOf(operation.name)(value, draw, approval.input), 'person');
    return;
  }
  // One after the other, so that the messages of several takes stand in their order.
  for (const { id } of started) await parts.follow({ ...card, subjectId: id });
}

/** An agent that asked goes on with what was decided. */
async function tellAgent(
  { context }: Exchange,
  approval: PendingApproval,
  text: string,
): Promise<void> {
  const card = await readCard(context, approval.id);
  if (!card?.conversationId) return;
  const { conversationId } = card;
  await announce(context, { conversationId, key: `approval:${approval.id}`, text });
}

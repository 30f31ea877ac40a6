import type {
  CallToolRequestParams,
  CallToolResult,
  InputRequiredResult,
} from '@modelcontextprotocol/server';

import { drawPictures } from '../../core/answer-pictures.ts';
import { findApproval, type PendingApproval } from '../../core/consent/decide.ts';
import type { Context } from '../../core/context.ts';
import { Fault, isFault } from '../../core/fault.ts';
import { toFault } from '../../core/fault-of.ts';
import { isTool, perform, type AnyOperation, type Outcome } from '../../core/operation.ts';
import { markOutside } from '../resources/outside.ts';
import type { Call } from '../service.ts';
import { approvalLink } from '../../core/consent/link.ts';
import { answerFault, answerWith } from './answers.ts';
import { questionFor, settle, unseal, wayToAsk, type AskedCall } from './consent.ts';
import { findLookup, lookupNames } from './lookups.ts';
import { NotOpened, type Product } from './product.ts';

/** Calls a tool; whatever goes wrong becomes an answer that a model can act on. */
export async function callTool(
  open: () => Promise<Product>,
  params: CallToolRequestParams,
  call: Call,
): Promise<CallToolResult | InputRequiredResult> {
  try {
    const product = await open();
    return await callWithin(product, await contextOf(product, call), params, call);
  } catch (error) {
    if (!(error instanceof NotOpened)) throw error;
    return { isError: true, content: [{ type: 'text', text: error.message }] };
  }
}

async function callWithin(
  product: Product,
  context: Context,
  { name, arguments: raw = {} }: CallToolRequestParams,
  call: Call,
): Promise<CallToolResult | InputRequiredResult> {
  try {
    const lookup = findLookup(name);
    if (lookup) return await lookup(raw, context, product.operations);
    const operation = operationNamed(name, product.operations);
    const asked = { operation, raw, context };
    return call.state === null ? await firstCall(asked, call) : await answeredCall(asked, call);
  } catch (error) {
    return answerFault(toFault(error, context, 'mcp tools/call').fault, context.locale);
  }
}

async function contextOf(product: Product, { signal, onProgress }: Call): Promise<Context> {
  const context = await product.contextFor(signal);
  if (!onProgress) return context;
  return {
    ...context,
    onProgress: ({ done, total, message }) => onProgress({ progress: done, total, message }),
  };
}

/** @throws Fault `unknown_operation` naming what there is. */
function operationNamed(name: string, operations: readonly AnyOperation[]): AnyOperation {
  const tools = operations.filter(isTool);
  const operation = tools.find((candidate) => candidate.name === name);
  if (operation) return operation;
  const known = [...tools.map((candidate) => candidate.name), ...lookupNames].join(', ');
  throw new Fault('unknown_operation', { name: name.slice(0, 100), known });
}

async function firstCall(
  asked: AskedCall,
  call: Call,
): Promise<CallToolResult | InputRequiredResult> {
  const { operation, raw, context } = asked;
  const asksItself = wayToAsk(call.client) !== null;
  const outcome = await perform(operation, raw, context, { asksItself });
  if (outcome.ok || !isFault(outcome.fault, 'approval_required')) return answerOf(outcome, asked);
  const approval = await findApproval(context, outcome.fault.params.id, context.actor.accountId);
  const question = questionFor(approval, asked, call.client);
  return question ?? answerFault(outcome.fault, context.locale, approval);
}

/** The same call once more, with what the person answered. */
async function answeredCall(asked: AskedCall, call: Call): Promise<CallToolResult> {
  const { operation, raw, context } = asked;
  const approval = await findApproval(
    context,
    unseal(call.state ?? '', asked),
    context.actor.accountId,
  );
  const decision = await settle(approval, asked, call);
  if (decision === 'undecided')
    return answerFault(stillAsked(approval, context), context.locale, approval);
  if (decision === 'declined') throw new Fault('approval_refused', {});
  const outcome = await perform(operation, raw, context, { approvalId: approval.id });
  return answerOf(outcome, asked);
}

async function answerOf(
  outcome: Outcome,
  { operation, context }: AskedCall,
): Promise<CallToolResult> {
  if (!outcome.ok) return answerFault(outcome.fault, context.locale);
  const pictures = await drawPictures(operation, outcome.value, context);
  const { value, notice } = markOutside(operation.name, outcome.value);
  // What is said quotes the best of what was found, so it is said of the marked answer.
  const said = notice === null ? outcome.text : operation.say(value, context.locale);
  return answerWith(value, notice === null ? [said] : [notice, said], pictures);
}

const stillAsked = ({ id, preview: { title } }: PendingApproval, context: Context): Fault =>
  new Fault('approval_required', { title, id, link: approvalLink(context, id) });

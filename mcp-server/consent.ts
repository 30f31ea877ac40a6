import {
  type ClientCapabilities,
  ElicitRequestFormParamsSchema,
  type ElicitRequestFormParams,
  type ElicitResult,
  ElicitResultSchema,
  type ServerNotification,
  type ServerRequest,
} from '@modelcontextprotocol/sdk/types.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import { z } from 'zod';

import { choiceSchema, readChoices } from '../core/consent/choices.ts';
import { decideApproval, type PendingApproval } from '../core/consent/decide.ts';
import type { Context } from '../core/context.ts';
import { catalogue, type Locale } from '../core/messages/catalogue.ts';
import type { AnyOperation } from '../core/operation.ts';

export type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** What became of asking the person through the client; `unasked`: it could not ask. */
type Decision = 'approved' | 'declined' | 'unasked';

/** Whether the client can put a form before its person. */
export const canAsk = (capabilities: ClientCapabilities | undefined): boolean =>
  capabilities?.elicitation?.form !== undefined;

/**
 * Asks the person behind the client and records what they decide: accepting approves, declining and
 * closing the question both decline.
 * @throws Fault `invalid_input` for a choice that the operation would not take, and
 * `approval_not_valid` when the question was settled elsewhere meanwhile.
 */
export async function askPerson(
  operation: AnyOperation,
  approval: PendingApproval,
  context: Context,
  extra: Extra,
): Promise<Decision> {
  const params = questionOf(operation, approval, context.locale);
  const timeout = approval.expiresAt.getTime() - context.clock.now().getTime();
  const answer = await elicit(params, context, extra, timeout);
  if (!answer) return 'unasked';
  const approved = answer.action === 'accept';
  const choices = approved ? readChoices(operation, answer.content ?? {}) : {};
  const by = context.actor.accountId;
  await decideApproval(context, { id: approval.id, approved, by, surface: 'mcp', choices });
  return approved ? 'approved' : 'declined';
}

/** null when the client could not ask after all: the person still has the link. */
async function elicit(
  params: ElicitRequestFormParams,
  context: Context,
  extra: Extra,
  timeout: number,
): Promise<ElicitResult | null> {
  const request = { method: 'elicitation/create' as const, params };
  return extra
    .sendRequest(request, ElicitResultSchema, { signal: extra.signal, timeout })
    .catch((error: unknown) => {
      context.log.info({ err: error }, 'the client could not ask its person');
      return null;
    });
}

function questionOf(
  operation: AnyOperation,
  { preview }: PendingApproval,
  locale: Locale,
): ElicitRequestFormParams {
  const { words } = catalogue(locale);
  const { properties = {} } = z.toJSONSchema(choiceSchema(operation), { io: 'input' });
  const lines = [...preview.lines, [words.quota, String(preview.cost)] as const];
  const message = [
    oneLine(preview.title),
    '',
    ...new Set(lines.map(([label, value]) => `${label}: ${oneLine(value)}`)),
  ].join('\n');
  return ElicitRequestFormParamsSchema.parse({
    mode: 'form',
    message,
    requestedSchema: { type: 'object', properties },
  });
}

/** A value that a model wrote must not look like another line, or hide in what cannot be seen. */
const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();

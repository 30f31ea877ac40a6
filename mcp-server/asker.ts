import type {
  InputRequest,
  InputRequests,
  Server,
  ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';

import { systemIds } from '../core/ids.ts';
import type { Mailbox } from './mailbox.ts';

/** What the client's person answered to each question, by name; null where it could not be put. */
export type Answers = Readonly<Record<string, unknown>>;

/** Puts questions to the person of a client of 2025, within the call that they belong to. */
export type Asker = (questions: InputRequests, context: ServerContext) => Promise<Answers>;

type AskOne = (question: Question, context: ServerContext) => Promise<unknown>;

/** People need their time: an approval is open for a quarter of an hour. */
const patienceMs = 15 * 60 * 1000;

/** Over a connection that carries requests both ways. */
export const askDirectly: Asker = (questions, context) =>
  askAll(questions, context, (params, { mcpReq }) =>
    mcpReq
      .send(
        { method: 'elicitation/create', params: named(params, systemIds.next('elc')) },
        { timeout: patienceMs, signal: mcpReq.signal },
      )
      // A client that fails at asking has not asked: the call goes on without an answer.
      .catch(() => null),
  );

/**
 * Over HTTP: the question goes out within the answer of the client's own request, and what its person
 * says comes back as a request of its own, to whichever process. The mailbox brings it here.
 */
export const askByMail =
  (server: () => Server | null, mailbox: Mailbox): Asker =>
  (questions, context) =>
    askAll(questions, context, async (params, { mcpReq }) => {
      const { id, answer } = await mailbox.open(AbortSignal.any([mcpReq.signal, patience()]));
      const request = {
        jsonrpc: '2.0' as const,
        id,
        method: 'elicitation/create',
        params: named(params, id),
      };
      await server()?.transport?.send(request, { relatedRequestId: mcpReq.id });
      return answer;
    });

const patience = (): AbortSignal => AbortSignal.timeout(patienceMs);

async function askAll(
  questions: InputRequests,
  context: ServerContext,
  ask: AskOne,
): Promise<Answers> {
  const asked = Object.entries(questions).map(
    async ([name, question]) => [name, await ask(paramsOf(question), context)] as const,
  );
  return Object.fromEntries(await Promise.all(asked));
}

/** The words of a question to be put in a form or on a page. */
const questionSchema = z.discriminatedUnion('mode', [
  z.looseObject({ mode: z.literal('form') }),
  z.looseObject({ mode: z.literal('url') }),
]);
type Question = z.infer<typeof questionSchema>;

/** @throws Error for a question of another kind than elicitation, which this server never asks. */
function paramsOf({ method, params }: InputRequest): Question {
  if (method !== 'elicitation/create') throw new Error(`not an elicitation: ${method}`);
  return questionSchema.parse(params);
}

/** In 2025 a page has a name, in 2026 it has none. */
const named = (question: Question, elicitationId: string): Question =>
  question.mode === 'url' ? { ...question, elicitationId } : question;

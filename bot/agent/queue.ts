import type { Services } from '../../core/context.ts';
import { nextOpenTurn, type Turn } from '../../core/conversation/turns.ts';
import { answerTurn, type Answer } from './agent.ts';
import type { TurnInput } from './mouth.ts';

/** What a surface prepares for one turn: whom it is from, and where its answer goes. */
export type PreparedTurn = Omit<TurnInput, 'conversationId' | 'turnId'>;

/**
 * Answers the open turns of a conversation one after the other, those that come in meanwhile too.
 * Returns at once when somebody else is at it, who then looks again after this call's turn.
 */
export async function answerOpenTurns(
  services: Services,
  conversationId: string,
  prepare: (turn: Turn) => Promise<PreparedTurn>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (;;) {
    // Looked up after the lock was let go: a turn that came in before that finds its answer here.
    const turn = await nextOpenTurn(services, conversationId);
    if (!turn) return answers;
    const prepared = await prepare(turn);
    const answer = await answerTurn({ ...prepared, conversationId, turnId: turn.id });
    if (answer.kind === 'busy') return answers;
    if (answer.kind === 'answered') answers.push(answer);
  }
}

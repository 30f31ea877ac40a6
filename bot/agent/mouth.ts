import type { Context } from '../../core/context.ts';
import type { AnyOperation, Preview } from '../../core/operation.ts';

/** An approval as its card shows it. */
export type CardToDraw = {
  readonly id: string;
  readonly operation: AnyOperation;
  readonly input: Record<string, unknown>;
  readonly preview: Preview;
};

/** What a surface gives the agent for one turn. */
export type Mouth = {
  /** The whole answer so far, cleaned; called often, so the surface throttles. */
  say(textSoFar: string): void;
  /** Draws the consent card of this approval, bound to the person; resolves when it is drawn. */
  drawCard(approval: CardToDraw): Promise<void>;
  /** Shows a result as a card, such as a list of trends; answers whether the person has it before them. */
  show?(
    operation: AnyOperation,
    output: Record<string, unknown>,
    input: Record<string, unknown>,
  ): Promise<boolean>;
  /** What is being done, for a line of status. */
  working?(operation: AnyOperation): void;
};

/** What a turn is answered with. */
export type TurnInput = {
  readonly conversationId: string;
  /** A request of the person's account by the surface `agent`, with the server it is in. */
  readonly context: Context;
  /** Everything this installation can do; the agent takes what is for models. */
  readonly operations: readonly AnyOperation[];
  readonly mouth: Mouth;
  /** Answer this turn and no other; absent: the oldest open one. */
  readonly turnId?: number;
  /** How a person calls an operation here; by default `/trend search`. */
  readonly commandOf?: (name: string) => string;
  /** The model may be silent for so long; for tests. */
  readonly silenceMs?: number;
};

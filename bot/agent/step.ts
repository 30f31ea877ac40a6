import {
  streamText,
  type FinishReason,
  type LanguageModelUsage,
  type ModelMessage,
  type ToolSet,
} from 'ai';

import type { ChatModel } from '../../core/ports/chat-model.ts';
import type { Usage } from '../../core/conversation/usage.ts';
import { estimateTokens } from './language.ts';
import { callsIn, textIn, type Call } from './transcript.ts';

/** As much as the model may write in one step. */
const maxOutputTokens = 2000;

export type StepInput = {
  readonly model: ChatModel;
  readonly instructions: string;
  readonly messages: readonly ModelMessage[];
  readonly tools: ToolSet;
  /** Whether the model may call them. */
  readonly mayCall: boolean;
  readonly signal: AbortSignal;
  /** The model may be silent for so long. */
  readonly silenceMs: number;
  /** Receives the text of this step so far. */
  readonly onText: (text: string) => void;
};

export type Step = {
  readonly message: ModelMessage;
  readonly text: string;
  readonly calls: readonly Call[];
  /** Those of them whose arguments could not be read. */
  readonly unreadable: readonly Call[];
  readonly usage: Usage;
  readonly finishReason: FinishReason;
  /** Whether it called a tool where it may not: nothing of that is kept. */
  readonly hasOverstepped: boolean;
};

/** One call to the model. @throws what the SDK throws; `ChatModel.toFault` tells what it means. */
export async function takeStep(input: StepInput): Promise<Step> {
  const result = streamText({
    model: await input.model.open(),
    instructions: input.instructions,
    messages: [...input.messages],
    tools: input.tools,
    toolChoice: input.mayCall ? 'auto' : 'none',
    maxOutputTokens,
    maxRetries: 1,
    abortSignal: input.signal,
    timeout: { firstChunkMs: input.silenceMs, chunkMs: input.silenceMs },
    // Errors come as parts of the stream; the SDK would print them as well.
    onError: () => undefined,
  });
  let text = '';
  for await (const part of result.stream) {
    if (part.type === 'error') {
      if (isOverstep(part.error)) return spoken(input, text);
      throw part.error;
    }
    if (part.type === 'abort') throw new DOMException('the model fell silent', 'TimeoutError');
    if (part.type !== 'text-delta') continue;
    text += part.text;
    input.onText(text);
  }
  const [answer] = (await result.responseMessages).filter(({ role }) => role === 'assistant');
  const message: ModelMessage = answer ?? { role: 'assistant', content: text };
  const invalid = (await result.toolCalls).filter((call) => call.invalid === true);
  const unreadable = new Set(
    invalid.flatMap(({ toolName, toolCallId }) => (toolName in input.tools ? [toolCallId] : [])),
  );
  const calls = callsIn(message);
  return {
    message,
    text: textIn(message),
    calls,
    unreadable: calls.filter(({ toolCallId }) => unreadable.has(toolCallId)),
    usage: usageOf(await result.usage, input, text),
    finishReason: await result.finishReason,
    hasOverstepped: false,
  };
}

/** The SDK's own error for a call against `toolChoice: 'none'`. */
const isOverstep = (error: unknown): boolean =>
  error instanceof Error && error.name === 'AI_ToolChoiceViolationError';

/** A step of which only the text counts. */
function spoken(input: StepInput, text: string): Step {
  const unknown = { inputTokens: undefined, outputTokens: undefined };
  return {
    message: { role: 'assistant', content: text },
    text,
    calls: [],
    unreadable: [],
    usage: usageOf(unknown, input, text),
    finishReason: 'stop',
    hasOverstepped: true,
  };
}

/** What the call took; estimated where the model does not say. */
function usageOf(
  told: Pick<LanguageModelUsage, 'inputTokens' | 'outputTokens'>,
  input: StepInput,
  text: string,
): Usage {
  const sent = () => estimateTokens(input.instructions + JSON.stringify(input.messages));
  return {
    steps: 1,
    inputTokens: told.inputTokens ?? sent(),
    outputTokens: told.outputTokens ?? estimateTokens(text),
  };
}

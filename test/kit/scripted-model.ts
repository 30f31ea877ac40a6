import { MockLanguageModelV4, convertArrayToReadableStream } from 'ai/test';
import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4StreamPart,
} from '@ai-sdk/provider';

import { Fault } from '../../core/fault.ts';
import type { ChatModel } from '../../core/ports/chat-model.ts';

/** What a scripted model says in one step. */
export type ScriptedStep = {
  readonly text?: string;
  readonly calls?: readonly (readonly [tool: string, input: unknown])[];
  /** Arguments that are no JSON. */
  readonly rawCalls?: readonly (readonly [tool: string, input: string])[];
  readonly finish?: 'stop' | 'length' | 'content-filter';
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** Thrown instead of an answer. */
  readonly fails?: Error;
};

export type Script = (options: LanguageModelV4CallOptions, call: number) => ScriptedStep;

/** A model that says what a test has written down, as a port of the product. */
export type ScriptedModel = ChatModel & {
  readonly model: LanguageModelV4;
  /** What it was asked, oldest first. */
  readonly asked: LanguageModelV4CallOptions[];
};

/** Answers each call by the script, a list or a function; past the end of a list it says "Done.". */
export function scriptedModel(script: Script | readonly ScriptedStep[]): ScriptedModel {
  const asked: LanguageModelV4CallOptions[] = [];
  const next: Script =
    typeof script === 'function' ? script : (_, call) => script[call] ?? { text: 'Done.' };
  const answer = (options: LanguageModelV4CallOptions): ScriptedStep => {
    const { abortSignal: _signal, ...plain } = options;
    asked.push(structuredClone(plain));
    const step = next(options, asked.length - 1);
    if (step.fails !== undefined) throw step.fails;
    return step;
  };
  const model = new MockLanguageModelV4({
    doStream: async (options) => ({
      stream: convertArrayToReadableStream(partsOf(answer(options), asked.length)),
    }),
    doGenerate: async (options) => {
      const step = answer(options);
      return {
        content: [{ type: 'text' as const, text: step.text ?? '' }],
        finishReason: { unified: step.finish ?? 'stop', raw: undefined },
        usage: usageOf(step),
        warnings: [],
      };
    },
  });
  return {
    model,
    asked,
    open: async () => model,
    toFault: (error) => (error instanceof Fault ? error : null),
  };
}

const usageOf = ({ inputTokens = 10, outputTokens = 5 }: ScriptedStep) => ({
  inputTokens: {
    total: inputTokens,
    noCache: undefined,
    cacheRead: undefined,
    cacheWrite: undefined,
  },
  outputTokens: { total: outputTokens, text: undefined, reasoning: undefined },
});

function partsOf(step: ScriptedStep, call: number): LanguageModelV4StreamPart[] {
  const { text = '', calls = [], rawCalls = [] } = step;
  const asked = [
    ...calls.map(([toolName, input]) => ({ toolName, input: JSON.stringify(input) })),
    ...rawCalls.map(([toolName, input]) => ({ toolName, input })),
  ];
  // In pieces, so that what is streamed ends in the middle of words.
  const pieces = text.match(/[\s\S]{1,7}/gu) ?? [];
  return [
    { type: 'stream-start', warnings: [] },
    ...(text === '' ? [] : [{ type: 'text-start' as const, id: 't' }]),
    ...pieces.map((delta) => ({ type: 'text-delta' as const, id: 't', delta })),
    ...(text === '' ? [] : [{ type: 'text-end' as const, id: 't' }]),
    ...asked.map((one, index) => ({
      type: 'tool-call' as const,
      toolCallId: `call-${call}-${index}`,
      ...one,
    })),
    {
      type: 'finish',
      usage: usageOf(step),
      finishReason: {
        unified: step.finish ?? (asked.length > 0 ? 'tool-calls' : 'stop'),
        raw: undefined,
      },
    },
  ];
}

/** A model that takes the question and never says a word. */
export function silentModel(): ChatModel {
  const model = new MockLanguageModelV4({
    doStream: async () => ({ stream: new ReadableStream<LanguageModelV4StreamPart>() }),
  });
  const busy = new Fault('provider_busy', { provider: 'Gemini' });
  return { open: async () => model, toFault: () => busy };
}

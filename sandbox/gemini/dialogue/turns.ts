import { readEvent, type SystemEvent } from './events.ts';
import { readResult, type ToolResult } from './results.ts';

export type Turn =
  | { readonly kind: 'person'; readonly text: string }
  | { readonly kind: 'summary'; readonly text: string }
  | { readonly kind: 'event'; readonly event: SystemEvent }
  | { readonly kind: 'model'; readonly text: string }
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly args: Readonly<Record<string, unknown>>;
      readonly result: ToolResult | null;
    };

export type Content = {
  readonly role?: 'user' | 'model' | undefined;
  readonly parts: readonly ContentPart[];
};

export type ContentPart = {
  readonly text?: string | undefined;
  readonly thought?: boolean | undefined;
  readonly functionCall?:
    | {
        readonly id?: string | undefined;
        readonly name: string;
        readonly args?: Readonly<Record<string, unknown>> | undefined;
      }
    | undefined;
  readonly functionResponse?:
    | {
        readonly id?: string | undefined;
        readonly name: string;
        readonly response: Readonly<Record<string, unknown>>;
      }
    | undefined;
};

/** The conversation as a flat list, every call beside its result. */
export function readTurns(contents: readonly Content[]): Turn[] {
  const turns: Turn[] = [];
  for (const [index, { role, parts }] of contents.entries()) {
    const answers = contents[index + 1]?.parts ?? [];
    for (const { text, thought, functionCall } of parts) {
      if (functionCall) {
        const { name, args = {} } = functionCall;
        turns.push({ kind: 'call', name, args, result: findResult(functionCall, parts, answers) });
      }
      if (text === undefined || thought === true || text.trim() === '') continue;
      if (role === 'model') turns.push({ kind: 'model', text });
      else turns.push(...readUserText(text));
    }
  }
  return turns;
}

/** By id, and without ids by place. */
function findResult(
  call: NonNullable<ContentPart['functionCall']>,
  parts: readonly ContentPart[],
  answers: readonly ContentPart[],
): ToolResult | null {
  const calls = parts.flatMap(({ functionCall }) => (functionCall ? [functionCall] : []));
  const responses = answers.flatMap(({ functionResponse }) =>
    functionResponse ? [functionResponse] : [],
  );
  const found =
    (call.id === undefined ? undefined : responses.find(({ id }) => id === call.id)) ??
    responses[calls.indexOf(call)];
  return found ? readResult(found.response) : null;
}

/** What strangers wrote is not the person's word, wherever it stands. */
const withoutUntrusted = (said: string): string =>
  said.replace(/<untrusted\b[^>]*>[\s\S]*?(?:<\/untrusted>|$)/giu, ' ');

const manyLines = /<untrusted\b[^>]*>[\s\S]*?(?:<\/untrusted>|$)/giu;

function readUserText(said: string): Turn[] {
  const turns: Turn[] = [];
  const own: string[] = [];
  // A line inside a stranger's text is no event; what an event quotes stays in it.
  const lines = said.replace(manyLines, (block) => block.replaceAll('\n', ' ')).split('\n');
  for (const line of lines) {
    const event = /^\s*\[event\]\s*(?<told>.*)$/iu.exec(line)?.groups?.['told'];
    if (event === undefined) own.push(withoutUntrusted(line));
    else turns.push({ kind: 'event', event: readEvent(event.trim()) });
  }
  const left = own.join('\n').trim();
  if (left === '') return turns;
  const isSummary = /^\[summary\]/iu.test(left);
  return [...turns, { kind: isSummary ? 'summary' : 'person', text: left }];
}

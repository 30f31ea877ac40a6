import { chooseStep } from './dialogue/next-step.ts';
import type { Step } from './dialogue/lookup.ts';
import { understand, type Situation } from './dialogue/situation.ts';
import { speechFor } from './dialogue/speech.ts';
import { openToolbox } from './dialogue/toolbox.ts';
import { readTurns } from './dialogue/turns.ts';
import { fillCall } from './fill-call.ts';
import { callMessage, textMessage, type FunctionCall, type Message } from './message.ts';
import type { Question, ToolRequest } from './request.ts';

/** A conversation with tools, understood, and what follows from it. */
export type Talk = {
  readonly situation: Situation;
  readonly step: Step;
  readonly tools: ToolRequest;
  readonly question: Question;
};

/** Understands a conversation with tools. `now` counts when the instructions name no time. */
export function followTalk(question: Question, tools: ToolRequest, now: Date): Talk {
  const { instructions, contents } = question;
  const { declarations, allowed } = tools;
  const offered = declarations.filter(({ name }) => allowed === null || allowed.includes(name));
  const situation = understand(readTurns(contents), {
    instructions,
    tools: openToolbox(offered),
    fallback: now,
  });
  return { situation, step: chooseStep(situation), tools, question };
}

/** The step as a message, within the mode of function calling. */
export function answerTalk({ situation, step, tools, question }: Talk): Message {
  if (step.kind === 'call') {
    if (tools.mode !== 'NONE') return callMessage(step.calls);
    const speech = speechFor(situation.language, situation.now);
    return textMessage(speech.pausedBefore(step.calls[0]?.name ?? ''));
  }
  return tools.mode === 'ANY'
    ? callMessage([harmlessCall(question, tools)])
    : textMessage(step.text);
}

/** Where a call is demanded and none is needed: one that only reads. */
function harmlessCall(question: Question, { declarations, allowed }: ToolRequest): FunctionCall {
  const offered = declarations.filter(({ name }) => allowed === null || allowed.includes(name));
  const harmless = offered.find(({ name }) => /_(?:show|list|read|get)$/u.test(name)) ?? offered[0];
  return harmless ? fillCall(question, harmless) : { name: 'none', args: {} };
}

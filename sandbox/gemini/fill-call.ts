import { z } from 'zod';
import type { Declaration } from './dialogue/toolbox.ts';
import { answerQuestion } from './fill.ts';
import type { FunctionCall } from './message.ts';
import type { Question } from './request.ts';

const record = z.record(z.string(), z.unknown()).catch({});

/** A call of the tool with what its schema requires, drawn from the conversation. */
export function fillCall(question: Question, { name, schema }: Declaration): FunctionCall {
  const required = schema?.required ?? [];
  const properties = Object.fromEntries(
    Object.entries(schema?.properties ?? {}).filter(([property]) => required.includes(property)),
  );
  const shape = { ...schema, type: 'object', properties };
  return { name, args: record.parse(answerQuestion({ ...question, shape })) };
}

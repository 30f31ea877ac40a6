import { z } from 'zod';

/** What a tool answered, in the agent's form. */
export type ToolResult = {
  readonly ok: boolean;
  /** A card was drawn, and a person decides. */
  readonly isWaiting: boolean;
  /** One sentence for people. */
  readonly said: string;
  readonly code: string;
  readonly why: string;
  readonly next: string;
  /** The operation's own fields. */
  readonly data: Readonly<Record<string, unknown>>;
};

const record = z.record(z.string(), z.unknown()).catch({});
const text = z.string().catch('').default('');
const head = z.looseObject({
  ok: z.boolean().optional().catch(undefined),
  waiting_for: text,
  said: text,
  code: text,
  why: text,
  next: text,
});

/** Reads `{name, content}` and `{name, error}` as the AI SDK writes them, or the bare answer. */
export function readResult(response: Readonly<Record<string, unknown>>): ToolResult {
  const isError = 'error' in response;
  const isWrapped = isError || 'content' in response;
  const inner = isWrapped ? (response['content'] ?? response['error']) : response;
  const data = objectOf(inner);
  const plain = typeof inner === 'string' ? inner : '';
  const { ok = !isError, waiting_for: whom, said, code, why, next } = head.parse(data);
  return {
    // Other answers name the service that they wait for.
    ok: ok && whom !== 'person',
    isWaiting: whom === 'person',
    said: isError ? said : said || plain,
    code,
    why: isError ? why || plain : why,
    next,
    data,
  };
}

/** An object, or the JSON text of one; empty for anything else. */
export function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'string') return record.parse(value);
  try {
    return record.parse(JSON.parse(value));
  } catch {
    return {};
  }
}

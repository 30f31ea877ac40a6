import { z } from 'zod';

import { faultWords, isFault, type Fault } from '../../core/fault.ts';
import { viewFault } from '../../core/fault-view.ts';
import { catalogue, type Locale } from '../../core/messages/catalogue.ts';
import type { AnyOperation } from '../../core/operation.ts';
import { untrusted } from '../../core/untrusted.ts';
import { projections, type Projection } from './projections.ts';

/** A list is told this far; the person sees all of it on its card. */
const longestList = 5;
const longestText = 300;
const longestPrompt = 500;

type Shape = {
  enum?: unknown[] | undefined;
  const?: unknown;
  format?: string | undefined;
  properties?: Record<string, Shape> | undefined;
  items?: Shape | undefined;
  anyOf?: Shape[] | undefined;
};

/** The part of JSON Schema that tells our own words from a stranger's. */
const shapeSchema: z.ZodType<Shape> = z.lazy(() =>
  z.looseObject({
    enum: z.array(z.unknown()).optional(),
    const: z.unknown().optional(),
    format: z.string().optional(),
    properties: z.record(z.string(), shapeSchema).optional(),
    items: shapeSchema.optional(),
    anyOf: z.array(shapeSchema).optional(),
  }),
);

/** What is told of one answer, and the texts in it that strangers have written. */
type Telling = { readonly rule: Projection; readonly strange: string[] };

export type Answered = {
  readonly output: Record<string, unknown>;
  /** The operation's own sentence about it. */
  readonly said: string;
  /** Whether a personal link is for the model to hand over: nobody else reads along, and no card shows it. */
  readonly isPrivate: boolean;
};

/**
 * An answer as the model gets it: what was said, ids and facts. Lists and texts are cut, and every
 * text that is neither an id, a time, one of a fixed choice nor declared as ours is wrapped as untrusted.
 */
export function answerFacts(
  operation: AnyOperation,
  { output, said, isPrivate }: Answered,
): Record<string, unknown> {
  const rule = projections[operation.name] ?? {};
  if (rule.isPersonal && !isPrivate)
    return { ok: true, link: 'on a card that only the person sees' };
  const telling: Telling = { rule, strange: [] };
  const shape = shapeSchema.parse(z.toJSONSchema(operation.output, { io: 'output' }));
  const facts = tellObject(output, shape, rule.keep, telling);
  const quotes = telling.strange.some((text) => text !== '' && said.includes(text));
  return { ok: true, said: quotes ? untrusted('said', said, longestText) : said, ...facts };
}

function tellObject(
  value: object,
  shape: Shape | undefined,
  keep: readonly string[] | undefined,
  telling: Telling,
): Record<string, unknown> {
  const entries = Object.entries(value).filter(
    ([key, item]) => item !== null && item !== undefined && (keep?.includes(key) ?? true),
  );
  return Object.fromEntries(
    entries.flatMap(([key, item]) => {
      const told = tell(item, shape?.properties?.[key], key, telling);
      const more = Array.isArray(item) ? item.length - entriesOf(telling.rule) : 0;
      if (told === undefined) return [];
      return more > 0 ? [[key, told], [`more_${key}`, more] as const] : [[key, told]];
    }),
  );
}

const entriesOf = ({ entries = longestList }: Projection): number => entries;

function tell(value: unknown, shape: Shape | undefined, key: string, telling: Telling): unknown {
  const [branch] = shape?.anyOf ?? [];
  const inner = branch ?? shape;
  if (Array.isArray(value))
    return value
      .slice(0, entriesOf(telling.rule))
      .map((item) => tell(item, inner?.items, key, telling));
  if (typeof value === 'object' && value !== null)
    return tellObject(value, inner, telling.rule.keepIn?.[key], telling);
  return typeof value === 'string' ? tellText(value, inner, key, telling) : value;
}

function tellText(
  text: string,
  shape: Shape | undefined,
  key: string,
  { rule, strange }: Telling,
): string | undefined {
  if (rule.links?.includes(key)) return text;
  if (isAddress(key, shape)) return undefined;
  if (isOurs(text, shape)) return text;
  if (rule.ours?.includes(key)) return text.slice(0, longestText);
  strange.push(text);
  return untrusted(key, text, rule.characters ?? longestText);
}

const isAddress = (key: string, shape: Shape | undefined): boolean =>
  key === 'url' || key.endsWith('_url') || shape?.format === 'uri';

/** A fixed choice, a time, or an id such as vid_0k3…: none of them can say anything of its own. */
const isOurs = (text: string, shape: Shape | undefined): boolean =>
  (shape?.enum ?? []).includes(text) ||
  shape?.const === text ||
  shape?.format === 'date-time' ||
  /^[a-z]{2,4}_[0-9a-z]{16}$/u.test(text);

/** Faults whose words quote a provider or another person. */
const quoting = new Set(['publication_refused', 'channel_reconnect', 'prompt_refused']);

/** A failure as the model gets it. */
export function faultFacts(fault: Fault, locale: Locale): Record<string, unknown> {
  const { code, message, next, retry_after_seconds: seconds } = viewFault(fault, locale);
  return {
    ok: false,
    code,
    why: quoting.has(code) ? untrusted('why', message, longestText) : message,
    ...(isFault(fault, 'prompt_refused') ? rewordingOf(fault, locale) : { next }),
    ...(seconds === undefined ? {} : { retry_after_seconds: seconds }),
  };
}

/** A suggested wording is told apart from what to do next: it follows what somebody wrote. */
function rewordingOf({ code, params }: Fault<'prompt_refused'>, locale: Locale) {
  const { suggestion } = params;
  const { next } = faultWords(catalogue(locale), code, { ...params, suggestion: null });
  if (suggestion === null) return { next };
  return { next, suggestion: untrusted('suggestion', suggestion, longestPrompt) };
}

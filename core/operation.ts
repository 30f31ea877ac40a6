import { z } from 'zod';

import { requireOpenAccount } from './account/deleted.ts';
import type { AnswerPicture } from './answer-pictures.ts';
import { recordAttempt } from './audit.ts';
import { rememberWaiting } from './billing/waiting.ts';
import { requireApproval } from './consent/require.ts';
import { isModelSurface, type Context, type Ports } from './context.ts';
import { canonicalJson, sha256Hex } from './crypto.ts';
import { isFault, type Fault, type FaultCode } from './fault.ts';
import { toFault } from './fault-of.ts';
import type { Locale } from './messages/catalogue.ts';
import { fieldFault, inputFault } from './input-fault.ts';
import { countRequest } from './limits/rates.ts';
import { faultsOfOperation } from './operation-rules.ts';

/** What running an operation costs the world; consent, hints and audit derive from it. */
export type Effect = 'read' | 'write' | 'spend' | 'publish' | 'destroy';

/**
 * `everyone`: people and all models. `chat`: people and Jilo's own agent; programs of other people's
 * models have little room, and these they can do without. `people`: no model.
 */
type Audience = 'everyone' | 'chat' | 'people';

/** What a person is shown before deciding. */
export type Preview = {
  readonly title: string;
  /** Label and value, one line each. */
  readonly lines: readonly (readonly [string, string])[];
  /** Quota units that approving spends; part of what is approved. */
  readonly cost: number;
  /** The wallet that pays, where it may be another than the person's own; part of what is approved. */
  readonly payer?: string | undefined;
};

export type Operation<
  In extends z.ZodObject = z.ZodObject,
  Out extends z.ZodObject = z.ZodObject,
> = {
  /** `noun_verb`: the tool of models, `/noun verb` on Discord, the word at the terminal. */
  readonly name: `${string}_${string}`;
  /** One sentence of at most 100 characters: Discord shows it. */
  readonly summary: Readonly<Record<Locale, string>>;
  /** For models only: when to call it and what comes next; no fact about one surface. */
  readonly guidance?: string;
  readonly effect: Effect;
  readonly audience: Audience;
  /** An operation whose port is absent is not offered. */
  readonly needs: readonly (keyof Ports)[];
  /** Flat, with bounds and defaults, so that every surface can draw it. */
  readonly input: In;
  /** Left out of what models see; only a person sets them, and without one they take their default. */
  readonly decidedByPerson?: readonly (keyof z.output<In> & string)[];
  /** The fields that tools list, where the others are a second way to say the same; all are taken. */
  readonly listedToModels?: readonly (keyof z.output<In> & string)[];
  readonly output: Out;
  /** Required for spend, publish and destroy. */
  readonly preview?: (input: z.output<In>, context: Context) => Promise<Preview>;
  readonly run: (input: z.output<In>, context: Context) => Promise<z.input<Out>>;
  /** What there is to see of the answer, for surfaces that show pictures; every number stands in the answer too. */
  readonly pictures?: (
    output: z.output<Out>,
    context: Context,
  ) => Promise<readonly AnswerPicture[]>;
  /** The answer in one or two sentences, for people and for text-only clients. */
  readonly say: (output: z.output<Out>, locale: Locale) => string;
};

// The registry holds operations of every shape; `perform` parses before anything typed is touched.
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyOperation = Operation<any, any>;

/**
 * Declares an operation once for every surface.
 * @throws Error listing every rule that the declaration breaks, when the module loads.
 */
export function defineOperation<In extends z.ZodObject, Out extends z.ZodObject>(
  operation: Operation<In, Out>,
): Operation<In, Out> {
  const wrong = faultsOfOperation(operation);
  if (wrong.length > 0) throw new Error(`${operation.name}: ${wrong.join('; ')}`);
  return operation;
}

/** The operations whose services are all set up. */
export const offered = (operations: readonly AnyOperation[], ports: Ports): AnyOperation[] =>
  operations.filter(({ needs }) => needs.every((port) => ports[port] !== undefined));

/** What Jilo's own agent is offered of them. */
export const offeredToAgent = (operations: readonly AnyOperation[], ports: Ports): AnyOperation[] =>
  offered(operations, ports).filter(({ audience }) => audience !== 'people');

/** What the tools of other programs are made of. */
export const isTool = ({ audience }: Pick<AnyOperation, 'audience'>): boolean =>
  audience === 'everyone';

export const needsConsent = (operation: Pick<AnyOperation, 'effect'>): boolean =>
  operation.effect === 'spend' || operation.effect === 'publish' || operation.effect === 'destroy';

/** Made once each: making a schema takes longer than parsing with it. */
const made = {
  model: new WeakMap<AnyOperation, z.ZodObject>(),
  person: new WeakMap<AnyOperation, z.ZodObject>(),
};

/** The schema that an actor fills in: models see neither unknown fields nor those that people decide. */
export function inputSchemaFor(operation: AnyOperation, forModel: boolean): z.ZodObject {
  const known = made[forModel ? 'model' : 'person'];
  const schema = known.get(operation) ?? strictInput(operation, forModel);
  known.set(operation, schema);
  return schema;
}

function strictInput(operation: AnyOperation, forModel: boolean): z.ZodObject {
  const hidden = forModel ? (operation.decidedByPerson ?? []) : [];
  const shape: Record<string, z.ZodType> = { ...operation.input.shape };
  for (const field of hidden) delete shape[field];
  return z.strictObject(shape);
}

/** What cannot be recorded, and what would fill the log while somebody asks without end. */
const unrecorded = new Set<FaultCode>(['database_down', 'rate_limited']);

export type Outcome =
  | { readonly ok: true; readonly value: Record<string, unknown>; readonly text: string }
  | { readonly ok: false; readonly fault: Fault; readonly reference: string | null };

export type PerformOptions = {
  /** Use exactly this approval; without it, any approval that fits is used. */
  readonly approvalId?: string;
  /** It may have been carried out before: a person is asked, whatever models may do without asking. */
  readonly isRepeat?: boolean;
  /** The surface puts the question to the person itself, so that no word of it is left elsewhere. */
  readonly asksItself?: boolean;
  /** The product looks for itself, and nobody has asked: it counts for no rate. A repeat never does. */
  readonly isUncounted?: boolean;
};

/**
 * The only door into the product: count, parse, consent, run, check the answer, audit; every throw
 * becomes a Fault. Spending, publishing and destroying happen at most once per approval.
 */
export async function perform(
  operation: AnyOperation,
  raw: unknown,
  context: Context,
  options: PerformOptions = {},
): Promise<Outcome> {
  let approvalId: string | null = null;
  let payer: string | undefined;
  const attempt = async (outcome: string, reference: string | null) =>
    recordAttempt(context, operation, {
      inputHash: sha256Hex(canonicalJson(raw)),
      approvalId,
      outcome,
      reference,
    });
  // What has happened has happened: an ending that cannot be recorded does not change the answer.
  const conclude = (outcome: string, reference: string | null) =>
    attempt(outcome, reference).catch((error: unknown) => {
      context.log.error({ err: error, operation: operation.name, outcome }, 'audit row lost');
    });
  try {
    if (!options.isRepeat && !options.isUncounted) await countRequest(context, context.actor);
    await requireOpenAccount(context.database.db, context.actor.accountId);
    let input = parseInput(operation, raw, isModelSurface(context.actor.surface));
    if (needsConsent(operation)) {
      if (!operation.preview) throw new Error(`${operation.name} has no preview`);
      const preview = await operation.preview(input, context);
      const approval = await requireApproval({ operation, input, preview }, context, options);
      approvalId = approval.id;
      payer = preview.payer;
      input = parseInput(operation, mergeChoices(operation, input, approval.choices), false);
      await attempt('started', null);
    }
    const attempted = {
      ...context,
      ...(approvalId === null ? {} : { approvalId }),
      ...(payer === undefined ? {} : { payer }),
    };
    const value = operation.output.parse(await operation.run(input, attempted));
    const text = operation.say(value, context.locale);
    if (operation.effect !== 'read') await conclude('ok', null);
    return { ok: true, value, text };
  } catch (error) {
    const { fault, reference } = toFault(error, context, operation.name);
    if (isFault(fault, 'quota_short') && operation.effect === 'spend')
      await keepForLater(context, operation.name, raw, fault.params.needed);
    if (operation.effect !== 'read' && !unrecorded.has(fault.code)) {
      await conclude(fault.code, reference);
    }
    return { ok: false, fault, reference };
  }
}

/** What could not be paid for is asked again when quota has come; that it is kept is no condition of the answer. */
async function keepForLater(context: Context, operation: string, raw: unknown, needed: number) {
  const input = z.record(z.string(), z.unknown()).parse(raw ?? {});
  await rememberWaiting(context, { operation, input, needed }).catch((error: unknown) => {
    context.log.error({ err: error, operation }, 'what waits for quota was not kept');
  });
}

/** @throws Fault `invalid_input` naming every field at fault. */
function parseInput(
  operation: AnyOperation,
  raw: unknown,
  forModel: boolean,
): Record<string, unknown> {
  const schema = inputSchemaFor(operation, forModel);
  const seen = schema.safeParse(raw ?? {});
  if (!seen.success) throw inputFault(schema, raw ?? {});
  refuseUnstorable(seen.data);
  const whole = operation.input.safeParse(seen.data);
  if (!whole.success) throw inputFault(operation.input, seen.data, schema);
  return whole.data;
}

/** Postgres keeps neither NUL nor half a surrogate pair; said here, before anything is paid for. */
function refuseUnstorable(input: Record<string, unknown>): void {
  for (const [field, value] of Object.entries(input)) {
    if (typeof value !== 'string' || (value.isWellFormed() && !value.includes('\0'))) continue;
    throw fieldFault(field, { problem: 'no_text', params: null });
  }
}

/** @throws Fault `invalid_input` for a choice of anything but what people decide. */
function mergeChoices(
  operation: AnyOperation,
  input: Record<string, unknown>,
  choices: Record<string, unknown>,
): Record<string, unknown> {
  const decided = new Set<string>(operation.decidedByPerson);
  const field = Object.keys(choices).find((name) => !decided.has(name));
  if (field === undefined) return { ...input, ...choices };
  throw fieldFault(field, { problem: 'approved_as_is', params: null });
}

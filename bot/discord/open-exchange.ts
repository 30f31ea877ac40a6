import type { APIModalInteractionResponseCallbackData } from 'discord.js';

import type { Context } from '../../core/context.ts';
import { isFault, type Fault, type FaultCode } from '../../core/fault.ts';
import { perform } from '../../core/operation.ts';
import { actionId } from './action-id.ts';
import { againId } from './actions/again.ts';
import { keepLast, keepRewording } from './actions/prompt-draft.ts';
import { presentFault, type FaultButtons } from './cards/fault.ts';
import { askPerson } from './consent.ts';
import type { Draw } from './draw.ts';
import type { Exchange, Place, Visibility } from './exchange.ts';
import type { Answerable, LiveAnswer } from './live-exchange.ts';
import type { Parts } from './parts.ts';
import { presentAnswer } from './present-answer.ts';

export type Opening = {
  readonly interaction: Answerable;
  readonly answer: LiveAnswer;
  readonly context: Context;
  readonly userId: string;
  readonly place: Place;
  readonly visibility: Visibility;
};

/** Puts an exchange together for one interaction of one person. */
export function openExchange(parts: Parts, opening: Opening): Exchange {
  const { interaction, answer, context, userId, place, visibility } = opening;
  const { locale, timeZone, clock } = context;
  const draw: Draw = { locale, timeZone, now: clock.now(), owner: userId };
  const hasPlans = parts.operations.some(({ name }) => name === 'plan_list');
  const fail = (fault: Fault, reference: string | null = null) =>
    answer.answerPrivately(presentFault(fault, reference, draw, { hasPlans }));
  const exchange: Exchange = {
    context,
    operations: parts.operations,
    userId,
    place,
    draw,
    visibility,
    defer: (seen) => answer.defer(seen),
    deferUpdate: () => answer.deferUpdate(),
    answer: (view, seen = visibility) => answer.answer(view, seen),
    update: (view) => answer.update(view),
    openModal: (modal) => openModal(interaction, modal),
    fail,
    async perform(name, input) {
      const operation = parts.operations.find((one) => one.name === name);
      if (!operation) throw new Error(`no operation ${name} is offered`);
      const outcome = await perform(operation, input, context);
      if (outcome.ok) return outcome.value;
      if (isFault(outcome.fault, 'approval_required'))
        await askPerson(parts, exchange, operation, outcome.fault.params.id);
      else {
        const { fault, reference } = outcome;
        const way = await wayOn(context, userId, fault, { name, input });
        await answer.answerPrivately(presentFault(fault, reference, draw, { ...way, hasPlans }));
      }
      return null;
    },
    async show(name, input) {
      const output = await exchange.perform(name, input);
      const operation = parts.operations.find((one) => one.name === name);
      if (!output || !operation) return;
      const { uploadLimit } = exchange.place;
      const view = await presentAnswer(context, operation, { output, input, uploadLimit }, draw);
      await answer.answer(view, visibility);
    },
  };
  return exchange;
}

async function openModal(
  interaction: Answerable,
  modal: APIModalInteractionResponseCallbackData,
): Promise<void> {
  if (!('showModal' in interaction)) throw new Error('a form cannot follow a form');
  await interaction.showModal(modal);
}

/** Failures that may have passed when the same is asked for once more. */
const mayPass = new Set<FaultCode>([
  'provider_busy',
  'provider_failed',
  'internal',
  'storage_full',
]);

/** Whether a prompt was typed that cannot be taken as it is. */
const isAboutPrompt = (
  fault: Fault,
  { prompt }: Record<string, unknown>,
): fault is Fault<'prompt_refused' | 'invalid_input'> =>
  (isFault(fault, 'prompt_refused') || isFault(fault, 'invalid_input')) &&
  typeof prompt === 'string';

/** Back to the editor with what was typed, and to the price of the wording that was suggested. */
async function waysToReword(
  context: Context,
  owner: string,
  fault: Fault,
  wish: Record<string, unknown>,
): Promise<FaultButtons> {
  await keepLast(context, wish);
  const edit = actionId('prompt-edit', owner);
  const suggestion = isFault(fault, 'prompt_refused') ? fault.params.suggestion : null;
  if (suggestion === null) return { edit };
  const id = await keepRewording(context, { ...wish, prompt: suggestion });
  return { edit, reword: actionId('prompt-reword', owner, id) };
}

/** What the button of a failure leads to. */
async function wayOn(
  context: Context,
  owner: string,
  fault: Fault,
  asked: { readonly name: string; readonly input: Record<string, unknown> },
): Promise<FaultButtons> {
  const { quote } = asked.input;
  if (isAboutPrompt(fault, asked.input)) return waysToReword(context, owner, fault, asked.input);
  if (fault.code === 'quote_expired' && typeof quote === 'string')
    return { edit: actionId('quote-edit', owner, quote) };
  if (!mayPass.has(fault.code)) return {};
  return { again: await againId(context, owner, asked.name, asked.input) };
}

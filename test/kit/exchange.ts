import type { APIModalInteractionResponseCallbackData } from 'discord-api-types/v10';

import { presentAnswer } from '../../bot/discord/present-answer.ts';
import type { Exchange } from '../../bot/discord/exchange.ts';
import type { View } from '../../bot/discord/view.ts';
import type { Context } from '../../core/context.ts';
import { isFault } from '../../core/fault.ts';
import { perform } from '../../core/operation.ts';
import { operations } from '../../core/operations.ts';

/** What an action did with its exchange, in order. */
export type Answered = {
  /** Such as `defer everyone`, `update`, `asked video_generate`, `fault invalid_input`. */
  readonly steps: string[];
  readonly views: View[];
  readonly modals: APIModalInteractionResponseCallbackData[];
};

/** An exchange that performs for real and writes down how it is answered. */
export function recordExchange(context: Context, uploadLimit = 10 * 1024 * 1024) {
  const answered: Answered = { steps: [], views: [], modals: [] };
  const { steps, views, modals } = answered;
  const { locale, timeZone, clock } = context;
  const show = async (step: string, view: View) => {
    steps.push(step);
    views.push(view);
  };
  const exchange: Exchange = {
    context,
    operations,
    userId: '100000000000000001',
    place: {
      channelId: '300000000000000001',
      serverId: context.actor.serverId ?? null,
      uploadLimit,
      isReachable: true,
    },
    draw: { locale, timeZone, now: clock.now(), owner: '100000000000000001' },
    visibility: 'everyone',
    defer: async (visibility) => void steps.push(`defer ${visibility}`),
    deferUpdate: async () => void steps.push('deferUpdate'),
    answer: (view, visibility = 'everyone') => show(`answer ${visibility}`, view),
    update: (view) => show('update', view),
    openModal: async (modal) => {
      steps.push('modal');
      modals.push(modal);
    },
    fail: async (fault) => void steps.push(`fault ${fault.code}`),
    async perform(name, input) {
      const operation = operations.find((one) => one.name === name);
      if (!operation) throw new Error(`no operation ${name}`);
      const outcome = await perform(operation, input, context);
      if (outcome.ok) return outcome.value;
      const asks = isFault(outcome.fault, 'approval_required');
      steps.push(asks ? `asked ${name}` : `fault ${outcome.fault.code}`);
      return null;
    },
    async show(name, input) {
      const output = await exchange.perform(name, input);
      const operation = operations.find((one) => one.name === name);
      if (output && operation)
        await exchange.answer(
          await presentAnswer(context, operation, { output, input, uploadLimit }, exchange.draw),
        );
    },
  };
  return { exchange, ...answered };
}

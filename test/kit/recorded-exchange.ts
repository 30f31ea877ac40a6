import type { APIModalInteractionResponseCallbackData } from 'discord-api-types/v10';

import type { Exchange } from '../../bot/discord/exchange.ts';
import type { View } from '../../bot/discord/view.ts';
import type { Context } from '../../core/context.ts';
import { isFault, type Fault } from '../../core/fault.ts';
import { perform } from '../../core/operation.ts';
import { operations } from '../../core/operations.ts';

/** Everything that was done with an exchange, in order. */
export type Recorded = {
  readonly exchange: Exchange;
  /** Such as `defer person`, `update`, `perform video_show`. */
  readonly steps: readonly string[];
  /** The cards that were answered with or drawn again. */
  readonly views: readonly View[];
  readonly modals: readonly APIModalInteractionResponseCallbackData[];
  readonly faults: readonly Fault[];
  /** Approvals that a person was asked for. */
  readonly approvals: readonly string[];
};

/** An exchange that performs for real and keeps what it would answer. */
export function recordExchange(context: Context, over: Partial<Exchange> = {}): Recorded {
  const steps: string[] = [];
  const views: View[] = [];
  const modals: APIModalInteractionResponseCallbackData[] = [];
  const faults: Fault[] = [];
  const approvals: string[] = [];
  const note = async (step: string) => void steps.push(step);
  const { locale, timeZone } = context;
  const owner = '12345678901234567890';
  const exchange: Exchange = {
    context,
    operations,
    userId: owner,
    place: { channelId: '1', serverId: null, uploadLimit: 10 * 1024 * 1024, isReachable: true },
    draw: { locale, timeZone, now: context.clock.now(), owner },
    visibility: 'everyone',
    defer: (visibility) => note(`defer ${visibility}`),
    deferUpdate: () => note('defer update'),
    answer(view, visibility = 'everyone') {
      views.push(view);
      return note(`answer ${visibility}`);
    },
    update(view) {
      views.push(view);
      return note('update');
    },
    openModal(modal) {
      modals.push(modal);
      return note('modal');
    },
    fail(fault) {
      faults.push(fault);
      return note(`fail ${fault.code}`);
    },
    async perform(name, input) {
      await note(`perform ${name}`);
      const operation = operations.find((one) => one.name === name);
      if (!operation) throw new Error(`no operation ${name}`);
      const outcome = await perform(operation, input, context);
      if (outcome.ok) return outcome.value;
      if (isFault(outcome.fault, 'approval_required')) approvals.push(outcome.fault.params.id);
      else await exchange.fail(outcome.fault);
      return null;
    },
    async show(name, input) {
      if (await exchange.perform(name, input)) await note(`show ${name}`);
    },
    ...over,
  };
  return { exchange, steps, views, modals, faults, approvals };
}

import type { Draw, Presenter } from '../draw.ts';
import { defineAction, type Action } from '../exchange.ts';
import { presentAnswer } from '../present-answer.ts';

type Inputs = (args: readonly string[]) => Record<string, unknown>;

/** Shows what is the person's own business to nobody else, drawn as its operation is unless `present` says otherwise. */
export const showPrivately = (
  action: string,
  operation: string,
  how: {
    readonly inputOf?: Inputs;
    readonly present?: (args: readonly string[]) => Presenter;
  } = {},
): Action =>
  defineAction(action, async (exchange, args) => {
    await exchange.defer('person');
    const input = how.inputOf?.(args) ?? {};
    const output = await exchange.perform(operation, input);
    const declared = exchange.operations.find(({ name }) => name === operation);
    if (!output || !declared) return;
    const draw: Draw = exchange.draw;
    const view =
      how.present?.(args)(output, draw, input) ??
      (await presentAnswer(
        exchange.context,
        declared,
        { output, input, uploadLimit: exchange.place.uploadLimit },
        draw,
      ));
    await exchange.answer(view, 'person');
  });

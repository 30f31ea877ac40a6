import { drawPictures } from '../../core/answer-pictures.ts';
import type { Context } from '../../core/context.ts';
import type { AnyOperation } from '../../core/operation.ts';
import { presenterOf } from './cards/cards.ts';
import type { Draw } from './draw.ts';
import type { View } from './view.ts';

type Answer = {
  readonly output: Record<string, unknown>;
  readonly input: Record<string, unknown>;
};

/** The card of what an operation answered, with its pictures. */
export async function presentAnswer(
  context: Context,
  operation: AnyOperation,
  { output, input }: Answer,
  draw: Draw,
): Promise<View> {
  const pictures = await drawPictures(operation, output, context);
  return presenterOf(operation.name)(output, { ...draw, pictures }, input);
}

import { drawPictures } from '../../core/answer-pictures.ts';
import type { Context } from '../../core/context.ts';
import type { AnyOperation } from '../../core/operation.ts';
import { presenterOf } from './cards/cards.ts';
import type { Draw } from './draw.ts';
import type { View } from './view.ts';

type Answer = {
  readonly output: Record<string, unknown>;
  readonly input: Record<string, unknown>;
  /** The largest upload in bytes where it is shown. */
  readonly uploadLimit: number;
};

/** The card of what an operation answered, with those of its pictures that may be uploaded there. */
export async function presentAnswer(
  context: Context,
  operation: AnyOperation,
  { output, input, uploadLimit }: Answer,
  draw: Draw,
): Promise<View> {
  const pictures = await drawPictures(operation, output, context);
  const fitting = pictures.filter(({ data }) => data.length <= uploadLimit);
  return presenterOf(operation.name)(output, { ...draw, pictures: fitting }, input);
}

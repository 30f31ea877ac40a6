import type { Context } from './context.ts';
import type { AnyOperation } from './operation.ts';

/** A picture that goes with an answer. */
export type AnswerPicture = {
  /** A file name without folders. */
  readonly name: string;
  readonly contentType: 'image/png';
  readonly data: Buffer;
};

/** The pictures of an answer; none where they cannot be drawn, since the answer is whole without them. */
export async function drawPictures(
  operation: AnyOperation,
  value: Record<string, unknown>,
  context: Context,
): Promise<readonly AnswerPicture[]> {
  try {
    return (await operation.pictures?.(value, context)) ?? [];
  } catch (error) {
    context.log.error({ err: error, operation: operation.name }, 'a picture could not be drawn');
    return [];
  }
}

import type { AnswerPicture } from '../../core/answer-pictures.ts';
import type { Locale } from '../../core/messages/catalogue.ts';
import type { View } from './view.ts';

/** Whom a card is drawn for. */
export type Draw = {
  readonly locale: Locale;
  /** IANA name. */
  readonly timeZone: string;
  readonly now: Date;
  /** Discord id of the person whom the card's buttons obey. */
  readonly owner: string;
  /** What there is to see of the answer that is drawn. */
  readonly pictures?: readonly AnswerPicture[];
};

/** Draws what an operation answered; `input` is what it was asked. */
export type Presenter = (
  output: Record<string, unknown>,
  draw: Draw,
  input: Record<string, unknown>,
) => View;

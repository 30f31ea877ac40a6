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
};

/** Draws what an operation answered; `input` is what it was asked. */
export type Presenter = (
  output: Record<string, unknown>,
  draw: Draw,
  input: Record<string, unknown>,
) => View;

import { accents, card, escapeText, text, type View } from '../view.ts';

/** What is being waited for, until the answer takes its place. */
export const presentWait = (message: string): View =>
  card(accents.waiting, [text(`⏳ ${escapeText(message)}`)]);

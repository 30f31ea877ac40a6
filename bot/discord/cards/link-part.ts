import type { APIButtonComponent } from 'discord-api-types/v10';

import { linkButton, text } from '../view.ts';
import { webAddress } from './format.ts';

/** Discord's limits of an address in a button and of all text of a message. */
const buttonAddress = 512;
const textAddress = 3000;

/** A link as a button, or as a line of text where its address is longer than a button takes. */
export function linkPart(
  url: string,
  look: { readonly label: string; readonly emoji: string },
): {
  readonly line: readonly ReturnType<typeof text>[];
  readonly buttons: readonly APIButtonComponent[];
} {
  const short = webAddress(url, buttonAddress);
  if (short !== null) return { line: [], buttons: [linkButton(short, look)] };
  const long = webAddress(url, textAddress);
  return { line: long === null ? [] : [text(`[${look.label}](<${long}>)`)], buttons: [] };
}

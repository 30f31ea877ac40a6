import type { AnyOperation } from '../../../core/operation.ts';
import type { Presenter } from '../draw.ts';
import { accents, card, separator, text } from '../view.ts';
import { moment, quoted } from './format.ts';

/** Of the 4,000 characters of a message, those that facts may take. */
const factCharacters = 2000;
const shownItems = 10;

/** The card of an operation that has none of its own: what it says, its plain facts, and what its lists name. */
export const presentDefault =
  (operation: AnyOperation): Presenter =>
  (output, { locale }) => {
    const said = operation.say(operation.output.parse(output), locale);
    const facts = fitting(
      Object.entries(output).flatMap(([name, value]) => {
        const told = tellValue(value);
        return told === null ? [] : [`**${quoted(name.replaceAll('_', ' '), 40)}** ${told}`];
      }),
    );
    return card(accents.brand, [
      text(`### ${operation.summary[locale]}\n${quoted(said, 600)}`),
      ...(facts.length > 0 ? [separator(), text(facts.join('\n'))] : []),
    ]);
  };

/** The first lines that fit together. */
function fitting(lines: readonly string[]): string[] {
  let left = factCharacters;
  return lines.filter((line) => (left -= line.length + 1) >= 0);
}

const isoMoment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/;

/** A value in one line; null for one that has nothing to tell. */
function tellValue(value: unknown): string | null {
  if (Array.isArray(value)) return tellList(value);
  if (typeof value === 'boolean') return value ? '✅' : '—';
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string' || value.trim() === '') return null;
  return isoMoment.test(value) ? moment(value, 'f') : quoted(value, 60);
}

/** The names of what is listed: an item that is an object goes by its first text, which is its id. */
function tellList(items: readonly unknown[]): string | null {
  const names = items.flatMap((item) => {
    const name = typeof item === 'object' && item !== null ? Object.values(item)[0] : item;
    return typeof name === 'string' || typeof name === 'number' ? [quoted(String(name), 30)] : [];
  });
  if (names.length === 0) return null;
  const left = names.length - shownItems;
  return `${names.slice(0, shownItems).join(', ')}${left > 0 ? ` (+${left})` : ''}`;
}

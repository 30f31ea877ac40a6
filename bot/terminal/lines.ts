import { z } from 'zod';

import type { Locale } from '../../core/messages/catalogue.ts';
import type { AnyOperation, Preview } from '../../core/operation.ts';

/** A value on one line, without what a terminal would obey. */
const plain = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();

/** A consent card as text. */
export const cardLines = ({ title, lines }: Preview): string[] => [
  `┌ ${plain(title)}`,
  ...lines.map(([label, value]) => `│ ${plain(label)}: ${plain(value)}`),
  '└',
];

const trendsSchema = z.object({
  trends: z.array(
    z.looseObject({ id: z.string(), title: z.string(), score: z.number(), url: z.string() }),
  ),
});
const longestList = 5;

/** What an operation answered, as text: trends as a list, everything else in its own sentence. */
export function resultLines(
  operation: AnyOperation,
  output: Record<string, unknown>,
  locale: Locale,
): string[] {
  const said = `→ ${plain(operation.say(output, locale))}`;
  const found = trendsSchema.safeParse(output);
  if (!found.success) return [said];
  const shown = found.data.trends.slice(0, longestList);
  return [
    said,
    ...shown.map(
      ({ id, title, score, url }, index) =>
        `  ${index + 1}. ${score.toFixed(1)}  ${plain(title)}  ${id}  ${plain(url)}`,
    ),
  ];
}

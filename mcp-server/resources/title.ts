const maxLength = 80;

/** A text in one line of at most 80 characters, for a list. */
export function titleFrom(text: string): string {
  const line = Array.from(text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim());
  return line.length <= maxLength ? line.join('') : `${line.slice(0, maxLength - 1).join('')}…`;
}

/** How much is spoken, or read, in a second. */
const wordsPerSecond = 2.3;
const hanPerSecond = 4;

const hanOf = (text: string): number => text.match(/\p{Script=Han}/gu)?.length ?? 0;
const wordsOf = (text: string): number => text.match(/[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu)?.length ?? 0;

/** Seconds that it takes to say a line, in English, Chinese or both. @internal */
export function secondsToSay(line: string): number {
  const words = wordsOf(line.replace(/\p{Script=Han}/gu, ' '));
  return words / wordsPerSecond + hanOf(line) / hanPerSecond;
}

/** What fits into a shot, for whoever writes the lines. */
export const lineRoom = (seconds: number): { readonly words: number; readonly han: number } => ({
  words: Math.floor(seconds * wordsPerSecond),
  han: Math.floor(seconds * hanPerSecond),
});

/** As much of a line as can be said in so many seconds: whole clauses where one fits, else whole words; null when nothing does. */
export function fitLine(line: string, seconds: number): string | null {
  const whole = line.trim();
  if (whole === '') return null;
  if (secondsToSay(whole) <= seconds) return whole;
  const ends = [
    ...Array.from(whole.matchAll(/[.,;:!?，。；：！？、](?=\s|\p{Script=Han}|$)/gu)),
    ...Array.from(whole.matchAll(/\s|(?<=\p{Script=Han})(?=\p{Script=Han})/gu)),
  ];
  for (const marks of [ends.filter(([mark]) => mark.trim() !== ''), ends]) {
    const fitting = marks
      .map(({ index }) => whole.slice(0, index).trim())
      .filter((head) => head !== '' && secondsToSay(head) <= seconds);
    const longest = fitting.toSorted((a, b) => b.length - a.length)[0];
    if (longest !== undefined && secondsToSay(longest) >= seconds / 3) return longest;
  }
  return null;
}

/** A line that is shown for a while; seconds from the beginning. */
export type TimedLine = { readonly from: number; readonly to: number; readonly text: string };

/** Lines as SubRip (SRT): numbered, with times to the millisecond, and without empty ones. */
export function formatSubRip(lines: readonly TimedLine[]): string {
  return lines
    .map((line) => ({ ...line, text: line.text.replaceAll(/\s*\n\s*/gu, '\n').trim() }))
    .filter(({ text, from, to }) => text !== '' && to > from)
    .map(
      ({ from, to, text }, index) => `${index + 1}\n${timeOf(from)} --> ${timeOf(to)}\n${text}\n`,
    )
    .join('\n');
}

function timeOf(seconds: number): string {
  const all = Math.round(seconds * 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(all / 3_600_000), Math.floor(all / 60_000) % 60];
  const clock = `${two(hours)}:${two(minutes)}:${two(Math.floor(all / 1000) % 60)}`;
  return `${clock},${String(all % 1000).padStart(3, '0')}`;
}

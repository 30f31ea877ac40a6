import type { VideoLine } from './lines.ts';

/** What means something in a cue, as WebVTT 1 section 4.2.2 wants it written. */
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

const escapeCue = (text: string): string =>
  text
    .replaceAll(/\s+/gu, ' ')
    .trim()
    .replaceAll(/[&<>]/g, (character) => entities[character] ?? '');

/** Lines as WebVTT, which browsers show over a film; without empty ones. */
export function formatWebVtt(lines: readonly VideoLine[]): string {
  const cues = lines
    .map((line) => ({ ...line, text: escapeCue(line.text) }))
    .filter(({ text, from, to }) => text !== '' && to > from)
    .map(({ from, to, text }) => `${timeOf(from)} --> ${timeOf(to)}\n${text}\n`);
  return ['WEBVTT\n', ...cues].join('\n');
}

function timeOf(seconds: number): string {
  const all = Math.round(seconds * 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(all / 3_600_000), Math.floor(all / 60_000) % 60];
  const clock = `${two(hours)}:${two(minutes)}:${two(Math.floor(all / 1000) % 60)}`;
  return `${clock}.${String(all % 1000).padStart(3, '0')}`;
}

/** What a shot's prompt is made of; empty parts are left out. */
type ShotParts = {
  readonly picture: string;
  readonly camera: string;
  /** What stays the same from shot to shot. */
  readonly continuity: string;
  /** Style, tone and pace. */
  readonly look: string;
};

/**
 * The prompt of one shot, at most `max` UTF-16 code units long: the continuity is the first to go,
 * then the end of the picture.
 */
export function composePrompt(
  { picture, camera, continuity, look }: ShotParts,
  max: number,
): string {
  const whole = joined([picture, camera, continuity, look]);
  if (whole.length <= max) return whole;
  const tail = joined([camera, look]);
  // A space, and a full stop where the picture has none.
  const room = max - tail.length - 2;
  return room < max / 2 ? cutText(picture, max) : joined([cutText(picture, room), tail]);
}

const joined = (parts: readonly string[]): string =>
  parts
    .map(sentence)
    .filter(Boolean)
    .join(' ')
    .replaceAll(/(?<=[。！？]) /gu, '');

/** Ends with a full stop of its own script. */
function sentence(text: string): string {
  const bare = text.trim();
  if (bare === '' || /[.!?…。！？]$/u.test(bare)) return bare;
  return bare + (/\p{Script=Han}/u.test(bare) ? '。' : '.');
}

/** At most `max` UTF-16 code units, ended at a sentence where that keeps half, else at a word, never within a character. */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text;
  let rough = '';
  for (const character of text) {
    if (rough.length + character.length > max) break;
    rough += character;
  }
  const ends = ['. ', '! ', '? ', '。', '！', '？'].map((mark) => rough.lastIndexOf(mark));
  const end = Math.max(...ends) + 1;
  if (end > max / 2) return rough.slice(0, end).trim();
  const word = text.charAt(rough.length) === ' ' ? rough.length : rough.lastIndexOf(' ');
  return (word > max / 2 ? rough.slice(0, word) : rough).replace(/[\s,;:，、；：]+$/u, '');
}

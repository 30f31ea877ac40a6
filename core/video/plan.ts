import type { VideoModel } from './models.ts';

/** One clip of a video: how long the provider makes it, and what it shows. */
export type PlannedShot = { readonly seconds: number; readonly prompt: string };

/**
 * The fewest clips whose lengths cover `seconds`, with the least left over; longer ones first.
 * @param lengths what one clip can be, in seconds, at least one.
 * @internal
 */
export function planClips(seconds: number, lengths: readonly number[]): number[] {
  const longest = Math.max(...lengths);
  const count = Math.ceil(seconds / longest);
  // Totals that `count` clips can reach, each with one way to reach it.
  let reachable = new Map<number, number[]>([[0, []]]);
  for (let clip = 0; clip < count; clip += 1) {
    const next = new Map<number, number[]>();
    for (const [total, clips] of reachable) {
      for (const length of lengths) next.set(total + length, [...clips, length]);
    }
    reachable = next;
  }
  const totals = [...reachable.keys()].filter((total) => total >= seconds);
  const best = reachable.get(Math.min(...totals));
  if (!best) throw new Error(`no clips cover ${seconds} s`);
  return best.toSorted((a, b) => b - a);
}

const parts = {
  en: [
    'opening that hooks at once',
    'the idea unfolds',
    'a closer look',
    'a surprising turn',
    'closing image',
  ],
  zh: ['开场，立刻抓住注意力', '展开主题', '特写细节', '意外的转折', '收尾画面'],
};

const hasHan = (text: string): boolean => /\p{Script=Han}/u.test(text);

/** A shot list without a language model: the same subject throughout, each clip with its part in the story. */
export function planShots(prompt: string, seconds: number, model: VideoModel): PlannedShot[] {
  const clips = planClips(seconds, model.clipSeconds);
  if (clips.length === 1) return clips.map((length) => ({ seconds: length, prompt }));
  const language = hasHan(prompt) ? 'zh' : 'en';
  return clips.map((length, index) => {
    const part = partOf(parts[language], index, clips.length);
    const opening =
      language === 'zh'
        ? `镜头 ${index + 1}/${clips.length}（${part}，主体与色调保持一致）：`
        : `Shot ${index + 1} of ${clips.length} (${part}; same subject, same palette): `;
    return { seconds: length, prompt: opening + prompt };
  });
}

const lead = /^(?:Shot \d+ of \d+ \((.+?); same subject|镜头 \d+\/\d+（(.+?)，主体与色调保持一致)/u;

/** The part that a planned shot has in the story, such as "closing image"; null when it names none. */
export function partOfShot(prompt: string): string | null {
  const [, english, chinese] = lead.exec(prompt) ?? [];
  return english ?? chinese ?? null;
}

/** The first clip opens, the last one closes, those between share the middle. */
function partOf(words: readonly string[], index: number, count: number): string {
  const at = Math.round((index / Math.max(1, count - 1)) * (words.length - 1));
  return words[at] ?? '';
}

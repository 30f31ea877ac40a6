import type { VideoModel } from './models.ts';

/** US dollars of one clip; null when no price is known. */
export function clipUsd({ price }: Pick<VideoModel, 'price'>, seconds: number): number | null {
  if (price === null) return null;
  return 'perSecond' in price ? price.perSecond * seconds : (price.perClip[seconds] ?? null);
}

/** US dollars of a thousand spoken characters: MiniMax's own rate for Speech 2.8 Turbo, which resellers list too. */
export const voiceUsdPerThousand = 0.06;

/** US dollars of all clips and spoken lines, in whole cents; null when a clip has no known price. */
export function totalUsd(
  model: Pick<VideoModel, 'price'>,
  made: { readonly clips: readonly number[]; readonly lines: readonly string[] },
): number | null {
  let usd = 0;
  for (const seconds of made.clips) {
    const clip = clipUsd(model, seconds);
    if (clip === null) return null;
    usd += clip;
  }
  const characters = made.lines.reduce((sum, line) => sum + Array.from(line).length, 0);
  return Math.round((usd + (characters / 1000) * voiceUsdPerThousand) * 100) / 100;
}

import type { Locale } from '../../core/messages/catalogue.ts';

/** From this share of Chinese words on, a message is Chinese, whatever names stand in it. */
const chineseShare = 0.4;

/** The language somebody wrote in; null when there is no word to tell it by. */
export function languageOf(text: string): Locale | null {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const words = text.match(/\p{Script=Latin}+/gu)?.length ?? 0;
  if (han + words === 0) return null;
  return han / (han + words) >= chineseShare ? 'zh' : 'en';
}

/** About how many tokens a text takes: Latin letters by four, Chinese ones by one and a half. */
export function estimateTokens(text: string): number {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  return Math.ceil(han / 1.5 + (text.length - han) / 4);
}

import type { VideoOptions } from '../video/options.ts';
import { quoteWords } from './cards/quote.ts';
import type { Locale } from './catalogue.ts';
import { choiceLabel } from './fields.ts';

/** One choice in a few words, with the sign that it may carry. */
type OptionWords = { readonly mark: string; readonly words: string };

/** The choices about a video that differ from the usual ones; how it is fitted is told apart. */
export function optionWords(options: VideoOptions, locale: Locale): OptionWords[] {
  const { style, tone, pace, voice, captions } = options;
  const labelOf = (field: string, value: string): string =>
    choiceLabel({ operation: 'video_quote', field }, value, locale);
  return [
    ...(style === 'auto' ? [] : [{ mark: '🎨', words: labelOf('style', style) }]),
    ...(tone === 'auto' ? [] : [{ mark: '🌈', words: labelOf('tone', tone) }]),
    ...(pace === 'steady' ? [] : [{ mark: '🎵', words: labelOf('pace', pace) }]),
    ...(captions ? [{ mark: '💬', words: quoteWords[locale].captions() }] : []),
    ...(voice === 'off' ? [] : [{ mark: '🎙️', words: labelOf('voice', voice) }]),
  ];
}

import type { SuggestBrief } from './suggest-brief.ts';
import { suggestDescription } from './suggest-description.ts';
import type { WrittenTexts } from './suggest-model.ts';
import { suggestHashtags, suggestTags } from './suggest-tags.ts';
import { suggestTitles } from './suggest-titles.ts';

/** Texts for a publication, within all bounds. */
export type SuggestedTexts = {
  readonly titles: string[];
  readonly description: string;
  readonly tags: string[];
  /** `rules` when neither a title nor the description is the model's. */
  readonly writtenBy: 'model' | 'rules';
};

/** Brings what a model has written within the bounds; what is missing, or everything, is written by rules. */
export function writeTexts(brief: SuggestBrief, written: WrittenTexts | null): SuggestedTexts {
  const { titles, kept } = suggestTitles(brief, written?.titles ?? []);
  const hashtags = suggestHashtags(brief, written?.hashtags ?? []);
  const { description, isWritten } = suggestDescription(
    brief,
    hashtags,
    written && { text: written.description, chapters: written.chapters ?? [] },
  );
  return {
    titles,
    description,
    tags: suggestTags(brief, written?.tags ?? []),
    writtenBy: kept > 0 || isWritten ? 'model' : 'rules',
  };
}

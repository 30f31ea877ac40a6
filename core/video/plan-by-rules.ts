import type { Locale } from '../messages/catalogue.ts';
import { languageOf } from '../text-language.ts';
import { fitLine } from './line.ts';
import type { VideoModel } from './models.ts';
import { hasLines, lookOf, type VideoOptions } from './options.ts';
import type { PlannedClip, PlannedShot } from './plan.ts';
import { composePrompt } from './shot-prompt.ts';

type Part = { readonly picture: string; readonly camera: string };

const parts: Readonly<Record<Locale, readonly Part[]>> = {
  en: [
    { picture: 'opening that hooks at once', camera: 'close-up that draws in' },
    { picture: 'the idea unfolds', camera: 'wide shot that follows the subject' },
    { picture: 'a closer look', camera: 'close-up of a detail' },
    { picture: 'a surprising turn', camera: 'camera circles the subject' },
    { picture: 'closing image', camera: 'camera pulls back to a wide shot' },
  ],
  zh: [
    { picture: '开场，立刻抓住注意力', camera: '特写，镜头推近' },
    { picture: '展开主题', camera: '全景，镜头跟随主体' },
    { picture: '特写细节', camera: '细节特写' },
    { picture: '意外的转折', camera: '镜头环绕主体' },
    { picture: '收尾画面', camera: '镜头拉远到全景' },
  ],
};

/** What is planned: the wish in words and choices, and the clips that it is made of. */
export type Brief = {
  readonly prompt: string;
  readonly options: VideoOptions;
  readonly model: VideoModel;
  readonly clips: readonly PlannedClip[];
};

/**
 * A storyboard without a language model: the same prompt throughout, each clip with its part in the
 * story, and the clauses of the prompt as lines.
 */
export function planByRules({ prompt, options, model, clips }: Brief): PlannedShot[] {
  const language = languageOf(prompt);
  const look = lookOf(options, language);
  const lines = hasLines(options) ? clausesOf(prompt) : [];
  return clips.map((clip, index) => {
    const line = lines[index];
    const { picture, camera } =
      clips.length === 1
        ? { picture: prompt, camera: '' }
        : partOf(parts[language], index, clips.length);
    const place = `${index + 1}/${clips.length}`;
    const text =
      clips.length === 1
        ? { picture: prompt, camera: '', continuity: '', look }
        : {
            picture: prompt,
            camera:
              language === 'zh'
                ? `镜头 ${place}（${picture}）：${camera}`
                : `Shot ${place}, ${picture}: ${camera}`,
            continuity:
              language === 'zh' ? '主体与色调保持一致' : 'Same subject, same palette throughout',
            look,
          };
    return {
      ...clip,
      prompt: composePrompt(text, model.promptMax),
      picture,
      camera,
      line: line === undefined ? null : fitLine(line, clip.keepSeconds),
    };
  });
}

/** The first clip opens, the last one closes, those between share the middle. */
function partOf(story: readonly Part[], index: number, count: number): Part {
  const at = Math.round((index / (count - 1)) * (story.length - 1));
  return story[at] ?? { picture: '', camera: '' };
}

const clausesOf = (prompt: string): string[] =>
  prompt
    .split(/[.,;:!?\n。，；：！？、]+/u)
    .map((clause) => clause.trim())
    .filter((clause) => clause.length > 1);

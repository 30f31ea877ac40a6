import { z } from 'zod';

import { videoWords } from '../../../core/messages/cards/video.ts';
import { promptCheck } from '../../../core/prompt/check.ts';
import { actionId } from '../action-id.ts';
import type { Draw } from '../draw.ts';
import { accents, button, card, row, text, type View } from '../view.ts';
import { quoted, small } from './format.ts';

const asked = z.object({ prompt: z.string().optional().catch(undefined) });

/**
 * Whether a prompt may be used, and the way on. `reworded`: the id under which the suggested wording
 * is kept, null when there is none.
 */
export function presentCheck(
  output: Record<string, unknown>,
  draw: Draw,
  input: Record<string, unknown>,
  reworded: string | null,
): View {
  const words = videoWords[draw.locale];
  const checked = promptCheck.output.parse(output);
  const { allowed, judged_by: by } = checked;
  const { prompt = '' } = asked.parse(input);
  const title = allowed ? `✅ ${words.allowedTitle()}` : `⛔ ${words.refusedTitle()}`;
  const edit = actionId('prompt-edit', draw.owner);
  const said = allowed ? [] : [text(quoted(promptCheck.say(checked, draw.locale), 800))];
  const buttons = allowed
    ? [button(edit, { label: words.makeIt(), emoji: '🎬' }, 'primary')]
    : [button(edit, { label: words.changePrompt(), emoji: '✏️' }, 'primary')];
  const reword =
    reworded === null
      ? []
      : [
          button(
            actionId('prompt-reword', draw.owner, reworded),
            { label: words.reword(), emoji: '🛟' },
            'success',
          ),
        ];
  return card(allowed ? accents.good : accents.quiet, [
    text(`### ${title}${prompt ? `\n> ${quoted(prompt, 500)}` : ''}`),
    ...said,
    ...(by === 'rules' ? [text(small(words.judgedByRules()))] : []),
    row(...buttons, ...reword),
  ]);
}

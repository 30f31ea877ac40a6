import { signUpQuota } from '../../../core/account/open.ts';
import { commonWords } from '../../../core/messages/cards/common.ts';
import { actionId } from '../action-id.ts';
import type { Draw } from '../draw.ts';
import { accents, button, card, row, separator, text, type View } from '../view.ts';
import { small } from './format.ts';

/** What somebody reads who is here for the first time. */
export function presentWelcome(draw: Draw): View {
  const words = commonWords[draw.locale].welcome;
  return card(accents.brand, [
    text(`### 👋 ${words.heading}\n${words.lead}`),
    text(words.steps.join('\n')),
    separator(),
    text(`${words.quota({ quota: signUpQuota })}\n${small(words.note)}`),
    row(
      button(actionId('welcome-find', draw.owner), { label: words.find, emoji: '🔥' }, 'primary'),
      button(actionId('prompt-edit', draw.owner), { label: words.make, emoji: '🎬' }),
      button(actionId('channel-connect', draw.owner), { label: words.connect, emoji: '📺' }),
    ),
  ]);
}

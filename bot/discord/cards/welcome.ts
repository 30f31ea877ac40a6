import type { FreeUnits } from '../../../core/account/free-units.ts';
import { signUpQuota } from '../../../core/account/open.ts';
import { formatMoment } from '../../../core/local-time.ts';
import { commonWords } from '../../../core/messages/cards/common.ts';
import { actionId } from '../action-id.ts';
import type { Draw } from '../draw.ts';
import { accents, button, card, row, separator, text, type View } from '../view.ts';
import { small } from './format.ts';

/** What somebody reads who is here for the first time; who has no free units is told why. */
export function presentWelcome(draw: Draw, free: FreeUnits): View {
  const words = commonWords[draw.locale].welcome;
  return card(accents.brand, [
    text(`### 👋 ${words.heading}\n${words.lead}`),
    text(words.steps.join('\n')),
    separator(),
    text(`${quotaLine(draw, free)}\n${small(words.note)}`),
    row(
      button(actionId('welcome-find', draw.owner), { label: words.find, emoji: '🔥' }, 'primary'),
      button(actionId('prompt-edit', draw.owner), { label: words.make, emoji: '🎬' }),
      button(actionId('channel-connect', draw.owner), { label: words.connect, emoji: '📺' }),
    ),
  ]);
}

function quotaLine({ locale, timeZone, now }: Draw, { from }: FreeUnits): string {
  const words = commonWords[locale].welcome;
  if (from === null) return words.noQuota;
  if (from <= now) return words.quota({ quota: signUpQuota });
  const moment = formatMoment(from, timeZone, locale);
  return words.quotaFrom({ quota: signUpQuota, moment });
}

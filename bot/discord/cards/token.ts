import type { APIComponentInContainer } from 'discord-api-types/v10';
import type { z } from 'zod';

import { tokenWords } from '../../../core/messages/cards/token.ts';
import { tokenCreate } from '../../../core/token/create.ts';
import { tokenList } from '../../../core/token/list.ts';
import { tokenRevoke } from '../../../core/token/revoke.ts';
import { actionId } from '../action-id.ts';
import type { Draw, Presenter } from '../draw.ts';
import { accents, button, card, row, section, separator, text } from '../view.ts';
import { moment, quoted, small } from './format.ts';

/** With a button each they fit into the 40 components of a message. */
const shownTokens = 10;

type Listed = z.output<typeof tokenList.output>['tokens'][number];

/** A new token in a block of its own, so that it is copied whole; for the person alone. */
export const presentToken: Presenter = (output, { locale, owner }) => {
  const { name, token, scopes, expires_at, how_to_use } = tokenCreate.output.parse(output);
  const words = tokenWords[locale];
  const facts = small(
    words.allows({ scopes: scopes.join(', ') }),
    words.ends({ when: moment(expires_at, 'f') }),
  );
  return card(accents.brand, [
    text(`### ${words.madeHeading}\n**${quoted(name, 60)}**\n${facts}`),
    text(`${words.once}\n\`\`\`\n${token}\n\`\`\``),
    text(quoted(how_to_use, 2000)),
    separator(),
    row(showAll({ locale, owner })),
  ]);
};

/** The tokens of the account, those that work with a button that ends them. */
export const presentTokens: Presenter = (output, draw) => {
  const { tokens } = tokenList.output.parse(output);
  const words = tokenWords[draw.locale];
  const shown = tokens.slice(0, shownTokens);
  const more = tokens.length - shown.length;
  return card(shown.length === 0 ? accents.quiet : accents.brand, [
    text(`### ${words.listHeading}`),
    ...(shown.length === 0 ? [text(words.none)] : []),
    ...shown.map((token) => drawToken(token, draw)),
    ...(more > 0 ? [text(small(words.more({ count: more })))] : []),
  ]);
};

/** A token that is no more. */
export const presentTokenRevoked: Presenter = (output, { locale, owner }) => {
  const { name } = tokenRevoke.output.parse(output);
  const words = tokenWords[locale];
  return card(accents.quiet, [
    text(`### ${words.gone}\n**${quoted(name, 60)}**\n${small(words.goneNote)}`),
    row(showAll({ locale, owner })),
  ]);
};

const showAll = ({ locale, owner }: Pick<Draw, 'locale' | 'owner'>) =>
  button(actionId('tokens-show', owner), { label: tokenWords[locale].show, emoji: '🔑' });

function drawToken(token: Listed, { locale, owner }: Draw): APIComponentInContainer {
  const words = tokenWords[locale];
  const { id, name, scopes, last_used_at: used } = token;
  const lines = [
    `**${quoted(name, 60)}**`,
    words.allows({ scopes: scopes.join(', ') }),
    small(
      ...(token.kind === 'program' ? [words.program] : []),
      untilOf(token, locale),
      used === null ? words.unused : words.used({ when: moment(used) }),
    ),
  ].join('\n');
  if (token.state !== 'active') return text(lines);
  return section([lines], button(actionId('token-revoke', owner, id), { label: words.revoke }));
}

function untilOf({ state, expires_at }: Listed, locale: Draw['locale']): string {
  const words = tokenWords[locale];
  if (state === 'revoked') return words.revoked;
  const when = moment(expires_at, 'f');
  return state === 'active' ? words.ends({ when }) : words.ended({ when });
}

import { consentActions } from '../consent.ts';
import type { Action } from '../exchange.ts';
import type { Parts } from '../parts.ts';
import { againActions } from './again.ts';
import { welcomeActions } from './account-welcome.ts';
import { accountActions } from './account.ts';
import { channelActions } from './channel.ts';
import { consentChoiceActions } from './consent-choice.ts';
import { planActions } from './plan.ts';
import { promptActions } from './prompt.ts';
import { publicationActions } from './publication.ts';
import { publishActions } from './publish.ts';
import { quoteActions } from './quote.ts';
import { serverActions } from './server.ts';
import { statsActions } from './stats.ts';
import { tokenActions } from './token.ts';
import { trendActions } from './trend.ts';
import { videoActions } from './video.ts';
import { watchActions } from './watch.ts';

/** Everything that a button, select or form can do, by name. */
export function createActions(parts: Parts): ReadonlyMap<string, Action> {
  const actions = [
    ...trendActions,
    ...promptActions,
    ...quoteActions,
    ...videoActions,
    ...watchActions,
    ...publishActions,
    ...publicationActions,
    ...channelActions,
    ...statsActions,
    ...accountActions,
    ...planActions,
    ...tokenActions,
    ...serverActions,
    ...welcomeActions,
    ...againActions,
    ...consentChoiceActions,
    ...consentActions(parts),
  ];
  const byName = new Map(actions.map((action) => [action.name, action]));
  if (byName.size < actions.length) throw new Error('two actions share a name');
  return byName;
}

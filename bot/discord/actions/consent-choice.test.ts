import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { decideApproval } from '../../../core/consent/decide.ts';
import type { Context } from '../../../core/context.ts';
import { isFault } from '../../../core/fault.ts';
import { perform } from '../../../core/operation.ts';
import { publicationCreate } from '../../../core/publication/create.ts';
import { recordExchange, type Recorded } from '../../../test/kit/recorded-exchange.ts';
import { connectChannel, makeReadyVideo } from '../../../test/kit/trips.ts';
import { idsOfView, textOfView } from '../../../test/kit/view-limits.ts';
import { createWorld, type World } from '../../../test/kit/world.ts';
import { readChosen } from '../consent-choices.ts';
import { consentChoiceActions } from './consent-choice.ts';

let world: World;
let video: string;
let approval: string;
let context: Context;
beforeAll(async () => {
  world = await createWorld();
  video = await makeReadyVideo(world);
  await connectChannel(world, 'owner');
  context = await world.context('discord', 'owner');
}, 120_000);
afterAll(() => world.close());

let asked = 0;
beforeEach(async () => {
  asked += 1;
  const agent = await world.context('agent', 'owner');
  const outcome = await perform(publicationCreate, { video, title: `Title ${asked}` }, agent);
  if (outcome.ok || !isFault(outcome.fault, 'approval_required')) throw new Error('not asked');
  approval = outcome.fault.params.id;
});

async function pick(field: string, option: string, who = context): Promise<Recorded> {
  const recorded = recordExchange(who);
  const [action] = consentChoiceActions;
  await action?.handle(recorded.exchange, [approval, field], { picked: [option] });
  return recorded;
}
const shown = ({ views }: Recorded) => textOfView(views.at(-1) ?? { components: [] });

it('keeps every choice until the person decides, and draws it', async () => {
  const first = await pick('privacy', 'public');
  expect(first.steps).toStrictEqual(['defer update', 'update']);
  expect(shown(first)).toContain('**Visibility** Public');
  const second = await pick('notify', 'true');
  expect(shown(second)).toContain('**Visibility** Public');
  expect(shown(second)).toContain('**Notify subscribers** Yes');
  const choices = await readChosen(context, approval);
  expect(choices).toStrictEqual({ privacy: 'public', notify: true });

  // What was chosen is what is done.
  const by = context.actor.accountId;
  await decideApproval(world.app, {
    id: approval,
    approved: true,
    by,
    surface: 'discord',
    choices,
  });
  const agent = await world.context('agent', 'owner');
  const wish = { video, title: `Title ${asked}` };
  const outcome = await perform(publicationCreate, wish, agent, { approvalId: approval });
  expect(outcome).toMatchObject({ ok: true });
});

it.each([
  ['privacy', 'everybody'],
  ['title', 'Another'],
  ['notify', 'perhaps'],
])('takes no %s of %s', async (field, option) => {
  await expect(pick(field, option)).rejects.toMatchObject({ code: 'invalid_input' });
  expect(await readChosen(context, approval)).toStrictEqual({});
});

it('changes nothing of what is decided', async () => {
  const by = context.actor.accountId;
  await decideApproval(world.app, { id: approval, approved: false, by, surface: 'discord' });
  const late = await pick('privacy', 'public');
  expect(shown(late)).toContain('Cancelled');
  expect(idsOfView(late.views[0] ?? { components: [] })).toStrictEqual([]);
  expect(await readChosen(context, approval)).toStrictEqual({});
});

it('is of no use to somebody else, nor after its time', async () => {
  const other = await world.context('discord', 'somebody else');
  await expect(pick('privacy', 'public', other)).rejects.toMatchObject({
    code: 'approval_not_valid',
  });
  await world.advance(15 * 60);
  await expect(pick('privacy', 'public')).rejects.toMatchObject({ code: 'approval_not_valid' });
});

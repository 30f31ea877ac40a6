import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { findApproval } from '../../../core/consent/decide.ts';
import type { Context } from '../../../core/context.ts';
import { publicationCreate } from '../../../core/publication/create.ts';
import { publications } from '../../../drizzle/schema/publishing.ts';
import { recordExchange, type Recorded } from '../../../test/kit/recorded-exchange.ts';
import { connectChannel, makeReadyVideo } from '../../../test/kit/trips.ts';
import { fieldOf, idsOfView, problemsOfView, textOfView } from '../../../test/kit/view-limits.ts';
import { createWorld, type World } from '../../../test/kit/world.ts';
import { publicationActions } from './publication.ts';

let world: World;
let video: string;
beforeAll(async () => {
  world = await createWorld();
  video = await makeReadyVideo(world);
  await connectChannel(world);
}, 120_000);
afterAll(() => world.close());

async function contextIn(): Promise<Context> {
  const context = await world.context('discord');
  const actor = { ...context.actor, serverId: null };
  return { ...context, actor, timeZone: 'Asia/Shanghai' };
}

async function act(
  name: string,
  args: readonly string[],
  filled: Record<string, readonly string[]> = {},
): Promise<Recorded> {
  const recorded = recordExchange(await contextIn());
  const action = publicationActions.find((one) => one.name === name);
  if (!action) throw new Error(`no action ${name}`);
  await action.handle(recorded.exchange, args, filled);
  for (const view of recorded.views) expect(problemsOfView(view)).toStrictEqual([]);
  return recorded;
}

const shown = ({ views }: Recorded, index = 0): string => {
  const view = views[index];
  if (!view) throw new Error('nothing is shown');
  return textOfView(view);
};

let id: string;
beforeEach(async () => {
  // One upload of a video at a time: the last one is over.
  await world.app.database.db.delete(publications);
  const wish = { video, title: 'Mine', description: 'About it.', tags: 'a,b', privacy: 'public' };
  const made = await world.must(publicationCreate, wish, await contextIn());
  id = String(made['publication']);
});

const inputOf = async ({ approvals: [approval = ''] }: Recorded) =>
  (await findApproval(world.app, approval)).input;

it('shows publications and looks at one again', async () => {
  const list = await act('publications-show', []);
  expect(list.steps[0]).toBe('defer person');
  expect(shown(list)).toContain('**Mine**');
  const picked = await act('publication-show', [], { picked: [id] });
  expect(picked.steps).toStrictEqual(['defer update', 'perform publication_show', 'update']);
  const pressed = await act('publication-show', [id]);
  expect(shown(pressed)).toBe(shown(picked));
  expect(idsOfView(pressed.views[0] ?? { components: [] })).toContain(
    `v1:publication-show:12345678901234567890:${id}`,
  );
});

describe('taking it back', () => {
  it('stops an upload, draws the card anew and says what came of it', async () => {
    const stopped = await act('publication-stop', [id]);
    expect(stopped.steps).toStrictEqual([
      'defer update',
      'perform publication_cancel',
      'perform publication_show',
      'update',
      'answer person',
    ]);
    expect(shown(stopped)).toContain('### ⏹️ Stopped');
    expect(shown(stopped, 1)).toContain('Nothing was published.');
    await world.drain();
    expect(world.emulators.google.videos.filter(({ title }) => title === 'Mine')).toEqual([]);
  });

  it('takes what is public back to private, once', async () => {
    await world.drain();
    expect(shown(await act('publication-show', [id]))).toContain('### ✅ Published');
    const back = await act('publication-stop', [id]);
    expect(shown(back)).toContain('On YouTube, as private');
    expect(shown(back, 1)).toContain('### ↩️ Taken back');
    expect(world.emulators.google.videos.at(-1)).toMatchObject({ privacy: 'private' });
    const late = await act('publication-stop', [id]);
    expect(late.steps).toStrictEqual([
      'defer update',
      'perform publication_cancel',
      'fail already_over',
      'perform publication_show',
      'update',
    ]);
  });
});

describe('changing it', () => {
  beforeEach(() => world.drain());

  it('asks for the visibility that was picked', async () => {
    const picked = await act('publication-privacy', [id], { picked: ['unlisted'] });
    expect(await inputOf(picked)).toEqual({ publication: id, privacy: 'unlisted' });
  });

  it('opens the form as the first answer, with what is there', async () => {
    const opened = await act('publication-change', [id]);
    expect(opened.steps).toStrictEqual(['perform publication_show', 'modal']);
    const [modal] = opened.modals;
    expect(modal && fieldOf(modal, 'title')).toMatchObject({ value: 'Mine' });
    expect(modal && fieldOf(modal, 'tags')).toMatchObject({ value: 'a, b' });
  });

  it.each([
    [{ title: ['New'], description: ['About it.'], tags: ['a, b'] }, { title: 'New' }],
    [{ title: ['Mine'], description: [], tags: ['a, b'] }, { description: '' }],
    [{ title: ['Mine'], description: ['About it.'], tags: ['c'] }, { tags: 'c' }],
  ])('asks only for what differs: %j', async (filled, changes) => {
    const saved = await act('publication-change-save', [id], filled);
    expect(await inputOf(saved)).toEqual({ publication: id, ...changes });
  });

  it('changes nothing when nothing differs', async () => {
    const same = { title: ['Mine'], description: ['About it.'], tags: ['a, b'] };
    const saved = await act('publication-change-save', [id], same);
    expect(saved.approvals).toEqual([]);
    expect(saved.steps.at(-1)).toBe('fail invalid_input');
  });

  it('moves the time of a planned one, as it is typed on the clock of the person', async () => {
    const at = new Date('2026-11-22T12:00:00.000Z');
    const planned = {
      status: 'scheduled' as const,
      hostPrivacy: 'private' as const,
      publishAt: at,
    };
    await world.app.database.db.update(publications).set(planned).where(eq(publications.id, id));
    const texts = { title: ['Mine'], description: ['About it.'], tags: ['a, b'] };
    const save = (time: string) => act('publication-change-save', [id], { ...texts, time: [time] });
    const moved = await save('2026-11-23 21:30');
    expect(await inputOf(moved)).toEqual({
      publication: id,
      publish_at: '2026-11-23T13:30:00.000Z',
    });
    expect((await save('2026-11-22 20:00')).steps.at(-1)).toBe('fail invalid_input');
    const unread = await save('next week');
    expect(unread.steps).toStrictEqual([
      'defer update',
      'perform publication_show',
      'fail invalid_input',
    ]);
    expect(unread.faults[0]?.message).toContain('next week');
  });
});

it('says what is not there', async () => {
  for (const name of ['publication-show', 'publication-change', 'publication-change-save']) {
    const none = await act(name, ['pub_none']);
    expect(none.steps.at(-1)).toBe('fail not_found');
    expect(none.modals).toEqual([]);
  }
});

import { createCanvas } from '@napi-rs/canvas';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { findApproval } from '../../../core/consent/decide.ts';
import type { Context } from '../../../core/context.ts';
import { withAccess } from '../../../core/channel/access.ts';
import type { Locale } from '../../../core/messages/catalogue.ts';
import { requiredScopes } from '../../../core/ports/video-host.ts';
import { drafts } from '../../../drizzle/schema/chat.ts';
import { channels, publications } from '../../../drizzle/schema/publishing.ts';
import { pictures } from '../../../drizzle/schema/pictures.ts';
import { shots, videos } from '../../../drizzle/schema/videos.ts';
import { serveRoutes, type Emulator } from '../../../sandbox/http.ts';
import { recordExchange, type Recorded } from '../../../test/kit/recorded-exchange.ts';
import { connectChannel, makeReadyVideo, startVideo, youtubeOf } from '../../../test/kit/trips.ts';
import { fieldOf, problemsOfView, textOfView } from '../../../test/kit/view-limits.ts';
import { createWorld, type World } from '../../../test/kit/world.ts';
import { readFields } from './publish-draft.ts';
import { openPublishForm, openSuggestion } from './publish-form.ts';
import { publishActions } from './publish.ts';

let world: World;
let video: string;
let files: Emulator;
beforeAll(async () => {
  const body = createCanvas(2560, 1440).toBuffer('image/png');
  const serve = (path: RegExp, answer: Buffer | string) => ({
    method: 'GET',
    path,
    handle: () => ({ status: 200, body: answer }),
  });
  const routes = [serve(/\/a\.png/u, body), serve(/\/words\.png/u, 'words, and no picture')];
  files = await serveRoutes(routes, { status: 404 });
  world = await createWorld({ settings: { DISCORD_API_URL: `${files.url}/api` } });
  video = await makeReadyVideo(world);
}, 120_000);
afterAll(async () => {
  await world.close();
  await files.close();
});
beforeEach(async () => {
  await world.app.database.db.delete(drafts);
});

async function contextIn(locale: Locale = 'en', account = 'owner'): Promise<Context> {
  const context = await world.context('discord', account, locale);
  const actor = { ...context.actor, serverId: null };
  return { ...context, actor, locale, timeZone: 'Asia/Shanghai' };
}

/** Presses, picks or sends as if the bot had just been started: nothing is left but the database. */
async function act(
  name: string,
  filled: Record<string, readonly string[]> = {},
  where: { readonly args?: readonly string[]; readonly context?: Context } = {},
): Promise<Recorded> {
  const recorded = recordExchange(where.context ?? (await contextIn()));
  const action = publishActions.find((one) => one.name === name);
  if (!action) throw new Error(`no action ${name}`);
  await action.handle(recorded.exchange, where.args ?? [video], filled);
  return recorded;
}

const shown = ({ views }: Recorded): string => {
  const last = views.at(-1);
  if (!last) throw new Error('nothing is shown');
  expect(problemsOfView(last)).toStrictEqual([]);
  return textOfView(last);
};

const kept = async () => readFields(await contextIn(), video);

describe('opening the form', () => {
  it('acknowledges first, suggests once, and is for the person alone', async () => {
    const first = await act('publish-open');
    expect(first.steps).toStrictEqual([
      'defer person',
      'perform video_show',
      'perform publication_suggest',
      'perform channel_list',
      'answer person',
    ]);
    const fields = await kept();
    expect(fields?.titles).toHaveLength(3);
    expect(fields).toMatchObject({ title: fields?.titles[0], privacy: 'private', notify: false });
    expect(shown(first)).toContain('No YouTube channel is connected yet');

    const again = await act('publish-open');
    expect(again.steps).not.toContain('perform publication_suggest');
    expect(shown(again)).toBe(shown(first));
  });

  it('begins with the title that was picked from the suggestions', async () => {
    const suggested = recordExchange(await contextIn());
    await openSuggestion(suggested.exchange, video);
    expect(shown(suggested)).toContain('### 💡 Texts for your video');
    const titles = (await kept())?.titles;
    const opened = await act('publish-open', { picked: ['2'] });
    expect(opened.steps).not.toContain('perform publication_suggest');
    expect(await kept()).toMatchObject({ titles, title: titles?.[2] });
  });

  it('says what is not there or not ready', async () => {
    const none = await act('publish-open', {}, { args: ['vid_none'] });
    expect(none.steps).toStrictEqual(['defer person', 'perform video_show', 'fail not_found']);
    const context = await contextIn('en', 'somebody else');
    const theirs = await act('publish-open', {}, { context });
    expect(theirs.steps.at(-1)).toBe('fail not_found');
    const running = await startVideo(world, 'hurried');
    const hurried = await contextIn('en', 'hurried');
    const early = await act('publish-open', {}, { args: [running], context: hurried });
    expect(early.steps.at(-1)).toBe('fail not_ready');
    await world.drain();
  });

  it('is drawn in Chinese for who reads it', async () => {
    const opened = recordExchange(await contextIn('zh'));
    await openPublishForm(opened.exchange, video);
    expect(shown(opened)).toContain('### 📣 发布到 YouTube');
  });
});

describe('filling the form in', () => {
  beforeEach(async () => {
    await act('publish-open');
  });

  it.each<[string, Record<string, readonly string[]>, Record<string, unknown>]>([
    ['publish-privacy', { picked: ['unlisted'] }, { privacy: 'unlisted' }],
    ['publish-privacy', { picked: ['everybody'] }, { privacy: 'private' }],
    ['publish-channel', { picked: ['chn_1'] }, { channel: 'chn_1' }],
    ['publish-options', { picked: ['notify'] }, { notify: true, made_for_kids: false }],
    ['publish-options', { picked: ['made_for_kids'] }, { notify: false, made_for_kids: true }],
    ['publish-options', { picked: [] }, { notify: false, made_for_kids: false }],
    ['publish-options', { picked: ['captions'] }, { captions: true }],
    ['publish-playlist', { picked: ['none'] }, { playlist: null }],
    ['publish-playlist', { picked: ['id.gone'] }, { playlist: null }],
    ['publish-playlist-save', { title: [' Boats '] }, { playlist: 'Boats' }],
    ['publish-playlist-save', { title: [] }, { playlist: null }],
    ['publish-thumbnail', { picked: ['first_frame'] }, { thumbnail: 'first_frame' }],
    ['publish-thumbnail', { picked: ['automatic'] }, { thumbnail: 'automatic' }],
    ['publish-thumbnail', { picked: ['second_frame'] }, { thumbnail: 'automatic' }],
    ['publish-check', {}, {}],
    [
      'publish-time-save',
      { when: ['tonight'], time: [] },
      { publish_at: '2026-11-22T12:00:00.000Z' },
    ],
    [
      'publish-time-save',
      { when: ['tomorrow'], time: [] },
      { publish_at: '2026-11-23T12:00:00.000Z' },
    ],
    [
      'publish-time-save',
      { when: ['other'], time: ['2026-12-01 20:00'] },
      { publish_at: '2026-12-01T12:00:00.000Z' },
    ],
    ['publish-time-save', { when: ['now'], time: ['2026-12-01 20:00'] }, { publish_at: null }],
    ['publish-time-save', { when: ['other'], time: [] }, { publish_at: null }],
  ])('%s %j changes the same message and the draft', async (name, filled, changes) => {
    const before = await kept();
    const { steps, views } = await act(name, filled);
    expect(steps[0]).toBe('defer update');
    expect(steps.at(-1)).toBe('update');
    expect(views).toHaveLength(1);
    expect(await kept()).toStrictEqual({ ...before, ...changes });
  });

  it('picks one of the suggested titles', async () => {
    const titles = (await kept())?.titles ?? [];
    const picked = await act('publish-title', { picked: ['1'] });
    expect(await kept()).toMatchObject({ title: titles[1] });
    expect(shown(picked)).toContain('**');
  });

  it.each([
    [['other'], 'next Friday', '"next Friday" is no time that I can read'],
    [['other'], '2026-11-22 15:59', '2026-11-22 15:59 (Asia/Shanghai) is not in the future'],
    [['other'], '2026-11-22 16:00', 'is not in the future'],
  ])('keeps the time as it was for %j %s', async (when, time, words) => {
    const refused = await act('publish-time-save', { when, time: [time] });
    expect(shown(refused).replaceAll('\\', '')).toContain(words);
    expect(await kept()).toMatchObject({ publish_at: null });
  });

  it('opens its own forms as the first answer, with what is filled in', async () => {
    const edit = await act('publish-edit');
    expect(edit.steps).toStrictEqual(['modal']);
    const [texts] = edit.modals;
    const title = (await kept())?.title;
    expect(texts && fieldOf(texts, 'title')).toMatchObject({ value: title });
    expect((await act('publish-time')).steps).toStrictEqual(['modal']);
  });

  it('asks for an own picture in a form, as the first answer, and nothing changes by that alone', async () => {
    const before = await kept();
    const asked = await act('publish-thumbnail', { picked: ['own'] });
    expect(asked.steps).toStrictEqual(['modal']);
    expect(asked.modals[0] && fieldOf(asked.modals[0], 'file')).toMatchObject({ max_values: 1 });
    expect(await kept()).toStrictEqual(before);
  });

  it('keeps the picture that was uploaded, and shows its size', async () => {
    const sent = await act('publish-picture', { file: [`${files.url}/a.png`] });
    expect(sent.steps[0]).toBe('defer update');
    expect(sent.steps.slice(-2)).toStrictEqual(['perform picture_keep', 'update']);
    expect(shown(sent)).toContain('Preview picture: own picture (1280×720)');
    const [row] = await world.app.database.db.select().from(pictures);
    expect(row).toMatchObject({ serverId: null, width: 1280, height: 720 });
    const picture = { id: row?.id, width: 1280, height: 720 };
    expect(await kept()).toMatchObject({ thumbnail: 'own', picture });
    // Another choice and back again keep nothing of it in what is asked for.
    await act('publish-thumbnail', { picked: ['first_frame'] });
    expect(await kept()).toMatchObject({ thumbnail: 'first_frame' });
  });

  it.each([
    ['/words.png', 'no picture'],
    ['https://evil.example/a.png', 'another host'],
  ])('says why %s is not kept, and leaves the form as it was', async (where) => {
    const before = await kept();
    const url = where.startsWith('/') ? files.url + where : where;
    const sent = await act('publish-picture', { file: [url] });
    expect(sent.steps.slice(-2)).toStrictEqual(['perform picture_keep', 'fail invalid_input']);
    expect(sent.views).toStrictEqual([]);
    expect(await kept()).toStrictEqual(before);
    const none = await act('publish-picture', {});
    expect(none.steps.at(-1)).toBe('fail invalid_input');
  });

  it('keeps what is picked while the picture is being drawn', async () => {
    const recorded = recordExchange(await contextIn());
    const slow = recordExchange(await contextIn(), {
      async perform(name, input) {
        const output = await recorded.exchange.perform(name, input);
        if (name === 'picture_keep') await act('publish-privacy', { picked: ['public'] });
        return output;
      },
    });
    const send = publishActions.find(({ name }) => name === 'publish-picture');
    await send?.handle(slow.exchange, [video], { file: [`${files.url}/a.png`] });
    expect(await kept()).toMatchObject({ privacy: 'public', thumbnail: 'own' });
  });

  it('keeps what YouTube would refuse, says why, and asks for nothing until it is corrected', async () => {
    await connectChannel(world, 'owner');
    const typed = { title: ['a < b'], description: ['字'.repeat(1667)], tags: ['a, b'] };
    const refused = shown(await act('publish-texts', typed)).replaceAll('\\', '');
    expect(refused).toContain('Title: must not contain < or >');
    expect(refused).toContain('Description: is 5001 bytes, at most 5000 are allowed');
    expect(await kept()).toMatchObject({ title: 'a < b', is_edited: true });
    const sent = await act('publish-send');
    expect(sent.steps).not.toContain('perform publication_create');
    expect(sent.steps.at(-1)).toBe('update');
    const [modal] = (await act('publish-edit')).modals;
    expect(modal && fieldOf(modal, 'title')).toMatchObject({ value: 'a < b' });
  });

  it('finds new ideas without touching what the person has written', async () => {
    await act('publish-title', { picked: ['1'] });
    await act('publish-fresh');
    const fresh = await kept();
    expect(fresh?.title).toBe(fresh?.titles[0]);
    await act('publish-texts', { title: ['Mine'], description: ['Mine too'], tags: [] });
    const again = await act('publish-fresh');
    expect(again.steps).toContain('perform publication_suggest');
    expect(await kept()).toMatchObject({ title: 'Mine', description: 'Mine too', tags: '' });
  });

  it('keeps what is picked while new ideas are being written', async () => {
    const recorded = recordExchange(await contextIn());
    const slow = recordExchange(await contextIn(), {
      async perform(name, input) {
        const output = await recorded.exchange.perform(name, input);
        if (name === 'publication_suggest') await act('publish-privacy', { picked: ['public'] });
        return output;
      },
    });
    const fresh = publishActions.find(({ name }) => name === 'publish-fresh');
    await fresh?.handle(slow.exchange, [video], {});
    expect(await kept()).toMatchObject({ privacy: 'public' });
    expect(shown(slow)).toContain('Public');
  });

  it('is put away with what it holds, and opens again with it', async () => {
    await act('publish-texts', { title: ['Mine'], description: [], tags: [] });
    const closed = await act('publish-cancel');
    expect(shown(closed)).toContain('Nothing was published. Your texts are kept.');
    expect(shown(await act('publish-open'))).toContain('**Mine**');
  });

  it('says so when it is no longer kept', async () => {
    await world.app.database.db.delete(drafts);
    for (const name of ['publish-privacy', 'publish-send', 'publish-fresh'])
      expect(shown(await act(name, { picked: ['public'] }))).toContain('no longer kept');
    expect(shown(await act('publish-thumbnail', { picked: ['own'] }))).toContain('no longer kept');
    const edit = await act('publish-edit');
    expect(edit.steps).toStrictEqual(['answer person']);
    expect(shown(edit)).toContain('no longer kept');
  });
});

describe('sending the form', () => {
  it('asks for exactly what is filled in, once a person approves', async () => {
    const channel = await connectChannel(world, 'owner');
    await act('publish-open');
    await act('publish-texts', { title: ['Mine'], description: ['About'], tags: ['a,b'] });
    await act('publish-privacy', { picked: ['unlisted'] });
    await act('publish-options', { picked: ['notify'] });
    const sent = await act('publish-send');
    expect(sent.steps[0]).toBe('defer update');
    expect(sent.faults).toStrictEqual([]);
    const [id = ''] = sent.approvals;
    const { input } = await findApproval(world.app, id);
    const texts = { title: 'Mine', description: 'About', tags: 'a,b' };
    const wish = { privacy: 'unlisted', notify: true, made_for_kids: false };
    expect(input).toMatchObject({ video, channel, ...texts, ...wish });
    expect(input).not.toHaveProperty('publish_at');
    expect(await world.app.database.db.select().from(publications)).toStrictEqual([]);
  });

  it('sends a planned one as public at its time, whatever was picked before', async () => {
    await connectChannel(world, 'owner');
    await act('publish-open');
    await act('publish-privacy', { picked: ['unlisted'] });
    await act('publish-time-save', { when: ['tonight'], time: [] });
    const [id = ''] = (await act('publish-send')).approvals;
    const { input } = await findApproval(world.app, id);
    expect(input).toMatchObject({ privacy: 'public', publish_at: '2026-11-22T12:00:00.000Z' });
  });

  it('sends the picture with the choice of an own one, and only then', async () => {
    await connectChannel(world, 'owner');
    await act('publish-open');
    await act('publish-picture', { file: [`${files.url}/a.png`] });
    const picture = (await kept())?.picture?.id;
    const inputOf = async () => {
      const [id = ''] = (await act('publish-send')).approvals;
      return (await findApproval(world.app, id)).input;
    };
    expect(await inputOf()).toMatchObject({ thumbnail: 'own', picture });
    await act('publish-thumbnail', { picked: ['first_frame'] });
    const other = await inputOf();
    expect(other).toMatchObject({ thumbnail: 'first_frame' });
    expect(other).not.toHaveProperty('picture');
  });

  it('offers the playlists of the channel, which are read when it is opened or checked again', async () => {
    const channel = await connectChannel(world, 'owner');
    const host = youtubeOf(world);
    const title = `Boats ${channel}`;
    await withAccess(world.app, channel, (access) => host.createPlaylist(access, title));
    expect(shown(await act('publish-open'))).toContain('Publish to YouTube');
    const [boats] = (await kept())?.playlists[channel] ?? [];
    expect(boats).toMatchObject({ title });
    await act('publish-playlist', { picked: [`id.${boats?.id}`] });
    expect(await kept()).toMatchObject({ playlist: title });
    await withAccess(world.app, channel, (access) => host.createPlaylist(access, `${title} 2`));
    await act('publish-privacy', { picked: ['private'] });
    expect((await kept())?.playlists[channel]).toHaveLength(1);
    await act('publish-check');
    expect((await kept())?.playlists[channel]).toHaveLength(2);
    const other = await act('publish-playlist', { picked: ['other'] });
    expect(other.steps).toStrictEqual(['modal']);
    expect(other.modals[0] && fieldOf(other.modals[0], 'title')).toMatchObject({ value: title });
  });

  it('keeps what is picked while YouTube is asked for its playlists', async () => {
    await act('publish-open');
    const recorded = recordExchange(await contextIn());
    const slow = recordExchange(await contextIn(), {
      async perform(name, input) {
        const output = await recorded.exchange.perform(name, input);
        if (name === 'channel_list') await act('publish-privacy', { picked: ['public'] });
        return output;
      },
    });
    const check = publishActions.find(({ name }) => name === 'publish-check');
    await check?.handle(slow.exchange, [video], {});
    expect(await kept()).toMatchObject({ privacy: 'public' });
    expect(shown(slow)).toContain('Public');
  });

  it('sends category, playlist and captions as they are chosen', async () => {
    await connectChannel(world, 'owner');
    await act('publish-open');
    const plain = (await act('publish-send')).approvals[0] ?? '';
    const { input: before } = await findApproval(world.app, plain);
    expect(before).toMatchObject({ category: '28', captions: false });
    expect(before).not.toHaveProperty('playlist');
    const texts = { title: ['Mine'], description: [], tags: [] };
    await act('publish-texts', { ...texts, category: ['27'] });
    await act('publish-texts', { ...texts, category: ['21'] });
    await act('publish-playlist-save', { title: ['Boats'] });
    await act('publish-options', { picked: ['captions'] });
    const silent = (await act('publish-send')).approvals[0] ?? '';
    expect((await findApproval(world.app, silent)).input).toMatchObject({ captions: false });
    const { db } = world.app.database;
    await db.update(shots).set({ caption: 'A line.' }).where(eq(shots.videoId, video));
    const spoken = (await act('publish-send')).approvals[0] ?? '';
    await db.update(shots).set({ caption: null }).where(eq(shots.videoId, video));
    expect((await findApproval(world.app, spoken)).input).toMatchObject({
      category: '27',
      playlist: 'Boats',
      captions: true,
    });
  });

  it('asks for nothing that needs more than is allowed on the channel, and says so', async () => {
    const channel = await connectChannel(world, 'owner');
    const { db } = world.app.database;
    const [row] = await db.select().from(channels).where(eq(channels.id, channel));
    await db
      .update(channels)
      .set({ scopes: [...requiredScopes] })
      .where(eq(channels.id, channel));
    await act('publish-open');
    const needy = await act('publish-privacy', { picked: ['public'] });
    expect(shown(needy)).toContain('So far you have allowed me to upload');
    const refused = await act('publish-send');
    expect(refused.steps).not.toContain('perform publication_create');
    await act('publish-privacy', { picked: ['private'] });
    expect((await act('publish-send')).approvals).toHaveLength(1);
    await db
      .update(channels)
      .set({ scopes: row?.scopes ?? [] })
      .where(eq(channels.id, channel));
  });

  it('asks for nothing while YouTube does not accept the channel', async () => {
    const channel = await connectChannel(world, 'owner');
    await act('publish-open');
    const { db } = world.app.database;
    await db.update(channels).set({ status: 'reconnect' }).where(eq(channels.id, channel));
    const sent = await act('publish-send');
    expect(sent.steps).not.toContain('perform publication_create');
    expect(shown(sent)).toContain('Connect it again, then press Check again.');
    await db.update(channels).set({ status: 'connected' }).where(eq(channels.id, channel));
    expect((await act('publish-send')).approvals).toHaveLength(1);
  });

  it('asks for nothing when the video is gone', async () => {
    await act('publish-open');
    const { db } = world.app.database;
    await db.update(videos).set({ status: 'failed' }).where(eq(videos.id, video));
    const sent = await act('publish-send');
    expect(sent.steps).toStrictEqual(['defer update', 'perform video_show', 'fail not_ready']);
    await db.update(videos).set({ status: 'ready' }).where(eq(videos.id, video));
  });
});

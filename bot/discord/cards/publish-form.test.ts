import { describe, expect, it } from 'vitest';

import { draws, drawIn, nastyTexts } from '../../../test/kit/draws.ts';
import {
  fieldOf,
  idsOfView,
  labelsOfView,
  problemsOfModal,
  problemsOfView,
  textOfView,
} from '../../../test/kit/view-limits.ts';
import { pictureModal, playlistModal, textsModal, timeModal } from './publish-form-modals.ts';
import { playlistsOf, publishFieldsSchema, type PublishForm } from './publish-form-state.ts';
import { presentFormClosed, presentPublishForm } from './publish-form.ts';

const draw = drawIn('en');
const video = { id: 'vid_0123456789abcdef', seconds: 30, shape: '9:16', hasLines: false };
const withLines = { ...video, hasLines: true };
const ada = {
  channel: 'chn_1',
  title: 'Ada',
  handle: '@ada',
  status: 'connected',
  access: 'manage',
  playlists: null,
} as const;
const modest = { ...ada, access: 'upload' } as const;
const grace = { ...ada, channel: 'chn_2', title: 'Grace' };
const lost = { ...ada, channel: 'chn_3', title: 'Lost', status: 'reconnect' } as const;
const fields = publishFieldsSchema.parse({
  titles: ['One?', 'Two?', 'Three?'],
  title: 'Two?',
  description: 'About it.',
  tags: 'a, #b, a',
});
const form: PublishForm = { video, channels: [ada], fields };
const withFields = (more: Partial<PublishForm['fields']>): PublishForm => ({
  ...form,
  fields: { ...fields, ...more },
});

const publishButton = (shown: PublishForm, notice: string | null = null) =>
  /"label":"Publish","emoji":\{"name":"📣"\},"disabled":true/u.test(
    JSON.stringify(presentPublishForm(shown, draw, notice)),
  )
    ? 'disabled'
    : 'enabled';

describe('the publish form', () => {
  it('begins private, at once and quiet, with everything that was suggested', () => {
    const view = presentPublishForm(form, draw);
    expect(textOfView(view)).toBe(
      [
        '### 📣 Publish to YouTube',
        '-# Your video, 30 s, 9:16',
        '**Two?**',
        'About it.',
        '-# 🏷️ a, b',
        '**Channel** Ada',
        '**Visibility** Private (Only you)',
        '**Time** as soon as it is uploaded',
        '-# Subscribers are not notified · Not made for children · Preview picture: YouTube picks it · Category: Science & Technology',
      ].join('\n'),
    );
    expect(labelsOfView(view)).toStrictEqual([
      'Publish',
      'Edit texts',
      'Schedule',
      'New ideas',
      'Cancel',
    ]);
    expect(publishButton(form)).toBe('enabled');
    expect(JSON.stringify(view)).toContain('"value":"1","label":"Two?","default":true');
  });

  it('reads the same in Chinese', () => {
    const words = textOfView(presentPublishForm(form, drawIn('zh')));
    expect(words).toContain('**可见性** 私享 (只有您自己)');
    expect(words).toContain('不通知订阅者 · 非面向儿童 · 封面: 由 YouTube 选取 · 分类: 科学和技术');
  });

  it('asks for a channel only where there are several, and begins with one that works', () => {
    const pick = `v1:publish-channel:12345678901234567890:${video.id}`;
    expect(idsOfView(presentPublishForm(form, draw))).not.toContain(pick);
    const several = { ...form, channels: [lost, grace, ada] };
    const view = presentPublishForm(several, draw);
    expect(idsOfView(view)).toContain(pick);
    expect(textOfView(view)).toContain('**Channel** Grace');
    const picked = { ...several, fields: { ...fields, channel: 'chn_1' } };
    expect(textOfView(presentPublishForm(picked, draw))).toContain('**Channel** Ada');
    const gone = { ...several, fields: { ...fields, channel: 'chn_gone' } };
    expect(textOfView(presentPublishForm(gone, draw))).toContain('**Channel** Grace');
  });

  it.each([
    ['no channel', [], 'No YouTube channel is connected yet'],
    ['one that was lost', [lost], 'no longer accepts our access to Lost'],
  ])('leads to the connection with %s', (_, channels, words) => {
    const view = presentPublishForm({ ...form, channels }, draw);
    expect(textOfView(view)).toContain(words);
    expect(labelsOfView(view)).toStrictEqual(
      expect.arrayContaining(['Connect YouTube', 'Check again']),
    );
    expect(publishButton({ ...form, channels })).toBe('disabled');
  });

  it('tells when a planned video goes public, which then decides who sees it', () => {
    const planned = withFields({ publish_at: '2026-11-22T12:00:00.000Z' });
    const view = presentPublishForm(planned, draw);
    expect(textOfView(view)).toContain(
      '**Visibility** private until 2026-11-22 20:00 (Asia/Shanghai), then public',
    );
    expect(JSON.stringify(view)).toContain('"max_values":1,"disabled":true');
  });

  it.each([
    ['title', { title: 't'.repeat(101) }, 'Title: is 101 characters, at most 100'],
    ['description', { description: '字'.repeat(1667) }, 'Description: is 5001 bytes'],
    ['tags', { tags: 'g'.repeat(501) }, 'Tags: are 501 characters together'],
    ['time', { publish_at: '2026-11-22T08:00:00.000Z' }, 'The time has passed'],
  ])('names what YouTube would refuse: %s', (_, more, words) => {
    expect(textOfView(presentPublishForm(withFields(more), draw))).toContain(words);
    expect(publishButton(withFields(more))).toBe('disabled');
  });

  it.each([
    { title: 't'.repeat(100) },
    { description: '字'.repeat(1666) },
    { tags: 'g'.repeat(500) },
    { publish_at: '2026-11-22T08:00:00.001Z' },
  ])('takes what just fits', (more) => {
    expect(textOfView(presentPublishForm(withFields(more), draw))).not.toContain('⚠️');
  });

  it.each([
    [{ thumbnail: 'automatic' }, 'YouTube picks it', ['automatic']],
    [{ thumbnail: 'first_frame' }, 'The first frame', ['first_frame']],
    [
      { thumbnail: 'own', picture: { id: 'pic_1', width: 1280, height: 720 } },
      'own picture (1280×720)',
      [],
    ],
  ] as const)('shows the picture that is chosen: %j', (more, words, picked) => {
    const view = presentPublishForm(withFields(more), draw);
    expect(textOfView(view)).toContain(`Preview picture: ${words}`);
    const [list] = JSON.stringify(view).match(/"custom_id":"v1:publish-thumbnail.*?\]/u) ?? [];
    expect(list).toContain(`"placeholder":"Preview picture: ${words}"`);
    // An own picture can be picked again, to be replaced by another one.
    const defaults = [...(list ?? '').matchAll(/"value":"(\w+)"[^{}]*"default":true/gu)];
    expect(defaults.map(([, value]) => value)).toStrictEqual(picked);
  });

  it('says what was not taken, and keeps the rest ready', () => {
    const view = presentPublishForm(form, draw, 'That is no time.');
    expect(textOfView(view)).toContain('⚠️ That is no time.');
    expect(publishButton(form, 'That is no time.')).toBe('enabled');
  });

  it.each([
    [{}, 'upload'],
    [{ privacy: 'unlisted' }, 'manage'],
    [{ privacy: 'public' }, 'manage'],
    [{ publish_at: '2026-11-22T12:00:00.000Z' }, 'manage'],
    [{ playlist: 'Boats' }, 'manage'],
    [{ captions: true }, 'manage'],
  ] as const)('asks only for the access that %j needs: %s', (more, access) => {
    const wish = { ...withFields(more), video: withLines, channels: [modest] };
    const connect = `v1:channel-connect:12345678901234567890:${access}`;
    const view = presentPublishForm(wish, draw);
    expect(publishButton(wish)).toBe(access === 'upload' ? 'enabled' : 'disabled');
    expect(idsOfView(view).includes(connect)).toBe(access === 'manage');
    expect(textOfView(view).includes('So far you have allowed me to upload to Ada')).toBe(
      access === 'manage',
    );
    // Before there is a channel, the first connection asks for no more than that either.
    expect(idsOfView(presentPublishForm({ ...wish, channels: [] }, draw))).toContain(connect);
    const allowed = { ...wish, channels: [ada] };
    expect(publishButton(allowed)).toBe('enabled');
    expect(labelsOfView(presentPublishForm(allowed, draw))).not.toContain('Check again');
  });

  it('asks again for what was allowed on a channel that was lost', () => {
    const connect = (access: 'upload' | 'manage') =>
      idsOfView(presentPublishForm({ ...form, channels: [{ ...lost, access }] }, draw)).find((id) =>
        id.includes('channel-connect'),
      );
    expect(connect('manage')).toContain(':manage');
    expect(connect('upload')).toContain(':upload');
  });

  it('offers captions only where the video has lines', () => {
    const wish = withFields({ captions: true });
    const without = presentPublishForm(wish, draw);
    expect(JSON.stringify(without)).not.toContain('captions');
    expect(publishButton({ ...wish, channels: [modest] })).toBe('enabled');
    const view = presentPublishForm({ ...wish, video: withLines }, draw);
    expect(textOfView(view)).toContain('With its lines as captions');
    expect(JSON.stringify(view)).toContain('"value":"captions"');
  });

  const playlists = {
    chn_1: [
      { id: 'PL1', title: 'Boats' },
      { id: 'PL2', title: 'Rain' },
    ],
  };
  const offered = (wish: PublishForm) => {
    const [list] =
      JSON.stringify(presentPublishForm(wish, draw)).match(
        /"custom_id":"v1:publish-playlist.*?\]/u,
      ) ?? [];
    const found = [...(list ?? '').matchAll(/"value":"([^"]+)"[^{}]*?("default":true)?\}/gu)];
    return found.map(([, value, isDefault]) => (isDefault ? `*${value}` : value));
  };

  it('offers the playlists of the chosen channel, none, and another one', () => {
    expect(offered(withFields({ playlists }))).toStrictEqual([
      '*none',
      'id.PL1',
      'id.PL2',
      'other',
    ]);
    expect(offered(withFields({ playlists, playlist: 'Rain' }))).toStrictEqual([
      'none',
      'id.PL1',
      '*id.PL2',
      'other',
    ]);
    const fresh = withFields({ playlists, playlist: 'Night' });
    expect(offered(fresh)).toStrictEqual(['none', '*chosen', 'id.PL1', 'id.PL2', 'other']);
    expect(textOfView(presentPublishForm(fresh, draw))).toContain('**Playlist** Night (new)');
    expect(offered({ ...fresh, channels: [grace] })).toStrictEqual(['none', '*chosen', 'other']);
    expect(offered({ ...fresh, channels: [] })).toStrictEqual([]);
  });

  it('keeps as many playlists as can be picked, the first of each title', () => {
    const many = Array.from({ length: 30 }, (_, index) => ({
      id: `PL${index}`,
      title: index < 2 ? 'Same' : `Title ${index}`,
    }));
    const kept = playlistsOf([{ ...ada, playlists: many }, grace]);
    expect(Object.keys(kept)).toStrictEqual(['chn_1']);
    expect(kept['chn_1']).toHaveLength(22);
    expect(kept['chn_1']?.[0]).toStrictEqual({ id: 'PL0', title: 'Same' });
    expect(kept['chn_1']?.[1]).toStrictEqual({ id: 'PL2', title: 'Title 2' });
    const full = withFields({ playlists: kept, playlist: 'Night' });
    expect(offered(full)).toHaveLength(25);
    expect(offered(full).at(-1)).toBe('other');
  });

  it.each([
    ['p'.repeat(150), 'enabled'],
    ['p'.repeat(151), 'disabled'],
    ['a < b', 'disabled'],
  ])('takes the title of a playlist as YouTube does: %s', (playlist, state) => {
    expect(publishButton(withFields({ playlist }))).toBe(state);
  });

  it('fits whatever it is filled with', () => {
    for (const one of draws) {
      for (const words of [...nastyTexts(5000), '']) {
        const channels = Array.from({ length: 30 }, (_, index) => ({
          channel: `chn_${index}`,
          title: words,
          handle: words,
          status: index % 2 === 0 ? ('reconnect' as const) : ('connected' as const),
          access: 'upload' as const,
          playlists: null,
        }));
        const lists = Object.fromEntries(
          channels.map(({ channel }) => [
            channel,
            Array.from({ length: 22 }, (_, index) => ({ id: `PL${index}`, title: words })),
          ]),
        );
        const extreme = withFields({
          titles: [words, words, words],
          title: words,
          description: words,
          tags: words,
          publish_at: '2020-01-01T00:00:00.000Z',
          by_rules: true,
          thumbnail: 'own',
          picture: { id: words, width: 8192, height: 8192 },
          playlist: words,
          playlists: lists,
          captions: true,
          privacy: 'public',
        });
        for (const all of [channels, channels.slice(0, 1)]) {
          const filled = { ...extreme, video: withLines, channels: all };
          expect(problemsOfView(presentPublishForm(filled, one, words || null))).toStrictEqual([]);
        }
        const unplanned = { ...extreme.fields, titles: [], publish_at: null };
        const bare = presentPublishForm({ video, channels: [], fields: unplanned }, one);
        expect(problemsOfView(bare)).toStrictEqual([]);
      }
    }
  });
});

describe('the forms of the form', () => {
  it('open with what is filled in', () => {
    const modal = textsModal(video.id, fields, draw);
    expect(modal.custom_id).toBe(`v1:publish-texts:12345678901234567890:${video.id}`);
    expect(fieldOf(modal, 'title')).toMatchObject({ value: 'Two?', max_length: 100 });
    expect(fieldOf(modal, 'description')).toMatchObject({ value: 'About it.', max_length: 4000 });
    expect(fieldOf(modal, 'tags')).toMatchObject({ value: 'a, #b, a', max_length: 500 });
    const category = JSON.stringify(fieldOf(modal, 'category'));
    expect(category).toContain('"value":"28","label":"Science & Technology","default":true');
    expect(category.match(/"default":true/gu)).toHaveLength(1);
  });

  it('offer eight in the evening, today only while that is to come', () => {
    const options = (now: string) =>
      fieldOf(timeModal(video.id, fields, { ...draw, now: new Date(now) }), 'when');
    expect(options('2026-11-22T11:59:00.000Z')).toMatchObject({
      options: [
        { value: 'other', default: true },
        { value: 'tonight', label: 'Today 20:00: 2026-11-22 20:00 (Asia/Shanghai)' },
        { value: 'tomorrow', label: 'Tomorrow 20:00: 2026-11-23 20:00 (Asia/Shanghai)' },
        { value: 'now' },
      ],
    });
    expect(options('2026-11-22T12:00:00.000Z')).toMatchObject({
      options: [{ value: 'other' }, { value: 'tomorrow' }, { value: 'now' }],
    });
  });

  it('begin with the planned time, on the clock of the person', () => {
    const planned = { ...fields, publish_at: '2026-12-01T12:00:00.000Z' };
    expect(fieldOf(timeModal(video.id, planned, draw), 'time')).toMatchObject({
      value: '2026-12-01 20:00',
    });
    expect(fieldOf(timeModal(video.id, fields, draw), 'time')).not.toHaveProperty('value');
  });

  it('ask for the title of a playlist', () => {
    const title = (playlist: string | null) =>
      fieldOf(playlistModal(video.id, { ...fields, playlist }, draw), 'title');
    expect(title('Boats')).toMatchObject({ value: 'Boats', max_length: 150, required: false });
    expect(title(null)).not.toHaveProperty('value');
  });

  it('ask for one picture', () => {
    const modal = pictureModal(video.id, fields, draw);
    expect(modal.custom_id).toBe(`v1:publish-picture:12345678901234567890:${video.id}`);
    expect(fieldOf(modal, 'file')).toMatchObject({
      type: 19,
      min_values: 1,
      max_values: 1,
      required: true,
    });
  });

  it('fit whatever is filled in', () => {
    for (const one of draws) {
      const far = { ...one, timeZone: 'America/Argentina/ComodRivadavia' };
      for (const words of [...nastyTexts(6000), '']) {
        const texts = { title: words, description: words, tags: words, playlist: words };
        const extreme = { ...fields, ...texts };
        expect(problemsOfModal(playlistModal(video.id, extreme, far))).toStrictEqual([]);
        expect(problemsOfModal(textsModal(video.id, extreme, far))).toStrictEqual([]);
        expect(problemsOfModal(timeModal(video.id, extreme, far))).toStrictEqual([]);
        expect(problemsOfModal(pictureModal(video.id, extreme, far))).toStrictEqual([]);
      }
    }
  });
});

it.each(['closed', 'gone'] as const)('a form that is %s can be opened again', (how) => {
  for (const one of draws) {
    const view = presentFormClosed(how, video.id, one);
    expect(idsOfView(view)).toStrictEqual([`v1:publish-open:12345678901234567890:${video.id}`]);
    expect(problemsOfView(view)).toStrictEqual([]);
  }
});

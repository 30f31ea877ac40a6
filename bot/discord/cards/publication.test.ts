import { describe, expect, it } from 'vitest';

import { publicationStatuses } from '../../../core/publication/statuses.ts';
import { draws, drawIn, nastyTexts } from '../../../test/kit/draws.ts';
import {
  idsOfView,
  labelsOfView,
  problemsOfView,
  textOfView,
} from '../../../test/kit/view-limits.ts';
import { presentPublications } from './publication-list.ts';
import { presentSuggestion } from './publication-suggestion.ts';
import { presentPublication } from './publication.ts';

const publication = {
  publication: 'pub_0123456789abcdef',
  status: 'uploading',
  percent: 10,
  uploaded_bytes: 1_024_000,
  total_bytes: 10_240_000,
  url: null,
  why: null,
  video: 'vid_0123456789abcdef',
  channel: 'Ada Makes',
  title: '10 tools in 30 seconds',
  description: '',
  tags: [],
  privacy: 'public',
  publish_at: null,
  thumbnail: 'automatic',
  thumbnail_status: 'none',
  thumbnail_note: null,
  playlist: null,
  playlist_status: 'none',
  playlist_note: null,
  captions_status: 'none',
  captions_note: null,
  waiting_for: null,
  waiting_until: null,
  undo_until: null,
  studio_url: null,
};
const studio = 'https://studio.youtube.com/video/abc/edit';
const watch = 'https://www.youtube.com/watch?v=abc';
const draw = drawIn('en');

describe('a publication', () => {
  it('shows the bytes that YouTube has taken, in both languages', () => {
    const [en = '', zh = ''] = draws.map((one) =>
      textOfView(presentPublication(publication, one, {})),
    );
    expect(en).toContain('### ⬆️ Uploading to YouTube');
    expect(en).toContain('`██░░░░░░░░░░░░░░░░░░` 10%');
    expect(en).toContain('1.0 MB of 9.8 MB');
    expect(zh).toContain('正在上传到 YouTube');
    expect(zh).toContain('10%');
  });

  it('shows where to watch it and who can, once it is live', () => {
    const live = { ...publication, status: 'live', url: watch, studio_url: studio };
    const view = presentPublication(live, draw, {});
    expect(textOfView(view)).toContain('### ✅ Published');
    expect(textOfView(view)).toContain('Visibility Public');
    expect(labelsOfView(view)).toStrictEqual([
      'Watch on YouTube',
      'YouTube Studio',
      'Change',
      'Refresh',
      'My publications',
    ]);
    expect(JSON.stringify(view)).toContain(watch);
    expect(JSON.stringify(view)).toContain(studio);
  });

  it('does not call published what YouTube keeps private', () => {
    const why = 'YouTube keeps uploads of this project private.';
    const kept = { ...publication, status: 'live', privacy: 'private', why, url: watch };
    const words = textOfView(presentPublication(kept, draw, {}));
    expect(words).toContain('On YouTube, as private');
    expect(words).toContain(why);
    expect(words).not.toContain('Published');
  });

  it.each([
    ['uploading', 'public', 'Visibility Public once YouTube has processed it'],
    ['processing', 'unlisted', 'Visibility Unlisted once YouTube has processed it'],
    ['processing', 'private', 'Visibility Private'],
    ['live', 'unlisted', 'Visibility Unlisted'],
  ])('says who can see it when: %s, %s', (status, privacy, said) => {
    const words = textOfView(presentPublication({ ...publication, status, privacy }, draw, {}));
    expect(words.split('\n').some((line) => line.endsWith(said))).toBe(true);
  });

  it('can be taken back while there is time for that', () => {
    const live = { ...publication, status: 'live', url: watch, studio_url: studio };
    const undo_until = '2026-11-22T08:10:00.000Z';
    const [en, zh] = draws.map((one) => presentPublication({ ...live, undo_until }, one, {}));
    expect(en && labelsOfView(en)).toContain('Undo');
    expect(zh && labelsOfView(zh)).toContain('撤回');
    expect(en && textOfView(en)).toContain('take it back to private until <t:1795335000:t>');
    expect(en && idsOfView(en)).toContain(
      `v1:publication-stop:12345678901234567890:${publication.publication}`,
    );
    expect(labelsOfView(presentPublication(live, draw, {}))).not.toContain('Undo');
  });

  it.each([
    [{ status: 'uploading' }, 'Stop'],
    [{ status: 'uploading', privacy: 'private' }, 'Stop'],
    [{ status: 'processing' }, 'Keep it private'],
    [{ status: 'processing', privacy: 'private' }, null],
    [{ status: 'scheduled', privacy: 'private' }, 'Cancel the schedule'],
    [{ status: 'live' }, null],
    [{ status: 'unconfirmed' }, null],
    [{ status: 'failed' }, null],
    [{ status: 'cancelled' }, null],
  ])('offers to stop %j as: %s', (state, label) => {
    const view = presentPublication({ ...publication, ...state }, draw, {});
    const id = idsOfView(view).find((one) => one.startsWith('v1:publication-stop:'));
    expect(id !== undefined).toBe(label !== null);
    expect(labelsOfView(view).filter((one) => one === label)).toHaveLength(label === null ? 0 : 1);
  });

  it('is changed only where YouTube has it, and tells what only its Studio can do', () => {
    const now = { ...publication, status: 'live', privacy: 'unlisted', studio_url: studio };
    const live = presentPublication(now, draw, {});
    expect(labelsOfView(live)).toContain('Change');
    expect(textOfView(live)).toContain('can only be set in YouTube Studio');
    expect(textOfView(live)).toContain('](<https://support.google.com/youtube/answer/15424877>)');
    expect(JSON.stringify(live)).toContain(
      '"value":"unlisted","label":"Visibility: Unlisted","description":"Everybody who has the link","default":true',
    );
    const kept = presentPublication({ ...now, privacy: 'private' }, draw, {});
    expect(textOfView(kept)).not.toContain('Shorts');
    for (const status of ['uploading', 'processing', 'unconfirmed', 'failed', 'cancelled']) {
      const view = presentPublication({ ...now, status }, draw, {});
      expect(labelsOfView(view)).not.toContain('Change');
      expect(idsOfView(view).join()).not.toContain('publication-privacy');
      expect(textOfView(view)).not.toContain('Studio');
    }
    const planned = { ...now, status: 'scheduled', publish_at: '2026-11-22T12:00:00.000Z' };
    const list = JSON.stringify(presentPublication(planned, draw, {}));
    expect(list).toContain('Instead of the schedule');
    expect(list).not.toContain('"default":true');
  });

  it('waits for the allowance of YouTube, or for its channel, with the way to it', () => {
    const why = 'It goes on by itself at 2026-11-23 16:00.';
    const paused = { ...publication, why, waiting_until: '2026-11-23T08:00:00.000Z' };
    const allowance = presentPublication({ ...paused, waiting_for: 'allowance' }, draw, {});
    expect(textOfView(allowance)).toContain('### ⏸️ Waiting');
    expect(textOfView(allowance)).toContain(why);
    expect(idsOfView(allowance).join()).not.toContain('channel-connect');
    const connects = (more: object) =>
      idsOfView(presentPublication({ ...paused, waiting_for: 'channel', ...more }, draw, {})).find(
        (id) => id.includes('channel-connect'),
      );
    expect(connects({})).toBe('v1:channel-connect:12345678901234567890:manage');
    expect(connects({ privacy: 'private' })).toContain(':upload');
    expect(connects({ privacy: 'private', playlist: 'Boats' })).toContain(':manage');
    expect(connects({ privacy: 'private', captions_status: 'waiting' })).toContain(':manage');
    const zh = presentPublication({ ...paused, waiting_for: 'channel' }, drawIn('zh'), {});
    expect(textOfView(zh)).toContain('之后会自动继续');
  });

  it.each([
    ['waiting', 'to be put into the playlist Boats', 'Captions to be added'],
    ['set', 'In the playlist Boats', 'Captions added'],
    ['refused', 'Not in the playlist Boats', 'Captions not added'],
  ])('tells of playlist and captions that they are %s', (status, playlist, captions) => {
    const chosen = {
      ...publication,
      status: 'live',
      playlist: 'Boats',
      playlist_status: status,
      playlist_note: status === 'refused' ? 'The playlist is full.' : null,
      captions_status: status,
    };
    const words = textOfView(presentPublication(chosen, draw, {}));
    expect(words).toContain(playlist);
    expect(words).toContain(captions);
    expect(words.includes('📂 The playlist is full.')).toBe(status === 'refused');
    expect(textOfView(presentPublication({ ...chosen, status: 'failed' }, draw, {}))).not.toContain(
      captions,
    );
  });

  it.each([
    ['waiting', 'Preview picture to be set', '封面待设置'],
    ['set', 'Preview picture set', '封面已设置'],
    ['refused', 'Preview picture not set', '封面未设置'],
  ])('tells of a chosen picture that it is %s', (thumbnail_status, en, zh) => {
    const chosen = { ...publication, status: 'live', thumbnail: 'own', thumbnail_status };
    const words = draws.map((one) => textOfView(presentPublication(chosen, one, {})));
    expect(words[0]).toContain(en);
    expect(words[1]).toContain(zh);
    expect(textOfView(presentPublication(publication, draw, {}))).not.toContain('Preview picture');
  });

  it('says why the picture was not taken, and still that it is published', () => {
    const note = 'Confirm it at youtube.com/verify.';
    const view = presentPublication(
      { ...publication, status: 'live', thumbnail_status: 'refused', thumbnail_note: note },
      draw,
      {},
    );
    expect(textOfView(view)).toContain('### ✅ Published');
    expect(textOfView(view)).toContain(`🖼️ ${note}`);
  });

  it('tells the time of a planned one in the time zone of the person', () => {
    const planned = {
      ...publication,
      status: 'scheduled',
      privacy: 'private',
      publish_at: '2026-11-22T12:00:00.000Z',
    };
    const words = textOfView(presentPublication(planned, draw, {}));
    expect(words).toContain('public from 2026-11-22 20:00 (Asia/Shanghai)');
    expect(words).not.toContain('Visibility');
  });

  it('tells what YouTube made of a planned one once that is over', () => {
    const past = { ...publication, publish_at: '2026-11-21T12:00:00.000Z' };
    for (const status of ['live', 'failed', 'cancelled']) {
      const words = textOfView(presentPublication({ ...past, status }, draw, {}));
      // What is not there is seen by nobody.
      expect(words.includes('Visibility Public')).toBe(status === 'live');
      expect(words).not.toContain('2026-11-21');
    }
  });

  it('says what was foretold, and what came of it once that is known', () => {
    const foretold = {
      score: 81.25,
      trend: 'trd_1',
      views_after_72h: null,
      read_after_hours: null,
    };
    const wordsOf = (forecast: object | null) =>
      draws.map((one) =>
        textOfView(presentPublication({ ...publication, status: 'live', forecast }, one, {})),
      );
    const [en, zh] = wordsOf(foretold);
    expect(en).toContain('📈 Score of the idea: 81.3 of 100.\n');
    expect(zh).toContain('📈 创意得分：81.3（满分 100）。\n');
    const read = { ...foretold, score: 81, views_after_72h: 12_340, read_after_hours: 72 };
    const [readEn, readZh] = wordsOf(read);
    expect(readEn).toContain('Score of the idea: 81 of 100. After 72 hours: 12,340 views.');
    expect(readZh).toContain('创意得分：81（满分 100）。72 小时后：12,340 次观看。');
    const [late] = wordsOf({ ...read, views_after_72h: 1, read_after_hours: 97 });
    expect(late).toContain('After 97 hours: 1 view.');
    expect(wordsOf({ ...read, views_after_72h: 0 })[0]).toContain('After 72 hours: 0 views.');
    expect(wordsOf(null).join()).not.toMatch(/Score of the idea|创意得分/u);
  });

  it('offers to publish again only what has failed', () => {
    const failed = { ...publication, status: 'failed', why: 'YouTube refused the video.' };
    const open = 'v1:publish-open:12345678901234567890:vid_0123456789abcdef';
    expect(idsOfView(presentPublication(failed, draw, {}))).toContain(open);
    const unknown = presentPublication({ ...failed, status: 'unconfirmed' }, draw, {});
    expect(idsOfView(unknown)).not.toContain(open);
    expect(textOfView(unknown)).toContain('look on YouTube before you publish it again');
  });

  it.each(publicationStatuses)('fits into a message whatever it holds: %s', (status) => {
    for (const one of draws) {
      for (const nasty of nastyTexts(5000)) {
        const extreme = {
          ...publication,
          status,
          title: nasty,
          why: nasty,
          thumbnail_status: 'refused',
          thumbnail_note: nasty,
          playlist: nasty,
          playlist_status: 'refused',
          playlist_note: nasty,
          captions_status: 'refused',
          captions_note: nasty,
          undo_until: '2026-11-22T08:10:00.000Z',
          studio_url: studio,
          channel: nasty,
          url: watch,
          forecast: {
            score: 100,
            trend: nasty,
            views_after_72h: Number.MAX_SAFE_INTEGER,
            read_after_hours: 240,
          },
        };
        for (const waiting_for of [null, 'channel', 'allowance'])
          expect(
            problemsOfView(presentPublication({ ...extreme, waiting_for }, one, {})),
          ).toStrictEqual([]);
      }
    }
  });
});

describe('the list of publications', () => {
  const listed = (index: number, title: string) => ({
    publication: `pub_${index}`,
    status: 'live',
    title,
    video: 'vid_1',
    channel: title,
    privacy: 'public',
    url: null,
    publish_at: null,
    created_at: '2026-11-22T08:00:00.000Z',
  });

  it.each([0, 1, 10, 11, 50])('fits with %d of them', (count) => {
    for (const one of draws) {
      for (const nasty of nastyTexts(200)) {
        const publications = Array.from({ length: count }, (_, index) => listed(index, nasty));
        const forecasts = { graded: 1000, correlation: -0.99 };
        const view = presentPublications({ publications, forecasts }, one, {});
        expect(problemsOfView(view)).toStrictEqual([]);
      }
    }
  });

  it('says how well scores foretold views once enough videos tell', () => {
    const wordsOf = (forecasts: object | null) =>
      draws.map((one) => textOfView(presentPublications({ publications: [], forecasts }, one, {})));
    const [en, zh] = wordsOf({ graded: 5, correlation: 0 });
    expect(en).toContain('Score and views of 5 published videos: rank correlation 0 (');
    expect(zh).toContain('5 个已发布视频的得分与播放量：等级相关系数 0（');
    for (const forecasts of [null, { graded: 4, correlation: null }])
      expect(wordsOf(forecasts).join()).not.toMatch(/rank correlation|等级相关系数/u);
  });

  it('leads to the first publication when there is none, and to each when there are some', () => {
    const empty = presentPublications({ publications: [] }, drawIn('zh'), {});
    expect(textOfView(empty)).toContain('还没有发布过');
    expect(idsOfView(empty)).toStrictEqual([]);
    const eleven = Array.from({ length: 11 }, (_, index) => listed(index, `Video ${index}`));
    const full = presentPublications({ publications: eleven }, draw, {});
    expect(textOfView(full)).toContain('Video 9');
    expect(textOfView(full)).not.toContain('Video 10');
    expect(textOfView(full)).toContain('and 1 more');
    expect(JSON.stringify(full)).toContain('"pub_10"');
  });
});

describe('suggested texts', () => {
  const suggestion = {
    titles: ['One?', 'Two?', 'Three?'],
    description: 'About it.\n\n#shorts',
    tags: 'a, b',
    written_by: 'model',
  };
  const input = { video: 'vid_0123456789abcdef' };

  it('shows all of them and publishes with the title that is picked', () => {
    const view = presentSuggestion(suggestion, draw, input);
    expect(textOfView(view)).toMatch(/\*\*1\*\* One\?[^]*\*\*3\*\* Three\?[^]*About it\.[^]*a, b/u);
    expect(idsOfView(view)).toStrictEqual([
      'v1:publish-open:12345678901234567890:vid_0123456789abcdef:title',
      'v1:publish-open:12345678901234567890:vid_0123456789abcdef',
    ]);
    const byRules = presentSuggestion({ ...suggestion, written_by: 'rules' }, draw, input);
    expect(textOfView(byRules)).toContain('out of reach');
    expect(textOfView(view)).not.toContain('out of reach');
  });

  it('fits whatever was written, also nothing', () => {
    for (const one of draws) {
      for (const words of [...nastyTexts(5000), '']) {
        const titles = [words, words, words];
        const extreme = { ...suggestion, titles, description: words, tags: words };
        expect(problemsOfView(presentSuggestion(extreme, one, input))).toStrictEqual([]);
      }
    }
  });
});

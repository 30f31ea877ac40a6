import { expect, it } from 'vitest';

import { draws, drawIn, nastyTexts } from '../../../test/kit/draws.ts';
import { fieldOf, problemsOfModal } from '../../../test/kit/view-limits.ts';
import { changeable, changeModal } from './publication-modals.ts';
import type { Publication } from './publication.ts';

const draw = drawIn('en');
const publication: Publication = {
  publication: 'pub_0123456789abcdef',
  status: 'live',
  percent: 100,
  uploaded_bytes: 1,
  total_bytes: 1,
  url: null,
  why: null,
  video: 'vid_1',
  channel: 'Ada',
  title: 'Boats',
  description: 'About boats.',
  tags: ['a', 'b c'],
  privacy: 'public',
  publish_at: null,
  waiting_for: null,
  waiting_until: null,
  undo_until: null,
  studio_url: null,
  thumbnail: 'automatic',
  thumbnail_status: 'none',
  thumbnail_note: null,
  playlist: null,
  playlist_status: 'none',
  playlist_note: null,
  captions_status: 'none',
  captions_note: null,
  progress_url: null,
  forecast: null,
};
const planned: Publication = {
  ...publication,
  status: 'scheduled',
  publish_at: '2026-11-22T12:00:00.000Z',
};

it('opens with what is on YouTube', () => {
  const modal = changeModal(publication, draw);
  expect(modal.custom_id).toBe(
    `v1:publication-change-save:12345678901234567890:${publication.publication}`,
  );
  expect(fieldOf(modal, 'title')).toMatchObject({ value: 'Boats', required: true });
  expect(fieldOf(modal, 'description')).toMatchObject({ value: 'About boats.', required: false });
  expect(fieldOf(modal, 'tags')).toMatchObject({ value: 'a, b c' });
  expect(fieldOf(modal, 'time')).toBeNull();
});

it('asks for the time only while it is planned, on the clock of the person', () => {
  expect(fieldOf(changeModal(planned, draw), 'time')).toMatchObject({ value: '2026-11-22 20:00' });
  expect(fieldOf(changeModal({ ...planned, status: 'live' }, draw), 'time')).toBeNull();
});

it.each([
  [4000, true],
  [4001, false],
])('offers a description of %d characters only where it fits: %s', (length, isOffered) => {
  const wordy = { ...publication, description: 'd'.repeat(length) };
  const field = fieldOf(changeModal(wordy, draw), 'description');
  expect(JSON.stringify(field).includes(wordy.description)).toBe(isOffered);
  expect(changeable(wordy, draw).description).toBe(isOffered ? wordy.description : null);
});

it('fits whatever stands there', () => {
  for (const one of draws) {
    for (const words of [...nastyTexts(4000), '']) {
      const extreme = { ...planned, title: words, description: words, tags: [words, words] };
      expect(problemsOfModal(changeModal(extreme, one))).toStrictEqual([]);
    }
  }
});

import { describe, expect, it } from 'vitest';

import { catalogue } from '../../../core/messages/catalogue.ts';
import { publicationCreate } from '../../../core/publication/create.ts';
import { publicationUpdate } from '../../../core/publication/update.ts';
import { videoDelete } from '../../../core/video/delete.ts';
import { videoGenerate } from '../../../core/video/generate.ts';
import { draws, drawIn, nastyTexts } from '../../../test/kit/draws.ts';
import {
  idsOfView,
  labelsOfView,
  problemsOfView,
  textOfView,
} from '../../../test/kit/view-limits.ts';
import { choicesOf } from '../consent-choices.ts';
import { askerOf, presentConsent, presentSettled } from './consent.ts';

const draw = drawIn('en');
const { words } = catalogue('en');
const id = 'apr_0123456789abcdef';
const expiresAt = new Date('2026-11-22T08:15:00.000Z');
const lines = (...all: readonly (readonly [string, string])[]): [string, string][] =>
  all.map(([label, value]) => [label, value]);

const generation = {
  id,
  input: {},
  expiresAt,
  preview: {
    title: 'Make a 30 s video with Kling',
    lines: lines([words.prompt, 'A boat'], [words.quota, '1'], [words.quotaAfter, '99']),
    cost: 1,
  },
};
const publication = {
  id,
  input: { video: 'vid_1' },
  expiresAt,
  preview: {
    title: 'Publish a video to Ada (private)',
    lines: lines(
      [words.channel, 'Ada'],
      [words.title, '10 tools'],
      [words.description, ''],
      [words.privacy, 'Private'],
      [words.notify, 'no'],
    ),
    cost: 0,
  },
};

describe('what asks for a decision', () => {
  it('says what, how much, what is left and until when', () => {
    const asked = { approval: generation, operation: videoGenerate, choices: [] };
    const view = presentConsent({ ...asked, askedBy: 'person' }, draw);
    expect(textOfView(view)).toBe(
      [
        '### Make a 30 s video with Kling',
        '**Prompt** A boat',
        '**1** quota · Left afterwards: **99**',
        '-# Valid until <t:1795335300:t>. Nothing happens before you confirm.',
      ].join('\n'),
    );
    expect(labelsOfView(view)).toStrictEqual(['Confirm', 'Cancel']);
    expect(idsOfView(view)).toStrictEqual([
      `v1:consent-yes:12345678901234567890:${id}`,
      `v1:consent-no:12345678901234567890:${id}`,
    ]);
  });

  it('does not speak of a price where there is none', () => {
    const asked = { approval: publication, operation: publicationCreate, choices: [] };
    const text = textOfView(presentConsent({ ...asked, askedBy: 'person' }, draw));
    expect(text).toContain('### 📣 Publish to Ada?');
    expect(text).toContain('-# Takes no quota.');
    expect(text).not.toContain('**0**');
    expect(text).not.toContain('**Description**');
  });

  it('lets the person decide what an agent may not, and shows that it counts', () => {
    const chosen = { privacy: 'public', notify: true };
    const choices = choicesOf(publicationCreate, publication, chosen);
    expect(choices).toStrictEqual([
      { field: 'privacy', options: ['private', 'unlisted', 'public'], value: 'public' },
      { field: 'notify', options: ['true', 'false'], value: 'true' },
      { field: 'made_for_kids', options: ['true', 'false'], value: 'false' },
    ]);
    const asked = { approval: publication, operation: publicationCreate, choices };
    const view = presentConsent({ ...asked, askedBy: 'agent' }, draw);
    expect(textOfView(view)).toContain('**Visibility** Public');
    expect(textOfView(view)).toContain('**Notify subscribers** Yes');
    expect(textOfView(view)).toContain('I prepared this for you.');
    expect(idsOfView(view)).toContain(`v1:consent-choice:12345678901234567890:${id}:made_for_kids`);
    expect(JSON.stringify(view)).toContain('"label":"Visibility: Public","default":true');
  });

  it('says that a program asks, whose request is approved or declined', () => {
    const choices = choicesOf(publicationCreate, publication, {});
    const asked = { approval: publication, operation: publicationCreate, choices };
    const view = presentConsent({ ...asked, askedBy: askerOf('mcp') }, draw);
    expect(textOfView(view)).toContain('A program that you have connected (MCP) asks for this');
    expect(textOfView(view)).not.toContain('I prepared this for you.');
    expect(labelsOfView(view).slice(-2)).toStrictEqual(['Approve', 'Decline']);
    expect(idsOfView(view)).toContain(`v1:consent-choice:12345678901234567890:${id}:privacy`);
  });

  it('leaves who sees a planned video to its time', () => {
    const planned = {
      ...publication,
      input: { ...publication.input, publish_at: '2026-11-22T20:00:00+08:00' },
    };
    const choices = choicesOf(publicationCreate, planned, {});
    expect(choices.map(({ field }) => field)).toStrictEqual(['notify', 'made_for_kids']);
    const asked = { approval: planned, operation: publicationCreate, choices };
    const text = textOfView(presentConsent({ ...asked, askedBy: 'agent' }, draw));
    expect(text).toContain('private until 2026-11-22 20:00 (Asia/Shanghai), then public');
  });

  it('tells the time that a publication is moved to, where nothing says who can see it', () => {
    const moved = {
      ...publication,
      input: { publication: 'pub_1', publish_at: '2026-11-22T12:00:00.000Z' },
      preview: {
        title: 'Change a video on Ada',
        lines: lines([words.title, 'Boats'], [words.schedule, '2026-11-22 20:00']),
        cost: 0,
      },
    };
    const asked = { approval: moved, operation: publicationUpdate, choices: [] };
    const text = textOfView(presentConsent({ ...asked, askedBy: 'person' }, draw));
    expect(text).toContain(`**${words.schedule}** 2026-11-22 20:00`);
  });

  it('marks what cannot be taken back', () => {
    const asked = { approval: generation, choices: [], askedBy: 'person' } as const;
    const style = (operation: typeof videoDelete | typeof videoGenerate) =>
      JSON.stringify(presentConsent({ ...asked, operation }, draw)).match(/"style":\d/u)?.[0];
    expect(style(videoDelete)).toBe('"style":4');
    expect(style(videoGenerate)).toBe('"style":3');
  });

  it.each([0, 1, 20, 21, 60])('fits with %d lines, whatever stands in them', (count) => {
    for (const one of draws) {
      for (const nasty of nastyTexts(5000)) {
        const extreme = {
          ...publication,
          preview: {
            title: nasty,
            lines: lines(...Array.from({ length: count }, () => [nasty, nasty] as const)),
            cost: 3,
          },
        };
        const choices = choicesOf(publicationCreate, extreme, {});
        const asked = { approval: extreme, operation: publicationCreate, choices };
        expect(problemsOfView(presentConsent({ ...asked, askedBy: 'agent' }, one))).toStrictEqual(
          [],
        );
      }
    }
  });

  it('shows a description as far as there is room', () => {
    const long = lines([words.description, 'd'.repeat(5000)]);
    const approval = { ...publication, preview: { ...publication.preview, lines: long } };
    const asked = { approval, operation: publicationCreate, choices: [] };
    const text = textOfView(presentConsent({ ...asked, askedBy: 'person' }, draw));
    expect(text).toContain(`**Description** ${'d'.repeat(499)}…`);
  });
});

it.each(['approved', 'allowed', 'declined', 'expired', 'used'] as const)(
  'says that a question is %s, with nothing left to press',
  (settled) => {
    const texts = draws.map((one) => {
      const view = presentSettled(settled, 'Make a video', one);
      expect(idsOfView(view)).toStrictEqual([]);
      for (const nasty of nastyTexts(5000))
        expect(problemsOfView(presentSettled(settled, nasty, one))).toStrictEqual([]);
      expect(problemsOfView(presentSettled(settled, null, one))).toStrictEqual([]);
      return textOfView(view);
    });
    expect(texts[0]).toContain('Make a video');
    expect(texts[0]).not.toBe(texts[1]);
  },
);

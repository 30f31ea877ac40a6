import { fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { privacies, type VideoChanges } from '../ports/video-host.ts';
import { buildVideoUpdate, writableVideosSchema } from './youtube-change.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
/** As JSON does it: what is undefined is not there. */
const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const recordSchema = z.record(z.string(), z.unknown());
const partsSchema = z.looseObject({ id: z.string(), snippet: recordSchema, status: recordSchema });
type Parts = z.infer<typeof partsSchema>;

/** What an owner may write, by part; https://developers.google.com/youtube/v3/docs/videos/update. */
const writable = {
  snippet: 'title categoryId description tags defaultLanguage defaultAudioLanguage'.split(' '),
  status: (
    'privacyStatus publishAt embeddable license publicStatsViewable selfDeclaredMadeForKids ' +
    'containsSyntheticMedia'
  ).split(' '),
} as const;
const partNames = ['snippet', 'status'] as const;

const when = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
  .map((at) => at.toISOString());

/** A video as videos.list answers it, with what only YouTube may say. */
const video = fc
  .record({
    kind: fc.constant('youtube#video'),
    etag: text,
    id: fc.stringMatching(/^[\w-]{11}$/u),
    snippet: fc.record({
      title: text,
      categoryId: fc.constantFrom('22', '28', '10'),
      description: maybe(text),
      tags: maybe(fc.array(text, { maxLength: 5 })),
      defaultLanguage: maybe(fc.constantFrom('en', 'zh-Hans')),
      defaultAudioLanguage: maybe(fc.constantFrom('en', 'zh')),
      publishedAt: when,
      channelId: text,
      channelTitle: text,
      thumbnails: fc.dictionary(text, text, { maxKeys: 2 }),
      localized: fc.record({ title: text, description: text }),
      liveBroadcastContent: fc.constant('none'),
    }),
    status: fc.record({
      privacyStatus: fc.constantFrom(...privacies),
      publishAt: maybe(when),
      embeddable: maybe(fc.boolean()),
      license: maybe(fc.constantFrom('youtube', 'creativeCommon')),
      publicStatsViewable: maybe(fc.boolean()),
      selfDeclaredMadeForKids: maybe(fc.boolean()),
      containsSyntheticMedia: maybe(fc.boolean()),
      uploadStatus: fc.constantFrom('uploaded', 'processed'),
      madeForKids: fc.boolean(),
      failureReason: maybe(text),
    }),
  })
  .map((raw) => partsSchema.parse(json(raw)));

const changes: fc.Arbitrary<VideoChanges> = fc.record(
  {
    title: text,
    description: text,
    tags: fc.array(text, { maxLength: 5 }),
    categoryId: fc.constantFrom('22', '28', '10'),
    visibility: fc.record({
      privacy: fc.constantFrom(...privacies),
      publishAt: fc.option(when.map((at) => new Date(at))),
    }),
  },
  { requiredKeys: [] },
);

function updateOf(raw: Parts, wanted: VideoChanges) {
  const [known] = writableVideosSchema.parse({ items: [raw] }).items ?? [];
  if (!known) throw new Error('the video was not read');
  return buildVideoUpdate(known, wanted);
}

/** What YouTube does: of each part that is sent, what may be written becomes what was sent, or goes. */
function applied(raw: Parts, { part, requestBody }: ReturnType<typeof updateOf>): Parts {
  const sent = z
    .object({ snippet: recordSchema.optional(), status: recordSchema.optional() })
    .parse(json(requestBody));
  const result = structuredClone(raw);
  for (const name of partNames.filter((known) => part.includes(known))) {
    for (const key of writable[name]) delete result[name][key];
    Object.assign(result[name], sent[name]);
  }
  return result;
}

/** What is expected, written down the other way round: the video with only what was named put in. */
function expected(raw: Parts, { visibility, ...texts }: VideoChanges): Parts {
  const result = structuredClone(raw);
  Object.assign(result.snippet, json(texts));
  if (!visibility) return result;
  const { privacy, publishAt } = visibility;
  delete result.status['publishAt'];
  result.status['containsSyntheticMedia'] = true;
  result.status['privacyStatus'] = publishAt === null ? privacy : 'private';
  if (publishAt !== null) result.status['publishAt'] = publishAt.toISOString();
  return result;
}

describe('changing a video', () => {
  it('changes what is named and nothing else', () => {
    fc.assert(
      fc.property(video, changes, (raw, wanted) => {
        expect(applied(raw, updateOf(raw, wanted))).toEqual(expected(raw, wanted));
      }),
      { numRuns: 500 },
    );
  });

  it('sends only what may be written, and only the parts that change', () => {
    fc.assert(
      fc.property(video, changes, (raw, wanted) => {
        const { part, requestBody } = updateOf(raw, wanted);
        const { visibility, ...texts } = wanted;
        const hasTexts = Object.keys(texts).length > 0;
        expect(part).toEqual([...(hasTexts ? ['snippet'] : []), ...(visibility ? ['status'] : [])]);
        expect(Object.keys(requestBody)).toEqual(['id', ...part]);
        for (const name of partNames) {
          const known: readonly string[] = writable[name];
          expect(
            Object.keys(requestBody[name] ?? {}).filter((key) => !known.includes(key)),
          ).toEqual([]);
        }
      }),
    );
  });

  it('the same twice comes to the same', () => {
    fc.assert(
      fc.property(video, changes, (raw, wanted) => {
        const once = applied(raw, updateOf(raw, wanted));
        expect(applied(once, updateOf(once, wanted))).toEqual(once);
      }),
    );
  });

  it('keeps the schedule when only the texts change', () => {
    const status = { privacyStatus: 'private', publishAt: '2026-12-01T00:00:00Z' };
    const snippet = { title: 'old', categoryId: '28', tags: ['a'] };
    const raw = { id: 'x', snippet, status };
    const update = updateOf(raw, { title: 'new' });
    expect(update).toEqual({
      part: ['snippet'],
      requestBody: { id: 'x', snippet: { ...snippet, title: 'new' } },
    });
  });

  it('is not tried on a video whose title or category was not told', () => {
    const raw = { id: 'x', snippet: { title: 'old' }, status: {} };
    expect(() => updateOf(raw, { title: 'new' })).toThrow(z.ZodError);
  });
});

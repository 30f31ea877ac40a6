import { z } from 'zod';
import type { EmulatorAnswer } from '../http.ts';
import { apiError } from './answers.ts';
import { missingParameter, readResource } from './parts.ts';
import type { VideoMetadata } from './state.ts';

/** Categories a US uploader may assign (videoCategories.list, assignable = true). */
const assignable = new Set('1 2 10 15 17 19 20 22 23 24 25 26 27 28 29'.split(' '));

const bodySchema = z.looseObject({
  id: z.string().optional(),
  snippet: z
    .looseObject({
      title: z.string().optional(),
      description: z.string().optional(),
      tags: z.array(z.string()).optional(),
      categoryId: z.string().optional(),
      defaultLanguage: z.string().optional(),
    })
    .optional(),
  status: z
    .looseObject({
      privacyStatus: z.string().optional(),
      publishAt: z.string().optional(),
      selfDeclaredMadeForKids: z.boolean().optional(),
      containsSyntheticMedia: z.boolean().optional(),
      embeddable: z.boolean().optional(),
      license: z.string().optional(),
      publicStatsViewable: z.boolean().optional(),
    })
    .optional(),
});
type Body = z.infer<typeof bodySchema>;

const privacies = ['private', 'unlisted', 'public'] as const;
const licenses = ['youtube', 'creativeCommon'] as const;

/** How YouTube counts tags: characters, a comma between two, two quotes around a tag with a space. */
function countTagCharacters(tags: readonly string[]): number {
  const characters = tags.reduce(
    (sum, tag) => sum + Array.from(tag).length + (/\s/u.test(tag) ? 2 : 0),
    0,
  );
  return characters + Math.max(0, tags.length - 1);
}

const refused = (reason: string, what: string, location: string): EmulatorAnswer =>
  apiError({
    status: 400,
    reason,
    domain: 'youtube.video',
    message: `The request metadata specifies an invalid ${what}.`,
    location,
  });

const hasAngle = (text: string): boolean => /[<>]/u.test(text);

function snippetProblem(snippet: Body['snippet']): EmulatorAnswer | null {
  const { title = '', description = '', tags = [], categoryId = '22' } = snippet ?? {};
  if (title.trim() === '' || Array.from(title).length > 100 || hasAngle(title)) {
    return refused('invalidTitle', 'or empty video title', 'body.snippet.title');
  }
  if (Buffer.byteLength(description) > 5000 || hasAngle(description)) {
    return refused('invalidDescription', 'video description', 'body.snippet.description');
  }
  if (countTagCharacters(tags) > 500 || tags.some(hasAngle)) {
    return refused('invalidTags', 'list of video keywords', 'body.snippet.tags');
  }
  if (!assignable.has(categoryId)) {
    return refused('invalidCategoryId', 'category ID', 'body.snippet.categoryId');
  }
  return null;
}

function statusProblem(status: Body['status'], now: Date): EmulatorAnswer | null {
  const { privacyStatus = 'public', publishAt, license = 'youtube' } = status ?? {};
  if (!privacies.some((known) => known === privacyStatus)) {
    return refused('invalidVideoMetadata', 'privacy status', 'body.status.privacyStatus');
  }
  if (!licenses.some((known) => known === license)) {
    return refused('invalidVideoMetadata', 'license', 'body.status.license');
  }
  if (publishAt === undefined) return null;
  const at = z.iso.datetime({ offset: true }).safeParse(publishAt);
  const isFuture = at.success && new Date(at.data).getTime() > now.getTime();
  return isFuture && privacyStatus === 'private' ? null : invalidPublishAt();
}

/** Said of a time that is past or goes with another privacy, and of a video that was out before. */
export const invalidPublishAt = (): EmulatorAnswer =>
  refused('invalidPublishAt', 'scheduled publishing time', 'body.status.publishAt');

/**
 * The metadata of an insert, or the refusal YouTube gives for it.
 * Source: reference/youtube.md 4.3 (title in code points, description in bytes, tags by YouTube's count).
 */
export function readMetadata(
  raw: Buffer,
  query: URLSearchParams,
  now: Date,
): { metadata: VideoMetadata } | { refusal: EmulatorAnswer } {
  const read = readResource(raw, query, bodySchema);
  if ('refusal' in read) return read;
  const { snippet, status } = read.resource;
  const refusal = snippetProblem(snippet) ?? statusProblem(status, now);
  if (refusal) return { refusal };
  const notifySubscribers = query.get('notifySubscribers') !== 'false';
  return { metadata: { ...toTexts(snippet), ...toSettings(status), notifySubscribers } };
}

type Texts = ReturnType<typeof toTexts>;
type Settings = ReturnType<typeof toSettings>;

/** What an update says of a video; null is a part that is not sent and stays. */
export type VideoUpdate = {
  readonly id: string;
  readonly parts: readonly string[];
  readonly texts: Texts | null;
  readonly settings: Settings | null;
};

/** An update, or its refusal. A part that is sent says everything: what it leaves out is wiped. */
export function readUpdate(
  raw: Buffer,
  query: URLSearchParams,
): { update: VideoUpdate; check(now: Date): EmulatorAnswer | null } | { refusal: EmulatorAnswer } {
  const read = readResource(raw, query, bodySchema);
  if ('refusal' in read) return read;
  const { parts, resource } = read;
  const { id = '', snippet, status } = resource;
  if (id === '') return { refusal: missingParameter('id') };
  const update = {
    id,
    parts,
    texts: parts.includes('snippet') ? toTexts(snippet) : null,
    settings: parts.includes('status') ? toSettings(status) : null,
  };
  const check = (now: Date): EmulatorAnswer | null => {
    // An insert without a category gets one; an update does not.
    const whole = { ...snippet, categoryId: snippet?.categoryId ?? '' };
    const problem = update.texts ? snippetProblem(whole) : null;
    return problem ?? (update.settings ? statusProblem(status, now) : null);
  };
  return { update, check };
}

const toTexts = (snippet: Body['snippet'] = {}) => ({
  title: snippet.title ?? '',
  description: snippet.description ?? '',
  tags: snippet.tags ?? [],
  categoryId: snippet.categoryId ?? '22',
  defaultLanguage: snippet.defaultLanguage ?? null,
});

/** Public is the default: of an insert, and of an update that does not say. */
const toSettings = (status: Body['status'] = {}) => ({
  privacy: privacies.find((known) => known === status.privacyStatus) ?? ('public' as const),
  publishAt: status.publishAt ?? null,
  madeForKids: status.selfDeclaredMadeForKids ?? null,
  syntheticMedia: status.containsSyntheticMedia ?? null,
  embeddable: status.embeddable ?? true,
  license: licenses.find((known) => known === status.license) ?? ('youtube' as const),
  publicStatsViewable: status.publicStatsViewable ?? true,
});

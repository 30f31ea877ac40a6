import { z } from 'zod';
import type { EmulatorAnswer } from '../http.ts';
import { apiError } from './answers.ts';
import type { VideoMetadata } from './state.ts';

/** Categories a US uploader may assign (videoCategories.list, assignable = true). */
const assignable = new Set('1 2 10 15 17 19 20 22 23 24 25 26 27 28 29'.split(' '));

const bodySchema = z.looseObject({
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
    })
    .optional(),
});
type Body = z.infer<typeof bodySchema>;

const privacies = ['private', 'unlisted', 'public'] as const;

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
  const { privacyStatus = 'public', publishAt } = status ?? {};
  if (!privacies.some((known) => known === privacyStatus)) {
    return refused('invalidVideoMetadata', 'privacy status', 'body.status.privacyStatus');
  }
  if (publishAt === undefined) return null;
  const at = z.iso.datetime({ offset: true }).safeParse(publishAt);
  const isFuture = at.success && new Date(at.data).getTime() > now.getTime();
  return isFuture && privacyStatus === 'private'
    ? null
    : refused('invalidPublishAt', 'scheduled publishing time', 'body.status.publishAt');
}

/**
 * The metadata of an insert, or the refusal YouTube gives for it.
 * Source: reference/youtube.md 4.3 (title in code points, description in bytes, tags by YouTube's count).
 */
export function readMetadata(
  raw: Buffer,
  query: URLSearchParams,
  now: Date,
): { metadata: VideoMetadata } | { refusal: EmulatorAnswer } {
  const parts = query.getAll('part').flatMap((part) => part.split(','));
  const body = parseBody(raw);
  if (!body) {
    return { refusal: apiError({ status: 400, reason: 'parseError', message: 'Parse Error' }) };
  }
  const unexpected = (['snippet', 'status'] as const).find(
    (part) => body[part] !== undefined && !parts.includes(part),
  );
  if (parts.length === 0 || unexpected) {
    const reason = unexpected ? 'unexpectedPart' : 'required';
    const message = unexpected ? unexpected : 'Required parameter: part';
    return { refusal: apiError({ status: 400, reason, message, location: 'part' }) };
  }
  const refusal = snippetProblem(body.snippet) ?? statusProblem(body.status, now);
  if (refusal) return { refusal };
  return { metadata: toMetadata(body, query.get('notifySubscribers') !== 'false') };
}

function toMetadata(
  { snippet = {}, status = {} }: Body,
  notifySubscribers: boolean,
): VideoMetadata {
  const { title = '', description = '', tags = [], categoryId = '22' } = snippet;
  return {
    title,
    description,
    tags,
    categoryId,
    defaultLanguage: snippet.defaultLanguage ?? null,
    privacy: privacies.find((known) => known === status.privacyStatus) ?? 'public',
    publishAt: status.publishAt ?? null,
    madeForKids: status.selfDeclaredMadeForKids ?? null,
    syntheticMedia: status.containsSyntheticMedia ?? null,
    notifySubscribers,
  };
}

function parseBody(raw: Buffer): Body | null {
  try {
    return bodySchema.parse(JSON.parse(raw.toString('utf8') || '{}'));
  } catch {
    return null;
  }
}

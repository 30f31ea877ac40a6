import { eq } from 'drizzle-orm';
import { z } from 'zod';

import { publications } from '../../drizzle/schema/publishing.ts';
import { withAccess } from '../channel/access.ts';
import { readAccess } from '../channel/row.ts';
import { requirePort, type Context } from '../context.ts';
import { recordEvent } from '../events.ts';
import { Fault } from '../fault.ts';
import { fieldFault } from '../input-fault.ts';
import { formatMoment } from '../local-time.ts';
import { catalogue } from '../messages/catalogue.ts';
import { choiceLabel } from '../messages/fields.ts';
import { defineOperation } from '../operation.ts';
import { privacies, type VideoChanges } from '../ports/video-host.ts';
import { categoryName } from './categories.ts';
import { publicationFields } from './fields.ts';
import { splitTags } from './limits.ts';
import { publicationConfirm } from './queue.ts';
import { lockPublication, readPublication, type PublicationRow } from './row.ts';
import { publicationStatuses } from './statuses.ts';

const { title, description, tags, category, publish_at } = publicationFields;

export const publicationUpdate = defineOperation({
  name: 'publication_update',
  summary: {
    en: 'Change the texts, time or visibility of a published video.',
    zh: '更改已发布视频的文案、时间或可见性。',
  },
  guidance: 'Name only what changes. A person approves and decides the visibility.',
  effect: 'publish',
  audience: 'everyone',
  needs: ['videoHost'],
  decidedByPerson: ['privacy'],
  input: z.object({
    publication: z.string().min(1).describe('Id from publication_create'),
    title: title.optional().describe('New title'),
    description: description.optional().describe('New description; empty removes it'),
    tags: tags.optional().describe('New tags, comma-separated; empty removes them'),
    category: category.optional().describe("YouTube's category number"),
    publish_at: publish_at.describe(
      'When it goes public by itself; only while it was never public',
    ),
    privacy: z.enum(privacies).optional().describe('Who can see it from now on'),
  }),
  output: z.object({
    publication: z.string(),
    status: z.enum(publicationStatuses),
    changed: z.array(z.string()).describe('The fields that were changed'),
  }),
  async preview(input, context) {
    const { row, channel } = await readPublication(context, input.publication);
    const changes = check(input, row, context);
    await requireManage(context, row);
    const { locale, timeZone } = context;
    const { words, preview } = catalogue(locale);
    const place = { operation: 'publication_update', field: 'privacy' };
    const { visibility } = changes;
    const at = visibility?.publishAt ?? null;
    return {
      title: preview.publication_update({ channel }),
      lines: [
        [words.title, changes.title ?? row.title],
        ...line(words.description, changes.description),
        ...line(words.tags, changes.tags?.join(', ')),
        ...line(words.category, changes.categoryId && categoryName(changes.categoryId, locale)),
        ...(at
          ? ([[words.schedule, formatMoment(at, timeZone, locale)]] as const)
          : line(words.privacy, visibility && choiceLabel(place, visibility.privacy, locale))),
      ],
      cost: 0,
    };
  },
  async run(input, context) {
    const { publication: id } = input;
    const { row } = await readPublication(context, id);
    await requireManage(context, row);
    await expectAnswer(context, id, input);
    const status = await apply(context, id, input);
    const { publication: _, ...named } = input;
    const changed = Object.entries(named).flatMap(([name, value]) =>
      value === undefined ? [] : [name],
    );
    return { publication: id, status, changed };
  },
  say: ({ publication }, locale) => catalogue(locale).say.publication_update({ publication }),
});

type Wish = z.output<typeof publicationUpdate.input>;

const line = (label: string, value: string | undefined) =>
  value === undefined ? [] : ([[label, value]] as const);

async function requireManage(context: Context, { channelId }: PublicationRow): Promise<void> {
  const { access, title: channel } = await readAccess(context, channelId);
  if (access !== 'manage') throw new Fault('channel_access_missing', { channel });
}

/** What the host is to be told. @throws Fault `not_ready`, `invalid_input`. */
function check(input: Wish, row: PublicationRow, context: Context): VideoChanges {
  if (row.status !== 'live' && row.status !== 'scheduled')
    throw new Fault(
      'not_ready',
      { what: 'publication', status: row.status },
      { field: 'publication' },
    );
  const { publication: _, ...named } = input;
  if (Object.values(named).every((value) => value === undefined))
    throw fieldFault('title', { problem: 'nothing_to_change', params: null });
  const visibility = visibilityAfter(input, row, context);
  return {
    ...(input.title === undefined ? {} : { title: input.title }),
    ...(input.description === undefined ? {} : { description: input.description }),
    ...(input.tags === undefined ? {} : { tags: splitTags(input.tags) }),
    ...(input.category === undefined ? {} : { categoryId: input.category }),
    ...(visibility === null ? {} : { visibility }),
  };
}

/** Who may see it afterwards; null when that is not to change. */
function visibilityAfter(
  { privacy, publish_at: at }: Wish,
  row: PublicationRow,
  { clock }: Context,
) {
  if (at === undefined) return privacy === undefined ? null : { privacy, publishAt: null };
  const publishAt = new Date(at);
  if (publishAt <= clock.now())
    throw fieldFault('publish_at', { problem: 'not_in_future', params: null });
  if (privacy !== undefined && privacy !== 'public')
    throw fieldFault('privacy', { problem: 'not_scheduled_unlisted', params: null });
  if (row.hostPrivacy !== 'private')
    throw fieldFault('publish_at', { problem: 'public_already', params: null });
  return { privacy: 'private' as const, publishAt };
}

/** An answer takes half a minute at most. */
const answerSeconds = 60;

/**
 * Before the host is told who may see it: should its answer, or this process, be lost, it is read back
 * and told again what counts here, which is what was approved before.
 */
async function expectAnswer(context: Context, id: string, input: Wish): Promise<void> {
  await context.database.db.transaction(async (tx) => {
    const row = await lockPublication(tx, context, id);
    if (!check(input, row, context).visibility) return;
    await tx.update(publications).set({ toldAt: null }).where(eq(publications.id, id));
    const payload = { publicationId: id, round: 0, told: 0 };
    const key = `${id}:asked:${context.clock.now().getTime()}`;
    const how = { key, delaySeconds: answerSeconds };
    await context.queue.enqueue(tx, publicationConfirm, payload, how);
  });
}

/** Tells the host and keeps what it took, while nobody else changes it; answers the new state. */
async function apply(context: Context, id: string, input: Wish): Promise<PublicationRow['status']> {
  const host = requirePort(context.ports, 'videoHost');
  return context.database.db.transaction(async (tx) => {
    const row = await lockPublication(tx, context, id);
    const changes = check(input, row, context);
    const { visibility, tags: newTags, ...texts } = changes;
    await withAccess(context, row.channelId, (token) =>
      host.updateVideo(token, row.hostVideoId ?? '', changes),
    );
    const at = context.clock.now();
    const approved = visibility && {
      privacy: visibility.publishAt ? ('public' as const) : visibility.privacy,
      publishAt: visibility.publishAt,
    };
    await tx
      .update(publications)
      .set({
        ...texts,
        ...(newTags ? { tags: [...newTags] } : {}),
        ...approved,
        ...(approved ? { toldAt: null } : {}),
      })
      .where(eq(publications.id, id));
    await recordEvent(tx, { at, subjectId: id, kind: 'changed' });
    if (!approved) return row.status;
    // What YouTube made of it is read back like after an upload.
    const payload = { publicationId: id, round: 0, told: 0 };
    const key = `${id}:changed:${at.getTime()}`;
    await context.queue.enqueue(tx, publicationConfirm, payload, { key });
    return row.status;
  });
}

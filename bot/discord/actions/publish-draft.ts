import { channelList } from '../../../core/channel/list.ts';
import { readDraft, saveDraft, type DraftPlace } from '../../../core/draft.ts';
import type { Context } from '../../../core/context.ts';
import { Fault } from '../../../core/fault.ts';
import { publicationSuggest } from '../../../core/publication/suggest.ts';
import { serverOf } from '../../../core/scope.ts';
import { readLines } from '../../../core/video/lines.ts';
import { videoShow } from '../../../core/video/show.ts';
import {
  playlistsOf,
  publishFieldsSchema,
  type PublishFields,
  type PublishForm,
} from '../cards/publish-form-state.ts';
import type { Exchange } from '../exchange.ts';

const placeOf = ({ actor }: Context, videoId: string): DraftPlace => ({
  accountId: actor.accountId,
  serverId: serverOf(actor),
  topic: `publication:${videoId}`,
});

/** What was filled in for a video; null when nothing is kept that can be read. */
export async function readFields(context: Context, videoId: string): Promise<PublishFields | null> {
  const draft = await readDraft(context, placeOf(context, videoId));
  return draft ? (publishFieldsSchema.safeParse(draft.fields).data ?? null) : null;
}

/** Keeps what is filled in for a video. */
export async function keepFields(
  context: Context,
  videoId: string,
  fields: PublishFields,
): Promise<void> {
  await saveDraft(context, { ...placeOf(context, videoId), fields });
}

/**
 * Suggestions as they stand in a form; texts that the person has written stay as they are. null when
 * it has been said why there are none.
 */
export async function suggestFields(
  exchange: Exchange,
  videoId: string,
): Promise<PublishFields | null> {
  const output = await exchange.perform('publication_suggest', { video: videoId });
  if (!output) return null;
  const { titles, description, tags, written_by } = publicationSuggest.output.parse(output);
  // Writing takes its time: what was picked meanwhile counts.
  const kept = await readFields(exchange.context, videoId);
  const before = kept ?? publishFieldsSchema.parse({});
  const texts = before.is_edited ? {} : { title: titles[0] ?? '', description, tags };
  const fields = { ...before, titles, ...texts, by_rules: written_by === 'rules' };
  await keepFields(exchange.context, videoId, fields);
  return fields;
}

/** A ready video, or null when it has been said that there is none. */
export async function readReadyVideo(
  exchange: Exchange,
  videoId: string,
): Promise<PublishForm['video'] | null> {
  const output = await exchange.perform('video_show', { video: videoId });
  if (!output) return null;
  const { status, seconds, shape } = videoShow.output.parse(output);
  if (status === 'ready') {
    const lines = await readLines(exchange.context.database.db, { id: videoId });
    return { id: videoId, seconds, shape, hasLines: lines.length > 0 };
  }
  await exchange.fail(new Fault('not_ready', { what: 'video', status }));
  return null;
}

/** The channels of the person, or null when it has been said why they cannot be listed. */
export async function readChannels(
  exchange: Exchange,
  how: { readonly playlists: boolean },
): Promise<PublishForm['channels'] | null> {
  const output = await exchange.perform('channel_list', how);
  return output && channelList.output.parse(output).channels;
}

/** Keeps the playlists of the channels with what is filled in by now, which is answered. */
export async function keepPlaylists(
  { context }: Exchange,
  videoId: string,
  {
    channels,
    fields,
  }: { readonly channels: PublishForm['channels']; readonly fields: PublishFields },
): Promise<PublishFields> {
  // Asking YouTube takes its time: what was picked meanwhile counts.
  const now = (await readFields(context, videoId)) ?? fields;
  const found = { ...now, playlists: { ...now.playlists, ...playlistsOf(channels) } };
  await keepFields(context, videoId, found);
  return found;
}

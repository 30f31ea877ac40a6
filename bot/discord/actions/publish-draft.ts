import { channelList } from '../../../core/channel/list.ts';
import { readDraft, saveDraft, type DraftPlace } from '../../../core/draft.ts';
import type { Context } from '../../../core/context.ts';
import { Fault } from '../../../core/fault.ts';
import { publicationSuggest } from '../../../core/publication/suggest.ts';
import { serverOf } from '../../../core/scope.ts';
import { videoShow } from '../../../core/video/show.ts';
import {
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
  if (status === 'ready') return { id: videoId, seconds, shape };
  await exchange.fail(new Fault('not_ready', { what: 'video', status }));
  return null;
}

/** The channels of the person, or null when it has been said why they cannot be listed. */
export async function readChannels(exchange: Exchange): Promise<PublishForm['channels'] | null> {
  const output = await exchange.perform('channel_list', {});
  return output && channelList.output.parse(output).channels;
}

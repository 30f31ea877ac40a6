import type { textsModal } from '../cards/publish-form-modals.ts';
import {
  chosenChannel,
  lacksAccess,
  problemsOf,
  type PublishFields,
  type PublishForm,
} from '../cards/publish-form-state.ts';
import { presentFormClosed, presentPublishForm } from '../cards/publish-form.ts';
import { pictureKeep } from '../../../core/picture/keep.ts';
import { presentSuggestion } from '../cards/publication-suggestion.ts';
import type { Exchange } from '../exchange.ts';
import {
  keepFields,
  keepPlaylists,
  readChannels,
  readFields,
  readReadyVideo,
  suggestFields,
} from './publish-draft.ts';

/**
 * Opens the publish form of a video, with what was filled in before or with fresh suggestions; what
 * follows an announced answer. `title` is the place of the suggested title to begin with.
 */
export async function openPublishForm(
  exchange: Exchange,
  videoId: string,
  title: number | null = null,
): Promise<void> {
  const { context, draw } = exchange;
  const video = await readReadyVideo(exchange, videoId);
  if (!video) return;
  const kept = await readFields(context, videoId);
  const found = kept ?? (await suggestFields(exchange, videoId));
  const channels = found && (await readChannels(exchange, { playlists: true }));
  if (!channels) return;
  const listed = await keepPlaylists(exchange, videoId, { channels, fields: found });
  const chosen = title === null ? undefined : listed.titles[title];
  const fields = chosen === undefined ? listed : { ...listed, title: chosen };
  if (fields !== listed) await keepFields(context, videoId, fields);
  await exchange.answer(presentPublishForm({ video, channels, fields }, draw), 'person');
}

/** Suggests texts for a video and keeps them, so that the form opens with what is shown here. */
export async function openSuggestion(exchange: Exchange, videoId: string): Promise<void> {
  const fields = await suggestFields(exchange, videoId);
  if (!fields) return;
  const { titles, description, tags, by_rules } = fields;
  const output = { titles, description, tags, written_by: by_rules ? 'rules' : 'model' };
  await exchange.answer(presentSuggestion(output, exchange.draw, { video: videoId }));
}

/** What there is of a form; null when it has been said what is missing. */
async function loadForm(
  exchange: Exchange,
  videoId: string,
  how: { readonly playlists: boolean } = { playlists: false },
): Promise<PublishForm | null> {
  const video = await readReadyVideo(exchange, videoId);
  const channels = video && (await readChannels(exchange, how));
  if (!channels) return null;
  // Read last: little time is left for another pick to come in between.
  const fields = await readFields(exchange.context, videoId);
  if (fields) return { video, channels, fields };
  await exchange.update(presentFormClosed('gone', videoId, exchange.draw));
  return null;
}

/** What a pick or a filled-in form changes; a string says why nothing is. */
type Change = (
  form: PublishForm,
) => Partial<PublishFields> | string | Promise<PublishFields | null>;

/** Changes what is filled in and draws the form again; from its draft, so that it survives a restart. */
export async function changeForm(
  exchange: Exchange,
  videoId: string,
  change: Change,
): Promise<void> {
  await exchange.deferUpdate();
  const form = await loadForm(exchange, videoId);
  if (!form) return;
  const changed = await change(form);
  if (changed === null) return;
  const notice = typeof changed === 'string' ? changed : null;
  const fields = typeof changed === 'string' ? form.fields : { ...form.fields, ...changed };
  if (notice === null) await keepFields(exchange.context, videoId, fields);
  await exchange.update(presentPublishForm({ ...form, fields }, exchange.draw, notice));
}

/** Looks at the channels and their playlists anew. */
export async function refreshForm(exchange: Exchange, videoId: string): Promise<void> {
  await exchange.deferUpdate();
  const form = await loadForm(exchange, videoId, { playlists: true });
  if (!form) return;
  const fields = await keepPlaylists(exchange, videoId, form);
  await exchange.update(presentPublishForm({ ...form, fields }, exchange.draw));
}

/** Opens one of the form's own forms, as the first answer. */
export async function openPart(
  exchange: Exchange,
  videoId: string,
  build: typeof textsModal,
): Promise<void> {
  const fields = await readFields(exchange.context, videoId);
  if (fields) await exchange.openModal(build(videoId, fields, exchange.draw));
  else await exchange.answer(presentFormClosed('gone', videoId, exchange.draw), 'person');
}

/** Keeps the picture that was uploaded, and chooses it; null when it has been said why it is not taken. */
export async function keepPicture(
  exchange: Exchange,
  form: PublishForm,
  url: string,
): Promise<PublishFields | null> {
  const output = await exchange.perform('picture_keep', { url });
  if (!output) return null;
  const { picture, width, height } = pictureKeep.output.parse(output);
  // Drawing it takes its time: what was picked meanwhile counts.
  const fields = (await readFields(exchange.context, form.video.id)) ?? form.fields;
  return { ...fields, thumbnail: 'own', picture: { id: picture, width, height } };
}

/** Asks for the publication with everything that is filled in; a person approves it on a card. */
export async function sendForm(exchange: Exchange, videoId: string): Promise<void> {
  await exchange.deferUpdate();
  const form = await loadForm(exchange, videoId);
  if (!form) return;
  const request = requestOf(form, exchange);
  if (!request) {
    await exchange.update(presentPublishForm(form, exchange.draw));
    return;
  }
  await exchange.show('publication_create', request);
}

/** What `publication_create` is given; null while something is in the way, which the form shows. */
function requestOf(form: PublishForm, { draw }: Exchange): Record<string, unknown> | null {
  const { title, description, tags, category, notify, made_for_kids } = form.fields;
  const { privacy, publish_at, playlist, captions, thumbnail, picture } = form.fields;
  const channel = chosenChannel(form);
  const isBlocked = problemsOf(form.fields, draw).length > 0 || lacksAccess(form);
  if (channel?.status !== 'connected' || isBlocked) return null;
  return {
    video: form.video.id,
    channel: channel.channel,
    title,
    description,
    tags,
    category,
    notify,
    made_for_kids,
    thumbnail,
    ...(thumbnail === 'own' && picture ? { picture: picture.id } : {}),
    ...(playlist === null ? {} : { playlist }),
    ...(captions && form.video.hasLines ? { captions } : {}),
    // A planned one is private until YouTube makes it public.
    ...(publish_at === null ? { privacy } : { privacy: 'public', publish_at }),
  };
}

import {
  EmbedType,
  MessageFlags,
  type APIAttachment,
  type APIEmbed,
  type APIMessage,
  type APIMessageTopLevelComponent,
  type APIUnfurledMediaItem,
} from 'discord-api-types/v10';
import type { MessageBody, Schema } from 'discord-api-spec/zod';

import { contentTypeOf, type UploadedFile } from './attachments.ts';
import { answeredComponents, withoutNulls } from './components.ts';
import { findMentions, mentionProblems, type Mentions } from './mentions.ts';
import { isV2, legacyFieldProblems, messageProblems } from './message-rules.ts';
import { problem, refuse, refuseForm, type Problem } from './refusal.ts';
import { parseWith } from './schema-problems.ts';
import type { MessageRecord, World } from './world.ts';

/** A file of a multipart request; `index` is the n of `files[n]`. */
export type IndexedFile = UploadedFile & { readonly index: number };

export type MessageInput = {
  readonly schema: Schema<MessageBody>;
  readonly body: unknown;
  readonly files: readonly IndexedFile[];
  readonly channelId: string;
  /** The message that is edited; null for a new one. */
  readonly existing: MessageRecord | null;
  /** Where the message lies in the request, for the error tree. */
  readonly prefix?: readonly string[];
};

/** The parts of a message that a request decides, after it was found good. */
export type MessageParts = Mentions & {
  readonly body: MessageBody;
  readonly content: string;
  readonly embeds: APIEmbed[];
  readonly components: APIMessageTopLevelComponent[];
  readonly attachments: APIAttachment[];
  readonly flags: number;
};

const requestLimit = 25 * 1024 * 1024;
const settableFlags =
  MessageFlags.SuppressEmbeds | MessageFlags.SuppressNotifications | MessageFlags.IsComponentsV2;

/** Checks a request that writes a message, and works out what the message will be; throws a Refusal. */
export function readMessage(world: World, input: MessageInput): MessageParts {
  checkSizes(world, input.files);
  const parsed = parseWith(input.schema, input.body);
  if (!parsed.ok) throw refuseForm(parsed.problems, input.prefix);
  const body = parsed.data;
  const draft = draftOf(body, input.existing?.message ?? null);
  const problems = problemsOf(input, draft);
  if (problems.length > 0) throw refuseForm(problems, input.prefix);
  if (isEmpty(draft, input.files)) throw refuse('emptyMessage');
  const attachments = [...draft.kept, ...storeFiles(world, input, body)];
  const components = body.components
    ? answeredComponents(draft.components, (url) => resolveMedia(world, url, attachments))
    : draft.components;
  const { content, flags } = draft;
  return {
    body,
    content,
    embeds: draft.embeds.map((embed) => answeredEmbed(embed, attachments)),
    components,
    attachments,
    flags,
    ...findMentions(world, { content, components }, body.allowed_mentions),
  };
}

/** The message after the request, before files are stored. */
type Draft = {
  readonly body: MessageBody;
  readonly wasV2: boolean;
  readonly flags: number;
  readonly content: string;
  readonly embeds: readonly APIEmbed[];
  readonly components: APIMessageTopLevelComponent[];
  readonly kept: readonly APIAttachment[];
};

/** What a request leaves out stays as it was; null clears it. */
function draftOf(body: MessageBody, old: APIMessage | null): Draft {
  const { content = old?.content, embeds = old?.embeds, components = old?.components } = body;
  return {
    body,
    wasV2: isV2(old?.flags),
    flags: flagsAfter(body, old),
    content: content ?? '',
    embeds: embeds ?? [],
    components: [...(components ?? [])],
    kept: keptAttachments(body, old?.attachments ?? []),
  };
}

function problemsOf(input: MessageInput, draft: Draft): Problem[] {
  const { body } = draft;
  const names = [
    ...input.files.map(({ name }) => name),
    ...draft.kept.map(({ filename }) => filename),
  ];
  const plan = {
    isV2: isV2(draft.flags),
    components: body.components ?? [],
    embeds: body.embeds ?? [],
    content: draft.content,
    fileNames: new Set(names),
  };
  return [
    ...messageProblems(plan),
    ...attachmentProblems(input, body),
    ...mentionProblems(body.allowed_mentions),
    ...v2Problems(draft),
  ];
}

function isEmpty(draft: Draft, files: readonly IndexedFile[]): boolean {
  const { content, embeds, components, kept, body } = draft;
  const lists = [embeds, components, kept, files, body.sticker_ids ?? []];
  return content.trim() === '' && !body.poll && lists.every(({ length }) => length === 0);
}

function checkSizes(world: World, files: readonly IndexedFile[]): void {
  const total = files.reduce((sum, { data }) => sum + data.length, 0);
  const tooBig = files.some(({ data }) => data.length > world.settings.uploadLimit);
  if (tooBig || total > requestLimit) throw refuse('tooLarge');
}

/** Flags that a request does not name stay; what only Discord sets is not for requests to change. */
function flagsAfter({ flags }: MessageBody, old: APIMessage | null): number {
  const before = (old?.flags ?? 0) & ~MessageFlags.Loading;
  if (flags === undefined || flags === null) return before;
  return (before & ~settableFlags) | (flags & settableFlags);
}

/** A legacy message becomes V2 only when the same edit clears its content and embeds with null and []. */
function v2Problems({ body, wasV2, flags, content, embeds }: Draft): Problem[] {
  if (wasV2 && !isV2(flags)) {
    const code = 'MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG';
    const message = 'The Components V2 flag cannot be removed once it has been set';
    return [problem(['flags'], code, message)];
  }
  if (!isV2(flags)) return [];
  const isKept = !wasV2 && content !== '';
  return legacyFieldProblems({ ...body, embeds, ...(isKept ? { content } : {}) });
}

function keptAttachments(body: MessageBody, old: readonly APIAttachment[]): APIAttachment[] {
  const { attachments } = body;
  if (!attachments) return [...old];
  return old.filter(({ id }) => attachments.some((wanted) => wanted.id === id));
}

function attachmentProblems(
  { files, existing }: MessageInput,
  { attachments }: MessageBody,
): Problem[] {
  const indexes = new Set(files.map(({ index }) => String(index)));
  const old = new Set(existing?.message.attachments.map(({ id }) => id));
  const tooMany =
    files.length > 10
      ? [problem(['attachments'], 'BASE_TYPE_MAX_LENGTH', 'Must be 10 or fewer in length.')]
      : [];
  const unknown = (attachments ?? []).flatMap(({ id }, index) =>
    indexes.has(id) || old.has(id)
      ? []
      : [problem(['attachments', index, 'id'], 'ATTACHMENT_NOT_FOUND', 'Attachment not found')],
  );
  return [...tooMany, ...unknown];
}

function storeFiles(world: World, input: MessageInput, body: MessageBody): APIAttachment[] {
  return input.files.map((file) => {
    const said = body.attachments?.find(({ id }) => id === String(file.index));
    return world.attachments.store(input.channelId, world.ids.next(), {
      ...file,
      contentType: contentTypeOf(file.name, file.contentType),
      ...(said?.description ? { description: said.description } : {}),
    });
  });
}

function resolveMedia(
  world: World,
  url: string,
  attachments: readonly APIAttachment[],
): APIUnfurledMediaItem {
  const file = findFile(url, attachments);
  const media = {
    id: file?.id ?? world.ids.next(),
    url: file?.url ?? url,
    proxy_url: file?.proxy_url ?? url,
    width: file?.width ?? null,
    height: file?.height ?? null,
    ...(file
      ? { attachment_id: file.id, content_type: file.content_type ?? '', size: file.size }
      : {}),
  };
  return media;
}

function findFile(url: string, attachments: readonly APIAttachment[]): APIAttachment | undefined {
  if (!url.startsWith('attachment://')) return undefined;
  const name = url.slice('attachment://'.length);
  return attachments.find(({ filename }) => filename === name);
}

function answeredEmbed(embed: APIEmbed, attachments: readonly APIAttachment[]): APIEmbed {
  const picture = <Media extends { url: string }>(media: Media): Media =>
    withoutNulls({ ...media, url: findFile(media.url, attachments)?.url ?? media.url });
  const answered = withoutNulls({ ...embed });
  answered.type = embed.type ?? EmbedType.Rich;
  if (answered.fields) {
    answered.fields = answered.fields.map((field) => ({ ...field, inline: field.inline ?? false }));
  }
  if (answered.footer) answered.footer = withoutNulls(answered.footer);
  if (answered.author) answered.author = withoutNulls(answered.author);
  if (answered.image) answered.image = picture(answered.image);
  if (answered.thumbnail) answered.thumbnail = picture(answered.thumbnail);
  return answered;
}

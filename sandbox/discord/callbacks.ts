import {
  IncomingWebhookInteractionRequestSchema,
  IncomingWebhookUpdateRequestPartialSchema,
  ModalInteractionCallbackRequestDataSchema,
} from 'discord-api-spec/zod';
import {
  InteractionResponseType as Answer,
  InteractionType,
  MessageFlags,
  MessageType,
} from 'discord-api-types/v10';
import { z } from 'zod';

import { tell } from './interactions.ts';
import { readMessage, type IndexedFile, type MessageParts } from './message-body.ts';
import { createMessage, editMessage, isThinking } from './messages.ts';
import { modalProblems, modalSeen } from './modals.ts';
import { problem, refuse, refuseForm } from './refusal.ts';
import { parseWith } from './schema-problems.ts';
import { recordAction } from './transcript.ts';
import type { ModalSeen } from './types.ts';
import { pick, type InteractionState, type MessageRecord, type World } from './world.ts';

const shape = z.looseObject({ type: z.enum(Answer), data: z.looseObject({}).nullish() });

type Callback = {
  readonly id: string;
  readonly token: string;
  readonly body: unknown;
  readonly files: readonly IndexedFile[];
};

/** The first answer to an interaction. Gives the message that came of it, if any. */
export function takeCallback(
  world: World,
  { id, token, body, files }: Callback,
): { readonly interaction: InteractionState; readonly message: MessageRecord | null } {
  const interaction = world.interactions.get(token);
  if (!interaction || interaction.id !== id) throw refuse('unknownInteraction');
  if (interaction.dead || isExpired(world, interaction)) throw refuse('unknownInteraction');
  if (interaction.acked !== null) throw refuse('alreadyAcknowledged');
  const parsed = shape.safeParse(body);
  if (!parsed.success) {
    throw refuseForm([problem(['type'], 'BASE_TYPE_REQUIRED', 'This field is required')]);
  }
  const { type } = parsed.data;
  const data = parsed.data.data ?? {};
  checkType(interaction, type);
  const message = apply(world, interaction, { type, data, files });
  interaction.acked = type;
  interaction.stopClock();
  if (interaction.trigger) interaction.trigger.form = 'closed';
  if (message) interaction.originalId = message.message.id;
  settle(world, interaction, message);
  return { interaction, message };
}

function checkType(interaction: InteractionState, type: Answer): void {
  const allowed = allowedTypes(interaction);
  if (allowed.includes(type)) return;
  const message = `Value must be one of (${allowed.join(', ')}).`;
  throw refuseForm([problem(['type'], 'BASE_TYPE_CHOICES', message)]);
}

function allowedTypes({ type, sourceMessageId }: InteractionState): Answer[] {
  if (type === InteractionType.ApplicationCommandAutocomplete) {
    return [Answer.ApplicationCommandAutocompleteResult];
  }
  const always = [Answer.ChannelMessageWithSource, Answer.DeferredChannelMessageWithSource];
  const update = [Answer.DeferredMessageUpdate, Answer.UpdateMessage];
  return [
    ...always,
    ...(sourceMessageId === null ? [] : update),
    ...(type === InteractionType.ModalSubmit ? [] : [Answer.Modal]),
  ];
}

type Given = {
  readonly type: Answer;
  readonly data: Readonly<Record<string, unknown>>;
  readonly files: readonly IndexedFile[];
};

function apply(
  world: World,
  interaction: InteractionState,
  { type, data, files }: Given,
): MessageRecord | null {
  const { channelId } = interaction;
  const schemas = { prefix: ['data'], body: data, files, channelId };
  if (type === Answer.ChannelMessageWithSource) {
    const schema = IncomingWebhookInteractionRequestSchema;
    return answerMessage(
      world,
      interaction,
      readMessage(world, { ...schemas, schema, existing: null }),
    );
  }
  if (type === Answer.DeferredChannelMessageWithSource) return think(world, interaction, data);
  if (type === Answer.DeferredMessageUpdate) return sourceOf(world, interaction);
  if (type === Answer.UpdateMessage) {
    const existing = sourceOf(world, interaction);
    const schema = IncomingWebhookUpdateRequestPartialSchema;
    editMessage(world, existing, readMessage(world, { ...schemas, schema, existing }));
    return existing;
  }
  if (type === Answer.Modal) openModal(world, interaction, data);
  else interaction.suggestions = readSuggestions(data);
  return null;
}

function sourceOf(world: World, interaction: InteractionState): MessageRecord {
  const channel = pick(world.channels, interaction.channelId);
  const source = channel.records.get(interaction.sourceMessageId ?? '');
  if (!source) throw refuse('unknownMessage');
  return source;
}

const nothing: Omit<MessageParts, 'body'> = {
  content: '',
  embeds: [],
  components: [],
  attachments: [],
  flags: 0,
  mentions: [],
  mention_roles: [],
  mention_everyone: false,
};

function think(
  world: World,
  interaction: InteractionState,
  data: Readonly<Record<string, unknown>>,
): MessageRecord {
  const flags = Number(data['flags'] ?? 0);
  if ((flags & ~MessageFlags.Ephemeral) !== 0) {
    const message = `Only the EPHEMERAL flag is allowed here, got ${flags}.`;
    throw refuseForm([problem(['data', 'flags'], 'BASE_TYPE_CHOICES', message)]);
  }
  return createMessage(world, {
    channel: pick(world.channels, interaction.channelId),
    author: world.botUser,
    parts: nothing,
    visibleTo: flags === 0 ? null : interaction.personId,
    extraFlags: MessageFlags.Loading,
    interaction,
    ...lineage(world, interaction),
  });
}

/** A slash command's answer names the command; a component's answer replies to its message. */
function lineage(world: World, interaction: InteractionState) {
  const source = pick(world.channels, interaction.channelId).records.get(
    interaction.sourceMessageId ?? '',
  );
  if (interaction.type === InteractionType.ApplicationCommand) {
    return { type: MessageType.ChatInputCommand };
  }
  return source ? { reference: source } : {};
}

function answerMessage(
  world: World,
  interaction: InteractionState,
  parts: MessageParts,
): MessageRecord {
  const { body, ...rest } = parts;
  return createMessage(world, {
    channel: pick(world.channels, interaction.channelId),
    author: world.botUser,
    parts: rest,
    visibleTo: isEphemeral(body.flags) ? interaction.personId : null,
    interaction,
    ...lineage(world, interaction),
  });
}

export const isEphemeral = (flags: number | null | undefined): boolean =>
  ((flags ?? 0) & MessageFlags.Ephemeral) !== 0;

function openModal(
  world: World,
  interaction: InteractionState,
  data: Readonly<Record<string, unknown>>,
): void {
  const parsed = parseWith(ModalInteractionCallbackRequestDataSchema, data);
  if (!parsed.ok) throw refuseForm(parsed.problems, ['data']);
  const problems = modalProblems(parsed.data);
  if (problems.length > 0) throw refuseForm(problems, ['data']);
  interaction.modal = parsed.data;
  interaction.form = 'open';
  interaction.state = 'modal';
  const modal = modalSeen(interaction, parsed.data);
  recordAction(world, interaction.channelId, formText(world, modal));
  world.emit({ type: 'modal', modal });
}

function formText(world: World, { personId, title, fields }: ModalSeen): string {
  const shown = fields.map(({ label, value }) => {
    const filled = Array.isArray(value) ? value.join(' + ') : String(value);
    return filled === '' || filled === 'false' ? label : `${label}: ${filled}`;
  });
  return `${pick(world.people, personId).name} gets the form "${title}" (${shown.join(', ')})`;
}

const choicesShape = z.looseObject({
  choices: z.array(
    z.looseObject({
      name: z.string().min(1).max(100),
      value: z.union([z.string().max(100), z.number()]),
    }),
  ),
});

function readSuggestions(data: unknown): { name: string; value: string | number }[] {
  const parsed = choicesShape.safeParse(data);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) =>
      problem(['data', ...path.map(String)], 'BASE_TYPE_BAD_LENGTH', message),
    );
    throw refuseForm(problems);
  }
  if (parsed.data.choices.length > 25) {
    const message = 'Must be 25 or fewer in length.';
    throw refuseForm([problem(['data', 'choices'], 'BASE_TYPE_MAX_LENGTH', message)]);
  }
  return parsed.data.choices.map(({ name, value }) => ({ name, value }));
}

function settle(world: World, interaction: InteractionState, message: MessageRecord | null): void {
  if (interaction.state !== 'modal') {
    const isDeferredUpdate = interaction.acked === Answer.DeferredMessageUpdate;
    const waits = isDeferredUpdate || (message !== null && isThinking(message.message));
    interaction.state = waits ? 'thinking' : 'answered';
    if (!waits) interaction.replyId = message?.message.id ?? null;
  }
  tell(world, interaction);
}

export const isExpired = (world: World, { createdAt }: InteractionState): boolean =>
  world.clock.now().getTime() - createdAt >= world.settings.tokenMs;

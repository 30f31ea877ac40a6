import {
  IncomingWebhookInteractionRequestSchema,
  IncomingWebhookUpdateRequestPartialSchema,
} from 'discord-api-spec/zod';
import { InteractionResponseType as Answer } from 'discord-api-types/v10';

import { isEphemeral, isExpired } from './callbacks.ts';
import { markAnswered, tell } from './interactions.ts';
import { readMessage, type IndexedFile } from './message-body.ts';
import { createMessage, deleteMessage, editMessage, isThinking } from './messages.ts';
import { refuse } from './refusal.ts';
import { pick, type InteractionState, type MessageRecord, type World } from './world.ts';

/** The interaction of a webhook route, once its token may be used; throws a Refusal. */
export function interactionOf(world: World, token: string): InteractionState {
  const interaction = world.interactions.get(token);
  if (!interaction) throw refuse('unknownWebhook');
  if (interaction.dead || isExpired(world, interaction)) throw refuse('deadToken');
  const noMessages: readonly (Answer | null)[] = [
    null,
    Answer.Modal,
    Answer.ApplicationCommandAutocompleteResult,
  ];
  if (noMessages.includes(interaction.acked)) throw refuse('unknownWebhook');
  return interaction;
}

/** A message of this interaction: `@original` or an id. */
export function interactionMessage(
  world: World,
  interaction: InteractionState,
  name: string,
): MessageRecord {
  const channel = pick(world.channels, interaction.channelId);
  const id = name === '@original' ? (interaction.originalId ?? '') : name;
  const record = channel.records.get(id);
  const isIts =
    id === interaction.originalId || record?.message.interaction_metadata?.id === interaction.id;
  if (!record || !isIts) throw refuse('unknownMessage');
  return record;
}

type Sent = { readonly body: unknown; readonly files: readonly IndexedFile[] };

/** POST to the interaction's webhook; the first one after "thinking" fills that message. */
export function takeFollowUp(
  world: World,
  interaction: InteractionState,
  { body, files }: Sent,
): MessageRecord {
  const channel = pick(world.channels, interaction.channelId);
  const original = channel.records.get(interaction.originalId ?? '');
  if (original && isThinking(original.message)) {
    return editByToken(world, interaction, original, { body, files });
  }
  if (interaction.userInstallOnly && interaction.followUps >= 5) throw refuse('tooManyFollowUps');
  const { body: said, ...parts } = readMessage(world, {
    schema: IncomingWebhookInteractionRequestSchema,
    body,
    files,
    channelId: channel.id,
    existing: null,
  });
  interaction.followUps += 1;
  const record = createMessage(world, {
    channel,
    author: world.botUser,
    parts,
    visibleTo: isEphemeral(said.flags) ? interaction.personId : null,
    interaction,
    ...(original ? { reference: original } : {}),
  });
  markAnswered(world, interaction, record);
  return record;
}

export function editByToken(
  world: World,
  interaction: InteractionState,
  record: MessageRecord,
  { body, files }: Sent,
): MessageRecord {
  const parts = readMessage(world, {
    schema: IncomingWebhookUpdateRequestPartialSchema,
    body,
    files,
    channelId: interaction.channelId,
    existing: record,
  });
  editMessage(world, record, parts);
  markAnswered(world, interaction, record);
  return record;
}

export function deleteByToken(
  world: World,
  interaction: InteractionState,
  record: MessageRecord,
): void {
  deleteMessage(world, record);
  if (interaction.state !== 'thinking') return;
  // Deleting "thinking" ends the turn without an answer.
  interaction.state = 'answered';
  tell(world, interaction);
}

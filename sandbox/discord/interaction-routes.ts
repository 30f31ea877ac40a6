import { InteractionCallbackResponseSchema, MessageResponseSchema } from 'discord-api-spec/zod';
import { InteractionResponseType } from 'discord-api-types/v10';

import { takeCallback } from './callbacks.ts';
import {
  deleteByToken,
  editByToken,
  interactionMessage,
  interactionOf,
  takeFollowUp,
} from './follow-ups.ts';
import { isThinking } from './messages.ts';
import { refuse } from './refusal.ts';
import type { Asked, RestRoute } from './rest.ts';
import type { InteractionState, MessageRecord, World } from './world.ts';

/** Routes that need no bot token: the interaction's own token opens them. */
export function interactionRoutes(world: World): RestRoute[] {
  const path = '/webhooks/:app/:token/messages/:message';
  const find = ({ params }: Asked) => {
    if (params['app'] !== world.applicationId) throw refuse('unknownWebhook');
    return interactionOf(world, params['token'] ?? '');
  };
  const message = (asked: Asked, interaction: InteractionState) =>
    interactionMessage(world, interaction, asked.params['message'] ?? '');
  const shared = { open: true, bucket: 'webhook', answers: MessageResponseSchema } as const;
  return [
    {
      method: 'POST',
      path: '/interactions/:interaction/:token/callback',
      open: true,
      answers: InteractionCallbackResponseSchema,
      handle: ({ params, query, body, files }) => {
        const id = params['interaction'] ?? '';
        const token = params['token'] ?? '';
        const taken = takeCallback(world, { id, token, body, files });
        if (query.get('with_response') !== 'true') return { status: 204 };
        return { status: 200, body: callbackAnswer(taken.interaction, taken.message) };
      },
    },
    {
      ...shared,
      method: 'POST',
      path: '/webhooks/:app/:token',
      handle: (asked) => {
        const record = takeFollowUp(world, find(asked), asked);
        return { status: 200, body: record.message };
      },
    },
    {
      ...shared,
      method: 'GET',
      path,
      handle: (asked) => ({ status: 200, body: message(asked, find(asked)).message }),
    },
    {
      ...shared,
      method: 'PATCH',
      path,
      handle: (asked) => {
        const interaction = find(asked);
        const record = editByToken(world, interaction, message(asked, interaction), asked);
        return { status: 200, body: record.message };
      },
    },
    {
      method: 'DELETE',
      path,
      open: true,
      bucket: 'webhook',
      handle: (asked) => {
        const interaction = find(asked);
        deleteByToken(world, interaction, message(asked, interaction));
        return { status: 204 };
      },
    },
  ];
}

function callbackAnswer(interaction: InteractionState, record: MessageRecord | null): object {
  const updates: readonly (InteractionResponseType | null)[] = [
    InteractionResponseType.DeferredMessageUpdate,
    InteractionResponseType.UpdateMessage,
  ];
  const isUpdate = updates.includes(interaction.acked);
  const kind = isUpdate
    ? InteractionResponseType.UpdateMessage
    : InteractionResponseType.ChannelMessageWithSource;
  return {
    interaction: {
      id: interaction.id,
      type: interaction.type,
      channel_id: interaction.channelId,
      ...(interaction.guildId === null ? {} : { guild_id: interaction.guildId }),
      ...(record
        ? {
            response_message_id: record.message.id,
            response_message_loading: isThinking(record.message),
            response_message_ephemeral: record.visibleTo !== null,
          }
        : {}),
    },
    ...(record ? { resource: { type: kind, message: record.message } } : {}),
  };
}

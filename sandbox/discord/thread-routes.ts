import {
  CreateTextThreadWithMessageRequestSchema,
  CreateTextThreadWithoutMessageRequestSchema,
  CreatedThreadResponseSchema,
} from 'discord-api-spec/zod';

import { channelObject } from './objects.ts';
import { addThread } from './places.ts';
import { openChannel, openMessage } from './reach.ts';
import { refuse, refuseForm } from './refusal.ts';
import type { Asked, RestRoute } from './rest.ts';
import { parseWith } from './schema-problems.ts';
import type { ChannelState, World } from './world.ts';

/** Threads that the bot starts, joins and leaves. */
export function threadRoutes(world: World): RestRoute[] {
  const noContent = (asked: Asked) => {
    openChannel(world, asked);
    return { status: 204 };
  };
  return [
    {
      method: 'POST',
      path: '/channels/:channel/threads',
      answers: CreatedThreadResponseSchema,
      handle: (asked) => {
        const parent = threadParent(world, asked);
        const parsed = parseWith(CreateTextThreadWithoutMessageRequestSchema, asked.body);
        if (!parsed.ok) throw refuseForm(parsed.problems);
        const { name } = parsed.data;
        const ownerId = world.botUser.id;
        const thread = addThread(world, { parent, name, ownerId, fromMessageId: null });
        return { status: 201, body: channelObject(world, thread) };
      },
    },
    {
      method: 'POST',
      path: '/channels/:channel/messages/:message/threads',
      answers: CreatedThreadResponseSchema,
      handle: (asked) => {
        const parent = threadParent(world, asked);
        const { message } = openMessage(parent, asked);
        const parsed = parseWith(CreateTextThreadWithMessageRequestSchema, asked.body);
        if (!parsed.ok) throw refuseForm(parsed.problems);
        if (world.channels.has(message.id)) throw refuse('threadExists');
        const { name } = parsed.data;
        const ownerId = world.botUser.id;
        const thread = addThread(world, { parent, name, ownerId, fromMessageId: message.id });
        return { status: 201, body: channelObject(world, thread) };
      },
    },
    { method: 'PUT', path: '/channels/:channel/thread-members/:user', handle: noContent },
    { method: 'DELETE', path: '/channels/:channel/thread-members/:user', handle: noContent },
  ];
}

/** Threads grow in text channels of servers only. */
function threadParent(world: World, asked: Asked): ChannelState {
  const parent = openChannel(world, asked);
  if (parent.kind !== 'text') throw refuse('missingPermissions');
  return parent;
}

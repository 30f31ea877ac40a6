import {
  GatewayBotResponseSchema,
  GatewayResponseSchema,
  GuildChannelResponseSchema,
  GuildMemberResponseSchema,
  GuildRoleResponseSchema,
  GuildWithCountsResponseSchema,
  PrivateChannelResponseSchema,
  UserPIIResponseSchema,
  UserResponseSchema,
} from 'discord-api-spec/zod';
import { z } from 'zod';

import { applicationRoutes } from './application-routes.ts';
import { channelRoutes } from './channel-routes.ts';
import { commandRoutes } from './command-routes.ts';
import { interactionRoutes } from './interaction-routes.ts';
import { channelObject, guildObject, memberObject } from './objects.ts';
import { refuse } from './refusal.ts';
import type { Asked, RestRoute } from './rest.ts';
import { memberGuild, openDm } from './places.ts';
import type { GuildState, World } from './world.ts';

export type GatewayFacts = { readonly address: () => string; readonly startsLeft: () => number };

/** Every REST route that a bot of ours calls. */
export function restRoutes(world: World, gateway: GatewayFacts): RestRoute[] {
  return [
    ...gatewayRoutes(world, gateway),
    ...userRoutes(world),
    ...applicationRoutes(world),
    ...commandRoutes(world),
    ...guildRoutes(world),
    ...channelRoutes(world),
    ...interactionRoutes(world),
  ];
}

function gatewayRoutes(world: World, { address, startsLeft }: GatewayFacts): RestRoute[] {
  return [
    {
      method: 'GET',
      path: '/gateway',
      open: true,
      answers: GatewayResponseSchema,
      handle: () => ({ status: 200, body: { url: address() } }),
    },
    {
      method: 'GET',
      path: '/gateway/bot',
      answers: GatewayBotResponseSchema,
      handle: () => ({
        status: 200,
        body: {
          url: address(),
          shards: world.settings.shards,
          session_start_limit: {
            total: 1000,
            remaining: startsLeft(),
            reset_after: 86_400_000,
            max_concurrency: 1,
          },
        },
      }),
    },
  ];
}

function userRoutes(world: World): RestRoute[] {
  return [
    {
      method: 'GET',
      path: '/users/@me',
      answers: UserPIIResponseSchema,
      handle: () => ({
        status: 200,
        body: { ...world.botUser, mfa_enabled: true, locale: 'en-US', verified: true, email: null },
      }),
    },
    {
      method: 'GET',
      path: '/users/@me/guilds',
      handle: () => ({
        status: 200,
        body: [...world.guilds.values()]
          .filter(({ botIsMember }) => botIsMember)
          .map(({ id, name }) => ({
            id,
            name,
            icon: null,
            banner: null,
            owner: false,
            permissions: '0',
            features: [],
          })),
      }),
    },
    {
      method: 'POST',
      path: '/users/@me/channels',
      answers: PrivateChannelResponseSchema,
      handle: ({ body }) => {
        const wanted = z.looseObject({ recipient_id: z.string() }).safeParse(body);
        const person = wanted.success ? world.people.get(wanted.data.recipient_id) : undefined;
        if (!person) throw refuse('unknownUser');
        return { status: 200, body: channelObject(world, openDm(world, person)) };
      },
    },
    {
      method: 'GET',
      path: '/users/:user',
      answers: UserResponseSchema,
      handle: ({ params }) => {
        const id = params['user'] ?? '';
        const user = id === world.botUser.id ? world.botUser : world.people.get(id)?.user;
        if (!user) throw refuse('unknownUser');
        return { status: 200, body: user };
      },
    },
  ];
}

function guildRoutes(world: World): RestRoute[] {
  const guildOf = ({ params }: Asked) => memberGuild(world, params['guild'] ?? '');
  const textChannels = (guild: GuildState) =>
    [...world.channels.values()].filter(
      ({ guildId, kind }) => guildId === guild.id && kind === 'text',
    );
  return [
    {
      method: 'GET',
      path: '/guilds/:guild',
      answers: GuildWithCountsResponseSchema,
      handle: (asked) => ({ status: 200, body: guildObject(world, guildOf(asked)) }),
    },
    {
      method: 'GET',
      path: '/guilds/:guild/channels',
      answers: GuildChannelResponseSchema,
      handle: (asked) => ({
        status: 200,
        body: textChannels(guildOf(asked)).map((channel) => channelObject(world, channel)),
      }),
    },
    {
      method: 'GET',
      path: '/guilds/:guild/roles',
      answers: GuildRoleResponseSchema,
      handle: (asked) => ({ status: 200, body: guildOf(asked).roles }),
    },
    {
      method: 'GET',
      path: '/guilds/:guild/threads/active',
      handle: (asked) => {
        const guild = guildOf(asked);
        const threads = [...world.channels.values()].filter(
          ({ guildId, kind, archived }) => guildId === guild.id && kind === 'thread' && !archived,
        );
        const body = { threads: threads.map((one) => channelObject(world, one)), members: [] };
        return { status: 200, body: { ...body, has_more: false } };
      },
    },
    {
      method: 'GET',
      path: '/guilds/:guild/members/:user',
      answers: GuildMemberResponseSchema,
      handle: (asked) => {
        const guild = guildOf(asked);
        const wanted = asked.params['user'] ?? '';
        const id = wanted === '@me' ? world.botUser.id : wanted;
        const person = world.people.get(id);
        const user = id === world.botUser.id ? world.botUser : person?.user;
        if (!user) throw refuse('unknownUser');
        if (person && !guild.members.has(id)) throw refuse('unknownMember');
        return { status: 200, body: memberObject(world, guild, user) };
      },
    },
  ];
}

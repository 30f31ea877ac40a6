import { ApplicationCommandResponseSchema } from 'discord-api-spec/zod';
import type { APIApplicationCommand } from 'discord-api-types/v10';
import { z } from 'zod';

import {
  deleteCommand,
  findCommand,
  listCommands,
  patchCommand,
  replaceCommands,
  upsertCommand,
} from './commands.ts';
import { memberGuild } from './places.ts';
import { refuse } from './refusal.ts';
import type { Asked, RestRoute } from './rest.ts';
import type { World } from './world.ts';

/** Commands, global and of one guild. */
export function commandRoutes(world: World): RestRoute[] {
  const scopes = ['/applications/:app/commands', '/applications/:app/guilds/:guild/commands'];
  const answers = ApplicationCommandResponseSchema;
  const scopeOf = ({ params }: Asked): string | null => {
    if (params['app'] !== world.applicationId) throw refuse('missingAccess');
    const guild = params['guild'];
    if (guild === undefined) return null;
    return memberGuild(world, guild).id;
  };
  return scopes.flatMap((path): RestRoute[] => [
    {
      method: 'GET',
      path,
      answers,
      handle: (asked) => {
        const commands = listCommands(world, scopeOf(asked));
        const isFull = asked.query.get('with_localizations') === 'true';
        return { status: 200, body: isFull ? commands : commands.map(withoutLocalizations) };
      },
    },
    {
      method: 'PUT',
      path,
      answers,
      handle: (asked) => ({
        status: 200,
        body: replaceCommands(world, scopeOf(asked), asked.body),
      }),
    },
    {
      method: 'POST',
      path,
      answers,
      handle: (asked) => {
        const { command, isNew } = upsertCommand(world, scopeOf(asked), asked.body);
        return { status: isNew ? 201 : 200, body: command };
      },
    },
    {
      method: 'GET',
      path: `${path}/:command`,
      answers,
      handle: (asked) => ({
        status: 200,
        body: findCommand(world, scopeOf(asked), asked.params['command'] ?? ''),
      }),
    },
    {
      method: 'PATCH',
      path: `${path}/:command`,
      answers,
      handle: (asked) => ({
        status: 200,
        body: patchCommand(world, scopeOf(asked), asked.params['command'] ?? '', asked.body),
      }),
    },
    {
      method: 'DELETE',
      path: `${path}/:command`,
      handle: (asked) => {
        deleteCommand(world, scopeOf(asked), asked.params['command'] ?? '');
        return { status: 204 };
      },
    },
  ]);
}

/** The list leaves the dictionaries out unless they are asked for. */
function withoutLocalizations(command: APIApplicationCommand): object {
  const strip = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(strip);
    if (typeof value !== 'object' || value === null) return value;
    const kept = Object.entries(value).filter(([key]) => !key.endsWith('_localizations'));
    return Object.fromEntries(kept.map(([key, inner]) => [key, strip(inner)]));
  };
  return z.looseObject({}).parse(strip(command));
}

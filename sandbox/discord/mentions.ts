import {
  AllowedMentionsTypes,
  ComponentType,
  type APIAllowedMentions,
  type APIMessageTopLevelComponent,
  type APIUser,
} from 'discord-api-types/v10';

import { placedComponents } from './components.ts';
import { problem, type Problem } from './refusal.ts';
import type { World } from './world.ts';

/** Who is told about a message. */
export type Mentions = {
  readonly mentions: APIUser[];
  readonly mention_roles: string[];
  readonly mention_everyone: boolean;
};

type Texts = {
  readonly content: string;
  readonly components: readonly APIMessageTopLevelComponent[];
};

/** Mentions in a message's texts that `allowed` lets through; without it all of them. */
export function findMentions(
  world: World,
  { content, components }: Texts,
  allowed: APIAllowedMentions | null | undefined,
): Mentions {
  const displays = placedComponents(components).flatMap(({ component }) =>
    component.type === ComponentType.TextDisplay ? [component.content] : [],
  );
  const text = [content, ...displays].join('\n');
  const passes = (type: AllowedMentionsTypes, ids: readonly string[] | undefined, id: string) =>
    !allowed || allowed.parse?.includes(type) === true || ids?.includes(id) === true;
  const users = found(text, /<@!?(\d+)>/g).flatMap((id) => {
    const user = id === world.botUser.id ? world.botUser : world.people.get(id)?.user;
    return user && passes(AllowedMentionsTypes.User, allowed?.users, id) ? [user] : [];
  });
  const roles = found(text, /<@&(\d+)>/g).filter((id) =>
    passes(AllowedMentionsTypes.Role, allowed?.roles, id),
  );
  const everyone =
    /@(?:everyone|here)\b/.test(text) &&
    (!allowed || allowed.parse?.includes(AllowedMentionsTypes.Everyone) === true);
  return { mentions: users, mention_roles: roles, mention_everyone: everyone };
}

function found(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].flatMap(([, id]) => (id ? [id] : [])))];
}

/** `parse: ['users']` and `users: [...]` exclude each other, roles likewise. */
export function mentionProblems(allowed: APIAllowedMentions | null | undefined): Problem[] {
  if (!allowed) return [];
  const clash = (type: AllowedMentionsTypes, ids: readonly string[] | undefined) =>
    allowed.parse?.includes(type) && ids && ids.length > 0
      ? [
          problem(
            ['allowed_mentions'],
            'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE',
            `parse:["${type}"] and ${type}: [ids...] are mutually exclusive.`,
          ),
        ]
      : [];
  return [
    ...clash(AllowedMentionsTypes.User, allowed.users),
    ...clash(AllowedMentionsTypes.Role, allowed.roles),
  ];
}

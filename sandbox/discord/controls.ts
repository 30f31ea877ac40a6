import { ComponentType, InteractionType } from 'discord-api-types/v10';

import { resolveEntity } from './command-input.ts';
import { isSelect, placedComponents, type MessageComponent } from './components.ts';
import { startInteraction } from './interactions.ts';
import { recordAction } from './transcript.ts';
import { createTurn } from './turns.ts';
import type { Seen, Turn } from './types.ts';
import {
  pick,
  type ChannelState,
  type MessageRecord,
  type PersonState,
  type World,
} from './world.ts';

export type Here = {
  readonly world: World;
  readonly person: PersonState;
  readonly channel: ChannelState;
};
/** The message as it is now; refuses one that this person cannot see. */
export function present({ world, person, channel }: Here, seen: Seen): MessageRecord {
  const owner = pick(world.channels, seen.channelId);
  const record = owner.records.get(seen.id);
  if (!record) throw new Error(`The message is gone: ${seen.text}`);
  if (record.visibleTo !== null && record.visibleTo !== person.user.id) {
    throw new Error(`${person.name} cannot see this ephemeral message: ${seen.text}`);
  }
  if (owner.id !== channel.id) throw new Error(`The message is in #${owner.name}, not here`);
  return record;
}

type Button = Extract<MessageComponent, { type: ComponentType.Button }>;

export function click(here: Here, seen: Seen, name: string): Turn {
  const { world, person, channel } = here;
  const record = present(here, seen);
  const buttons = placedComponents(record.message.components ?? []).flatMap(({ component }) =>
    component.type === ComponentType.Button ? [component] : [],
  );
  const button = buttons.find((one) => buttonNames(one).includes(name));
  if (!button) {
    const labels = buttons.map((one) => `[${buttonNames(one)[0] ?? ''}]`).join(' ');
    throw new Error(`There is no button "${name}", but: ${labels}`);
  }
  const label = buttonNames(button)[0] ?? name;
  if (button.disabled) throw new Error(`The button "${label}" is disabled`);
  if (!('custom_id' in button)) throw new Error(`The button "${label}" only opens a link`);
  const action = `[${label}]`;
  recordAction(world, channel.id, `${person.name} presses ${action}`);
  const interaction = startInteraction(world, {
    type: InteractionType.MessageComponent,
    person,
    channel,
    action,
    source: record,
    data: { custom_id: button.custom_id, component_type: button.type, id: button.id },
  });
  return createTurn(world, interaction);
}

/** Label first: with the emoji, without it, then the custom_id. */
function buttonNames(button: Button): string[] {
  const label = 'label' in button ? (button.label ?? '') : '';
  const emoji = 'emoji' in button ? (button.emoji?.name ?? '') : '';
  const both = [emoji, label].filter(Boolean).join(' ');
  const names = [label, both, emoji, 'custom_id' in button ? button.custom_id : ''];
  return names.filter((name) => name !== '');
}

export function select(here: Here, seen: Seen, name: string, values: readonly string[]): Turn {
  const { world, person, channel } = here;
  const record = present(here, seen);
  const found = placedComponents(record.message.components ?? [])
    .map(({ component }) => component)
    .filter(isSelect);
  const menu = found.find(({ custom_id: id, placeholder }) => id === name || placeholder === name);
  if (!menu) {
    const names = found.map(({ custom_id: id, placeholder }) => placeholder ?? id).join(', ');
    throw new Error(`There is no select "${name}", but: ${names}`);
  }
  if (menu.disabled) throw new Error(`The select "${name}" is disabled`);
  const { min_values: min = 1, max_values: max = 1 } = menu;
  if (values.length < min || values.length > max) {
    throw new Error(`The select "${name}" takes ${min} to ${max} values, not ${values.length}`);
  }
  const resolved: Record<string, Record<string, object>> = {};
  const refusal = (why: string) => new Error(`The select "${name}": ${why}`);
  const chosen = values.map((said) => {
    if (menu.type !== ComponentType.StringSelect) {
      return { value: resolveEntity(here, said, resolved, refusal), label: said };
    }
    const option = menu.options.find(({ label, value }) => label === said || value === said);
    if (!option) throw refusal(`there is no choice "${said}"`);
    return option;
  });
  const labels = chosen.map(({ label }) => label).join(', ');
  const action = `<${menu.placeholder ?? menu.custom_id}> ${labels}`;
  recordAction(world, channel.id, `${person.name} chooses ${action}`);
  const interaction = startInteraction(world, {
    type: InteractionType.MessageComponent,
    person,
    channel,
    action,
    source: record,
    data: {
      custom_id: menu.custom_id,
      component_type: menu.type,
      id: menu.id,
      values: chosen.map(({ value }) => value),
      ...(Object.keys(resolved).length > 0 ? { resolved } : {}),
    },
  });
  return createTurn(world, interaction);
}

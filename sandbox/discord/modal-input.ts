import { ComponentType } from 'discord-api-types/v10';

import { resolveEntity, storeFile } from './command-input.ts';
import { modalControls, modalSeen, type ModalControl } from './modals.ts';
import type { FileToSend, FormValues, ModalField } from './types.ts';
import { pick, type InteractionState, type World } from './world.ts';

type Value = FormValues[string];
type Resolved = Record<string, Record<string, object>>;

/** A submitted form as an interaction carries it; refuses what a real client would not let through. */
export function modalData(world: World, interaction: InteractionState, values: FormValues): object {
  const { modal } = interaction;
  if (!modal) throw new Error(`${interaction.action} has no open form`);
  const seen = modalSeen(interaction, modal);
  const controls = modalControls(modal);
  const isNamed = (field: { customId: string; label: string }, key: string) =>
    field.customId === key || field.label === key;
  const stranger = Object.keys(values).find((key) => !seen.fields.some((one) => isNamed(one, key)));
  if (stranger !== undefined) {
    const labels = seen.fields.map(({ label }) => label).join(', ');
    throw new Error(`The form "${modal.title}" has no field "${stranger}", but: ${labels}`);
  }
  const resolved: Resolved = {};
  const answers = new Map(
    controls.map((control, index) => {
      const field = seen.fields[index];
      if (!field) throw new Error('the form lost a field');
      const given = Object.entries(values).find(([key]) => isNamed(field, key))?.[1] ?? field.value;
      const context = { world, interaction, resolved };
      return [control.control.custom_id, answerOf(context, control, field, given)];
    }),
  );
  const components = modal.components.map((component, index) => {
    const id = component.id ?? index + 1;
    if (component.type === ComponentType.Label) {
      return { type: component.type, id, component: answers.get(component.component.custom_id) };
    }
    if (component.type !== ComponentType.ActionRow) return { type: component.type, id };
    return {
      type: component.type,
      id,
      components: component.components.map(({ custom_id: customId }) => answers.get(customId)),
    };
  });
  return {
    custom_id: modal.custom_id,
    components,
    ...(Object.keys(resolved).length > 0 ? { resolved } : {}),
  };
}

type Context = {
  readonly world: World;
  readonly interaction: InteractionState;
  readonly resolved: Resolved;
};

function answerOf(
  context: Context,
  { control }: ModalControl,
  field: ModalField,
  given: Value,
): object {
  const base = { type: control.type, id: control.id ?? 0, custom_id: control.custom_id };
  const refusal = (why: string) => new Error(`The field "${field.label}" ${why}`);
  switch (field.kind) {
    case 'text':
      return { ...base, value: checkedText(field, given, refusal) };
    case 'checkbox':
      if (typeof given !== 'boolean') throw refusal('takes true or false');
      return { ...base, value: given };
    case 'radio': {
      const [value = null] = checkedChoices(field, given, refusal);
      return { ...base, value };
    }
    case 'select':
    case 'checkboxes':
      return { ...base, values: checkedChoices(field, given, refusal) };
    case 'file':
      return { ...base, values: files(context, field, given, refusal) };
    case 'entity':
      break;
  }
  return { ...base, values: entities(context, field, given, refusal) };
}

type Refuse = (why: string) => Error;

function checkedText(field: ModalField, given: Value, refusal: Refuse): string {
  if (typeof given !== 'string') throw refusal('takes a text');
  if (given === '' && !field.required) return given;
  if (given === '') throw refusal('is required');
  const length = given.length;
  if (length < field.min) throw refusal(`has ${length} characters, at least ${field.min} needed`);
  if (length > field.max) throw refusal(`has ${length} characters, at most ${field.max} allowed`);
  return given;
}

function texts(given: Value, refusal: Refuse): string[] {
  if (typeof given === 'boolean') throw refusal('takes a list of values');
  if (typeof given === 'string') return given === '' ? [] : [given];
  return given.map((one) => {
    if (typeof one !== 'string') throw refusal('takes texts, not files');
    return one;
  });
}

function checkCount(field: ModalField, count: number, refusal: Refuse): void {
  if (count === 0 && !field.required) return;
  if (count === 0) throw refusal('is required');
  if (count < field.min) throw refusal(`has ${count} values, at least ${field.min} needed`);
  if (count > field.max) throw refusal(`has ${count} values, at most ${field.max} allowed`);
}

function checkedChoices(field: ModalField, given: Value, refusal: Refuse): string[] {
  const values = texts(given, refusal).map((said) => {
    const option = field.options.find(({ label, value }) => value === said || label === said);
    if (!option) throw refusal(`has no choice "${said}"`);
    return option.value;
  });
  checkCount(field, values.length, refusal);
  return values;
}

function entities(
  { world, interaction, resolved }: Context,
  field: ModalField,
  given: Value,
  refusal: Refuse,
): string[] {
  const channel = pick(world.channels, interaction.channelId);
  const said = texts(given, refusal);
  checkCount(field, said.length, refusal);
  return said.map((one) => resolveEntity({ world, channel }, one, resolved, refusal));
}

function files(
  { world, interaction, resolved }: Context,
  field: ModalField,
  given: Value,
  refusal: Refuse,
): string[] {
  if (typeof given === 'string' || typeof given === 'boolean') throw refusal('takes files');
  const sent = given.map((one): FileToSend => {
    if (typeof one === 'string') throw refusal('takes files');
    return one;
  });
  checkCount(field, sent.length, refusal);
  const channel = pick(world.channels, interaction.channelId);
  return sent.map((file) => {
    const stored = storeFile(world, channel, file);
    resolved['attachments'] = { ...resolved['attachments'], [stored.id]: stored };
    return stored.id;
  });
}

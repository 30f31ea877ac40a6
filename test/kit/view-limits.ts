import {
  ComponentType,
  type APIComponentInLabel,
  type APIMessageTopLevelComponent,
  type APIModalInteractionResponseCallbackData,
} from 'discord-api-types/v10';

import type { View } from '../../bot/discord/view.ts';

type Part = {
  readonly type: ComponentType;
  readonly components?: readonly unknown[];
  readonly [field: string]: unknown;
};

const isPart = (value: unknown): value is Part =>
  typeof value === 'object' && value !== null && 'type' in value;

/** A component and everything inside it. */
function partsOf(component: unknown): Part[] {
  if (!isPart(component)) return [];
  const inside = [
    ...(component.components ?? []),
    component['accessory'],
    component['component'],
  ].flatMap((child) => partsOf(child));
  return [component, ...inside];
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const childBounds = new Map<ComponentType, readonly [number, number]>([
  [ComponentType.ActionRow, [1, 5]],
  [ComponentType.Section, [1, 3]],
  [ComponentType.Container, [1, 39]],
]);

/** Whether a text has a length within the bounds; absent counts as fitting. */
function lengthProblem(part: Part, field: string, least: number, most: number): string[] {
  const value = part[field];
  if (value === undefined) return [];
  const { length } = textOf(value);
  return length >= least && length <= most
    ? []
    : [`${field} of type ${part.type} has ${length} characters, ${least} to ${most} are allowed`];
}

function countProblem(name: string, count: number, least: number, most: number): string[] {
  return count >= least && count <= most
    ? []
    : [`${name} has ${count} parts, ${least} to ${most} are allowed`];
}

function optionProblems(part: Part): string[] {
  if (!('options' in part)) return [];
  const options = listOf(part['options']).filter((option) => typeof option === 'object');
  const most = part.type === ComponentType.RadioGroup ? 10 : 25;
  const least = part.type === ComponentType.RadioGroup ? 2 : 1;
  const values = options.map((option) => JSON.stringify(Object(option).value));
  return [
    ...countProblem(`a list of type ${part.type}`, options.length, least, most),
    ...(new Set(values).size === values.length ? [] : ['option values repeat']),
    ...options.flatMap((option) =>
      ['label', 'value', 'description'].flatMap((field) =>
        lengthProblem({ type: part.type, [field]: Object(option)[field] }, field, 1, 100),
      ),
    ),
  ];
}

function problemsOfPart(part: Part): string[] {
  const bounds = childBounds.get(part.type);
  const items = listOf(part['items']);
  return [
    ...(bounds ? countProblem(`type ${part.type}`, part.components?.length ?? 0, ...bounds) : []),
    ...(part.type === ComponentType.MediaGallery
      ? countProblem('a gallery', items.length, 1, 10)
      : []),
    ...(part.type === ComponentType.Button
      ? [...lengthProblem(part, 'label', 1, 80), ...lengthProblem(part, 'url', 1, 512)]
      : []),
    ...(part.type === ComponentType.Label
      ? [...lengthProblem(part, 'label', 1, 45), ...lengthProblem(part, 'description', 1, 100)]
      : []),
    ...(part.type === ComponentType.TextDisplay ? lengthProblem(part, 'content', 1, 4000) : []),
    ...(part.type === ComponentType.TextInput ? valueProblem(part) : []),
    ...(part.type === ComponentType.Section && !isPart(part['accessory'])
      ? ['a section without an accessory']
      : []),
    ...(part.type === ComponentType.ActionRow ? rowProblems(part) : []),
    ...lengthProblem(part, 'custom_id', 1, 100),
    ...lengthProblem(part, 'placeholder', 1, 150),
    ...optionProblems(part),
  ];
}

/** What stands in a field at first fits its bounds. */
function valueProblem(part: Part): string[] {
  const { min_length: least, max_length: most } = part;
  return lengthProblem(
    part,
    'value',
    typeof least === 'number' ? least : 0,
    typeof most === 'number' ? most : 4000,
  );
}

/** A select stands alone in its row. */
function rowProblems(part: Part): string[] {
  const kinds = (part.components ?? []).filter(isPart).map(({ type }) => type);
  const hasSelect = kinds.some((type) => type !== ComponentType.Button);
  return hasSelect && kinds.length > 1 ? ['a select shares its row'] : [];
}

function repeatedIds(parts: readonly Part[]): string[] {
  const ids = parts.map((part) => part['custom_id']).filter((id) => typeof id === 'string');
  return ids
    .filter((id, index) => ids.indexOf(id) !== index)
    .map((id) => `custom_id ${id} repeats`);
}

/** Everything for which Discord would refuse a message; empty when it would take it. */
export function problemsOfView(view: View): string[] {
  const parts = view.components.flatMap((component) => partsOf(component));
  const letters = parts
    .filter(({ type }) => type === ComponentType.TextDisplay)
    .reduce((sum, part) => sum + textOf(part['content']).length, 0);
  const names = new Set((view.files ?? []).map(({ name }) => `attachment://${name}`));
  const wanted = [...JSON.stringify(view.components).matchAll(/attachment:\/\/[^"]+/g)].map(String);
  return [
    ...countProblem('the message', parts.length, 1, 40),
    ...(letters > 4000 ? [`${letters} characters of text, at most 4000 are allowed`] : []),
    ...repeatedIds(parts),
    ...wanted.filter((name) => !names.has(name)).map((name) => `${name} is not among the files`),
    ...[...names].filter((name) => !wanted.includes(name)).map((name) => `${name} is not shown`),
    ...parts.flatMap((part) => problemsOfPart(part)),
  ];
}

/** Everything for which Discord would refuse a form; empty when it would take it. */
export function problemsOfModal(modal: APIModalInteractionResponseCallbackData): string[] {
  const parts = modal.components.flatMap((component) => partsOf(component));
  return [
    ...countProblem('the form', modal.components.length, 1, 5),
    ...lengthProblem({ type: ComponentType.Label, title: modal.title }, 'title', 1, 45),
    ...lengthProblem(
      { type: ComponentType.Label, custom_id: modal.custom_id },
      'custom_id',
      1,
      100,
    ),
    ...repeatedIds(parts),
    ...parts.flatMap((part) => problemsOfPart(part)),
  ];
}

/** All text of a message, a line per text display. */
export const textOfView = (view: View): string =>
  view.components
    .flatMap((component: APIMessageTopLevelComponent) => partsOf(component))
    .filter(({ type }) => type === ComponentType.TextDisplay)
    .map((part) => textOf(part['content']))
    .join('\n');

/** Buttons and selects of a message, by their action's name. */
export const idsOfView = (view: View): string[] =>
  view.components
    .flatMap((component) => partsOf(component))
    .map((part) => textOf(part['custom_id']))
    .filter(Boolean);

/** Labels of the buttons of a message, in order. */
export const labelsOfView = (view: View): string[] =>
  view.components
    .flatMap((component) => partsOf(component))
    .filter(({ type }) => type === ComponentType.Button)
    .map((part) => textOf(part['label']));

/** The field of a form with that id. */
export function fieldOf(
  modal: APIModalInteractionResponseCallbackData,
  id: string,
): APIComponentInLabel | null {
  for (const component of modal.components)
    if ('component' in component && 'custom_id' in component.component)
      if (component.component.custom_id === id) return component.component;
  return null;
}

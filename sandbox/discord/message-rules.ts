import {
  ButtonStyle,
  ComponentType,
  MessageFlags,
  type APIEmbed,
  type APIMessageTopLevelComponent,
} from 'discord-api-types/v10';

import { isSelect, mediaOf, placedComponents, type Placed } from './components.ts';
import { problem, type Problem } from './refusal.ts';

/** A message as it would be after the request. */
export type MessagePlan = {
  readonly isV2: boolean;
  readonly components: readonly APIMessageTopLevelComponent[];
  readonly embeds: readonly APIEmbed[];
  readonly content: string;
  /** Names of files that are uploaded with it or kept. */
  readonly fileNames: ReadonlySet<string>;
};

/** Rules of Discord's that its published schema does not say. */
export function messageProblems(plan: MessagePlan): Problem[] {
  return [
    ...contentProblems(plan.content),
    ...embedProblems(plan.embeds),
    ...componentProblems(plan),
  ];
}

function contentProblems(content: string): Problem[] {
  if (content.length <= 2000) return [];
  return [problem(['content'], 'BASE_TYPE_MAX_LENGTH', 'Must be 2000 or fewer in length.')];
}

/** Characters that count against the 6000 of a message. */
function embedSize(embed: APIEmbed): number {
  const texts = [
    embed.title,
    embed.description,
    embed.footer?.text,
    embed.author?.name,
    ...(embed.fields ?? []).flatMap(({ name, value }) => [name, value]),
  ];
  return texts.reduce((sum, text) => sum + (text?.length ?? 0), 0);
}

function embedProblems(embeds: readonly APIEmbed[]): Problem[] {
  const empty = embeds.flatMap((embed, index) =>
    embedSize(embed) > 0 || embed.image?.url || embed.thumbnail?.url
      ? []
      : [problem(['embeds', index, 'description'], 'BASE_TYPE_REQUIRED', 'This field is required')],
  );
  const fields = embeds.flatMap((embed, index) =>
    (embed.fields ?? []).flatMap((field, position) =>
      (['name', 'value'] as const).flatMap((key) =>
        field[key].trim() === ''
          ? [
              problem(
                ['embeds', index, 'fields', position, key],
                'BASE_TYPE_REQUIRED',
                'This field is required',
              ),
            ]
          : [],
      ),
    ),
  );
  const total = embeds.reduce((sum, embed) => sum + embedSize(embed), 0);
  if (total <= 6000) return [...empty, ...fields];
  const code = 'MAX_EMBED_SIZE_EXCEEDED';
  return [
    ...empty,
    ...fields,
    problem(['embeds'], code, 'Embed size exceeds maximum size of 6000'),
  ];
}

function componentProblems(plan: MessagePlan): Problem[] {
  const all = placedComponents(plan.components);
  return [
    ...(plan.isV2 ? sizeProblems(all) : legacyProblems(plan.components)),
    ...all.flatMap(rowProblems),
    ...customIdProblems(all),
    ...all.flatMap(selectProblems),
    ...all.flatMap(buttonProblems),
    ...all.flatMap((one) => mediaProblems(one, plan.fileNames)),
  ];
}

function sizeProblems(all: readonly Placed[]): Problem[] {
  const text = all.reduce(
    (sum, { component }) =>
      sum + (component.type === ComponentType.TextDisplay ? component.content.length : 0),
    0,
  );
  return [
    ...(all.length > 40
      ? [
          problem(
            ['components'],
            'COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED',
            'The total number of components cannot exceed 40',
          ),
        ]
      : []),
    ...(text > 4000
      ? [
          problem(
            ['components'],
            'COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED',
            'Components displayable text size exceeds maximum size of 4000',
          ),
        ]
      : []),
  ];
}

function legacyProblems(components: readonly APIMessageTopLevelComponent[]): Problem[] {
  const strangers = components.flatMap(({ type }, index) =>
    type === ComponentType.ActionRow
      ? []
      : [
          problem(
            ['components', index, 'type'],
            'UNION_TYPE_CHOICES',
            'Value of field "type" must be one of (1,).',
          ),
        ],
  );
  if (components.length <= 5) return strangers;
  const code = 'BASE_TYPE_BAD_LENGTH';
  return [...strangers, problem(['components'], code, 'Must be between 1 and 5 in length.')];
}

function rowProblems({ component, path }: Placed): Problem[] {
  if (component.type !== ComponentType.ActionRow) return [];
  const width = component.components.reduce((sum, inner) => sum + (isSelect(inner) ? 5 : 1), 0);
  if (width <= 5) return [];
  const code = 'COMPONENT_LAYOUT_WIDTH_EXCEEDED';
  const index = component.components.length - 1;
  return [
    problem(
      [...path, 'components', index],
      code,
      'The specified component exceeds the maximum width',
    ),
  ];
}

function customIdProblems(all: readonly Placed[]): Problem[] {
  const taken = new Set<string>();
  return all.flatMap(({ component, path }) => {
    const id = 'custom_id' in component ? component.custom_id : undefined;
    if (!id) return [];
    const repeated = taken.has(id);
    taken.add(id);
    if (!repeated) return [];
    const code = 'COMPONENT_CUSTOM_ID_DUPLICATED';
    return [problem([...path, 'custom_id'], code, 'Component custom id cannot be duplicated')];
  });
}

function selectProblems({ component, path }: Placed): Problem[] {
  if (component.type !== ComponentType.StringSelect) return [];
  const { options, min_values: min = 1, max_values: max = 1 } = component;
  const taken = new Set<string>();
  const repeated = options.flatMap(({ value }, index) => {
    if (!taken.has(value)) {
      taken.add(value);
      return [];
    }
    const code = 'SELECT_COMPONENT_OPTION_VALUE_DUPLICATED';
    const where = [...path, 'options', index, 'value'];
    return [problem(where, code, 'The specified option value is already used')];
  });
  const bounds: Problem[] = [];
  const tooMany = `Must be ${options.length} or fewer.`;
  if (max > options.length || min > max) {
    bounds.push(problem([...path, 'max_values'], 'BASE_TYPE_BAD_LENGTH', tooMany));
  }
  if (options.filter((option) => option.default).length > max) {
    const code = 'SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES';
    bounds.push(problem([...path, 'options'], code, 'Too many default values were given'));
  }
  return [...repeated, ...bounds];
}

function buttonProblems({ component, path }: Placed): Problem[] {
  if (component.type !== ComponentType.Button) return [];
  const required = (key: string) =>
    problem([...path, key], 'BASE_TYPE_REQUIRED', 'This field is required');
  const problems: Problem[] = [];
  if (component.style === ButtonStyle.Link) {
    if (!component.url) problems.push(required('url'));
    else if (!/^(?:https?|discord):/.test(component.url))
      problems.push(badScheme([...path, 'url']));
  } else if (component.style === ButtonStyle.Premium) {
    if (!component.sku_id) problems.push(required('sku_id'));
  } else if (!component.custom_id) problems.push(required('custom_id'));
  const hasFace = component.style === ButtonStyle.Premium || component.label || component.emoji;
  if (!hasFace) problems.push(required('label'));
  return problems;
}

function mediaProblems(one: Placed, fileNames: ReadonlySet<string>): Problem[] {
  const mustBeFile = one.component.type === ComponentType.File;
  return mediaOf(one).flatMap(({ media, path }) => {
    if (media.url.startsWith('attachment://')) {
      if (fileNames.has(media.url.slice('attachment://'.length))) return [];
      const code = 'UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND';
      return [problem(path, code, 'The referenced attachment was not found')];
    }
    return !mustBeFile && /^https?:/.test(media.url) ? [] : [badScheme(path)];
  });
}

function badScheme(path: readonly (string | number)[]): Problem {
  return problem(
    path,
    'URL_TYPE_INVALID_SCHEME',
    "Scheme must be one of ('http', 'https', 'attachment').",
  );
}

/** What may not stand beside Components V2; `given` is the request's own body. */
export function legacyFieldProblems(given: {
  readonly content?: unknown;
  readonly embeds?: readonly unknown[] | null | undefined;
  readonly poll?: unknown;
  readonly sticker_ids?: readonly unknown[] | null | undefined;
}): Problem[] {
  const used = {
    content: given.content !== undefined && given.content !== null,
    embeds: (given.embeds?.length ?? 0) > 0,
    poll: given.poll !== undefined && given.poll !== null,
    sticker_ids: (given.sticker_ids?.length ?? 0) > 0,
  };
  return Object.entries(used).flatMap(([field, isUsed]) =>
    isUsed
      ? [
          problem(
            [field],
            'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
            `The '${field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`,
          ),
        ]
      : [],
  );
}

export const isV2 = (flags: number | undefined | null): boolean =>
  ((flags ?? 0) & MessageFlags.IsComponentsV2) !== 0;

import {
  ButtonStyle,
  ComponentType,
  SeparatorSpacingSize,
  type APIActionRowComponent,
  type APIButtonComponent,
  type APIComponentInContainer,
  type APIComponentInMessageActionRow,
  type APIContainerComponent,
  type APIMessageTopLevelComponent,
  type APISectionComponent,
  type APISelectMenuOption,
  type APIStringSelectComponent,
} from 'discord-api-types/v10';

import type { AnswerPicture } from '../../core/answer-pictures.ts';

/** A message as it is drawn, in Components V2: at most 40 components and 4,000 characters of text. */
export type View = {
  readonly components: readonly APIMessageTopLevelComponent[];
  /** Files that the components name as `attachment://name`. */
  readonly files?: readonly ViewFile[];
};

export type ViewFile = FileOnDisk | AnswerPicture;

export type FileOnDisk = {
  readonly name: string;
  readonly contentType: string;
  /** Where it lies on this machine. */
  readonly path: string;
};

/** Colours of a card's edge. */
export const accents = {
  brand: 0x6366f1,
  good: 0x10b981,
  waiting: 0xf59e0b,
  bad: 0xef4444,
  quiet: 0x71717a,
} as const;

/** Markdown text; whatever comes from people or from outside goes through `escapeText` first. */
export const text = (content: string) => ({ type: ComponentType.TextDisplay, content }) as const;

export const separator = () =>
  ({ type: ComponentType.Separator, divider: true, spacing: SeparatorSpacingSize.Small }) as const;

/** Text with a thumbnail or a button beside it. */
export const section = (
  lines: readonly string[],
  accessory: APISectionComponent['accessory'],
): APISectionComponent => ({
  type: ComponentType.Section,
  components: lines.map((content) => text(content)),
  accessory,
});

export const thumbnail = (url: string, description: string) =>
  ({
    type: ComponentType.Thumbnail,
    media: { url },
    description: cut(description, 1024),
  }) as const;

/** Pictures or videos: addresses, or `attachment://name` of the view's files. */
export const gallery = (urls: readonly string[]) => ({
  type: ComponentType.MediaGallery as const,
  items: urls.map((url) => ({ media: { url } })),
});

type ButtonLook = { readonly label: string; readonly emoji?: string; readonly disabled?: boolean };

const styles = {
  primary: ButtonStyle.Primary,
  secondary: ButtonStyle.Secondary,
  success: ButtonStyle.Success,
  danger: ButtonStyle.Danger,
} as const;

/** A button; `id` comes from `actionId`. */
export const button = (
  id: string,
  look: ButtonLook,
  style: keyof typeof styles = 'secondary',
): APIButtonComponent => ({
  type: ComponentType.Button,
  style: styles[style],
  custom_id: id,
  ...lookOf(look),
});

export const linkButton = (url: string, look: ButtonLook): APIButtonComponent => ({
  type: ComponentType.Button,
  style: ButtonStyle.Link,
  url,
  ...lookOf(look),
});

const lookOf = ({ label, emoji, disabled }: ButtonLook) => ({
  label: cut(label, 80),
  ...(emoji ? { emoji: { name: emoji } } : {}),
  ...(disabled ? { disabled } : {}),
});

/** One to five buttons, or one select. */
export const row = (
  ...components: readonly APIComponentInMessageActionRow[]
): APIActionRowComponent<APIComponentInMessageActionRow> => ({
  type: ComponentType.ActionRow,
  components: [...components],
});

/** A list to pick from; at most 25 options. */
export const select = (
  id: string,
  placeholder: string,
  options: readonly APISelectMenuOption[],
  picks: { readonly min?: number; readonly max?: number } = {},
): APIStringSelectComponent => ({
  type: ComponentType.StringSelect,
  custom_id: id,
  placeholder: cut(placeholder, 150),
  options: options.slice(0, 25).map((option) => ({
    ...option,
    label: cut(option.label, 100),
    ...(option.description ? { description: cut(option.description, 100) } : {}),
  })),
  min_values: picks.min ?? 1,
  max_values: picks.max ?? 1,
});

/** The frame of a card. */
const container = (
  accent: number,
  components: readonly APIComponentInContainer[],
): APIContainerComponent => ({
  type: ComponentType.Container,
  accent_color: accent,
  components: [...components],
});

/** A card: one container, and files where there are any. */
export const card = (
  accent: number,
  components: readonly APIComponentInContainer[],
  files: readonly ViewFile[] = [],
): View => ({
  components: [container(accent, components)],
  ...(files.length > 0 ? { files } : {}),
});

/** At most `most` UTF-16 units, the strictest way of counting, with an ellipsis where something is left out. */
export const cut = (words: string, most: number): string =>
  words.length <= most
    ? words
    : // Never half of a pair.
      `${words.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/u, '')}…`;

/** Text from people and from outside: nothing in it is markup, a heading, a list or a mention. */
export const escapeText = (words: string): string =>
  words
    .replaceAll(/\s+/gu, ' ')
    .trim()
    .replaceAll(/[\\*_~`|[\]<]/gu, (mark) => `\\${mark}`)
    .replace(/^(?=[#>+-])/u, '\\')
    .replace(/^(\d+)\./u, '$1\\.');

/** How far something is, as 20 characters. */
export function bar(percent: number): string {
  const full = Math.round(Math.min(100, Math.max(0, percent)) / 5);
  return `${'█'.repeat(full)}${'░'.repeat(20 - full)}`;
}

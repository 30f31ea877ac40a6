import {
  ComponentType,
  type APIComponentInContainer,
  type APIComponentInMessageActionRow,
  type APIMessageTopLevelComponent,
  type APISectionAccessoryComponent,
  type APISelectMenuComponent,
  type APITextDisplayComponent,
  type APIUnfurledMediaItem,
} from 'discord-api-types/v10';

export type MessageComponent =
  | APIMessageTopLevelComponent
  | APIComponentInContainer
  | APIComponentInMessageActionRow
  | APISectionAccessoryComponent
  | APITextDisplayComponent;

export type Placed = {
  readonly component: MessageComponent;
  readonly path: readonly (string | number)[];
};

/** All components, parents before children, with the path that an error would name. */
export function placedComponents(
  components: readonly MessageComponent[],
  base: readonly (string | number)[] = ['components'],
): Placed[] {
  return components.flatMap((component, index) => placed(component, [...base, index]));
}

function placed(component: MessageComponent, path: readonly (string | number)[]): Placed[] {
  const self = { component, path };
  const { type } = component;
  if (type === ComponentType.ActionRow || type === ComponentType.Container) {
    return [self, ...placedComponents(component.components, [...path, 'components'])];
  }
  if (type !== ComponentType.Section) return [self];
  return [
    self,
    ...placedComponents(component.components, [...path, 'components']),
    ...placed(component.accessory, [...path, 'accessory']),
  ];
}

const selectTypes = [
  ComponentType.StringSelect,
  ComponentType.UserSelect,
  ComponentType.RoleSelect,
  ComponentType.MentionableSelect,
  ComponentType.ChannelSelect,
] as const;

export const isSelect = (component: MessageComponent): component is APISelectMenuComponent =>
  selectTypes.some((type) => type === component.type);

/** Media of a component with the path of each address. */
export function mediaOf({ component, path }: Placed): {
  readonly media: APIUnfurledMediaItem;
  readonly path: readonly (string | number)[];
}[] {
  if (component.type === ComponentType.MediaGallery) {
    return component.items.map(({ media }, index) => ({
      media,
      path: [...path, 'items', index, 'media', 'url'],
    }));
  }
  if (component.type === ComponentType.Thumbnail) {
    return [{ media: component.media, path: [...path, 'media', 'url'] }];
  }
  if (component.type !== ComponentType.File) return [];
  return [{ media: component.file, path: [...path, 'file', 'url'] }];
}

export type ResolveMedia = (url: string) => APIUnfurledMediaItem;

/** Components as Discord gives them back: every one numbered, defaults filled in, media resolved. */
export function answeredComponents(
  components: readonly APIMessageTopLevelComponent[],
  resolve: ResolveMedia,
): APIMessageTopLevelComponent[] {
  const taken = new Set(placedComponents(components).map(({ component }) => component.id ?? 0));
  let last = 0;
  const number = (id: number | undefined | null): number => {
    if (id) return id;
    do last += 1;
    while (taken.has(last));
    return last;
  };
  return components.map((component) => answeredTop(component, { number, resolve }));
}

type Filling = {
  readonly number: (id: number | undefined | null) => number;
  readonly resolve: ResolveMedia;
};

function answeredTop(
  component: APIMessageTopLevelComponent,
  filling: Filling,
): APIMessageTopLevelComponent {
  if (component.type !== ComponentType.Container) return answeredInner(component, filling);
  return {
    type: component.type,
    id: filling.number(component.id),
    accent_color: component.accent_color ?? null,
    spoiler: component.spoiler ?? false,
    components: component.components.map((inner) => answeredInner(inner, filling)),
  };
}

function answeredInner(
  component: APIComponentInContainer,
  filling: Filling,
): APIComponentInContainer {
  const id = filling.number(component.id);
  switch (component.type) {
    case ComponentType.ActionRow:
      return {
        type: component.type,
        id,
        components: component.components.map((inner) => answeredControl(inner, filling)),
      };
    case ComponentType.Section:
      return {
        type: component.type,
        id,
        components: component.components.map(({ content, id: own }) => ({
          type: ComponentType.TextDisplay,
          id: filling.number(own),
          content,
        })),
        accessory: answeredAccessory(component.accessory, filling),
      };
    case ComponentType.MediaGallery:
      return {
        type: component.type,
        id,
        items: component.items.map((item) => ({
          media: filling.resolve(item.media.url),
          description: item.description ?? null,
          spoiler: item.spoiler ?? false,
        })),
      };
    case ComponentType.File: {
      const file = filling.resolve(component.file.url);
      return {
        type: component.type,
        id,
        file,
        spoiler: component.spoiler ?? false,
        ...named(file),
      };
    }
    case ComponentType.Separator:
      return {
        type: component.type,
        id,
        divider: component.divider ?? true,
        spacing: component.spacing ?? 1,
      };
    case ComponentType.TextDisplay:
      break;
  }
  return { type: component.type, id, content: component.content };
}

function named(file: APIUnfurledMediaItem & { size?: number }): { name: string; size: number } {
  const name = decodeURIComponent(file.url.split('/').at(-1) ?? '');
  return { name, size: file.size ?? 0 };
}

function answeredAccessory(
  component: APISectionAccessoryComponent,
  filling: Filling,
): APISectionAccessoryComponent {
  if (component.type === ComponentType.Button) {
    return withoutNulls({ ...component, id: filling.number(component.id) });
  }
  return {
    type: component.type,
    id: filling.number(component.id),
    media: filling.resolve(component.media.url),
    description: component.description ?? null,
    spoiler: component.spoiler ?? false,
  };
}

function answeredControl(
  component: APIComponentInMessageActionRow,
  filling: Filling,
): APIComponentInMessageActionRow {
  const id = filling.number(component.id);
  if (component.type === ComponentType.Button) return withoutNulls({ ...component, id });
  const bounds = { min_values: component.min_values ?? 1, max_values: component.max_values ?? 1 };
  return withoutNulls({ ...component, ...bounds, id });
}

/** A field that was sent as null is one that was not sent. */
export function withoutNulls<Thing extends object>(thing: Thing): Thing {
  const copy = { ...thing };
  for (const key of Object.keys(copy)) {
    if (Reflect.get(copy, key) === null) Reflect.deleteProperty(copy, key);
  }
  return copy;
}

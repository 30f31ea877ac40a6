import {
  ComponentType,
  TextInputStyle,
  type APICheckboxGroupOption,
  type APILabelComponent,
  type APIRadioGroupOption,
  type APISelectMenuOption,
} from 'discord-api-types/v10';

import { cut } from '../view.ts';

type TextField = {
  readonly id: string;
  readonly label: string;
  readonly note: string;
  /** What stands in it at first. */
  readonly value?: string;
  readonly most: number;
  readonly isRequired: boolean;
  readonly isLong?: boolean;
};

/** A field of a form for one line of text, or for several. */
export const textField = (field: TextField): APILabelComponent => ({
  type: ComponentType.Label,
  label: cut(field.label, 45),
  description: cut(field.note, 100),
  component: {
    type: ComponentType.TextInput,
    custom_id: field.id,
    style: field.isLong ? TextInputStyle.Paragraph : TextInputStyle.Short,
    max_length: field.most,
    required: field.isRequired,
    // An empty value is refused by some clients; absent is the same.
    ...(field.value ? { value: cut(field.value, field.most) } : {}),
  },
});

/** A field of a form for one file that is uploaded with it. */
export const fileField = (id: string, label: string, note: string): APILabelComponent => ({
  type: ComponentType.Label,
  label: cut(label, 45),
  description: cut(note, 100),
  component: {
    type: ComponentType.FileUpload,
    custom_id: id,
    min_values: 1,
    max_values: 1,
    required: true,
  },
});

/** A field of a form for one of a few possibilities. */
export const radioField = (
  id: string,
  label: string,
  options: readonly APIRadioGroupOption[],
  note?: string,
): APILabelComponent => ({
  type: ComponentType.Label,
  label: cut(label, 45),
  ...(note ? { description: cut(note, 100) } : {}),
  component: {
    type: ComponentType.RadioGroup,
    custom_id: id,
    options: options.map((option) => ({ ...option, label: cut(option.label, 100) })),
  },
});

/** A field of a form for one entry of a list. */
export const selectField = (
  id: string,
  label: string,
  options: readonly APISelectMenuOption[],
): APILabelComponent => ({
  type: ComponentType.Label,
  label: cut(label, 45),
  component: {
    type: ComponentType.StringSelect,
    custom_id: id,
    options: options.map((option) => ({ ...option, label: cut(option.label, 100) })),
  },
});

/** A field of a form for what is either so or not so; nothing has to be ticked. */
export const checkboxField = (
  id: string,
  label: string,
  options: readonly APICheckboxGroupOption[],
): APILabelComponent => ({
  type: ComponentType.Label,
  label: cut(label, 45),
  component: {
    type: ComponentType.CheckboxGroup,
    custom_id: id,
    required: false,
    min_values: 0,
    options: options.map((option) => ({ ...option, label: cut(option.label, 100) })),
  },
});

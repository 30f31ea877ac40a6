import {
  ComponentType,
  TextInputStyle,
  type APIComponentInLabel,
  type APILabelComponent,
  type APIModalInteractionResponseCallbackData,
  type APITextInputComponent,
} from 'discord-api-types/v10';

import { problem, type Problem } from './refusal.ts';
import type { ModalField, ModalSeen } from './types.ts';
import type { InteractionState } from './world.ts';

type Modal = APIModalInteractionResponseCallbackData;
export type ModalControl = {
  readonly control: APIComponentInLabel;
  readonly label: string;
  readonly description: string;
  readonly path: readonly (string | number)[];
};

/** The controls of a form with their labels, in order. */
export function modalControls(modal: Modal): ModalControl[] {
  return modal.components.flatMap((component, index): ModalControl[] => {
    if (component.type === ComponentType.Label) return [labelled(component, index)];
    if (component.type !== ComponentType.ActionRow) return [];
    return component.components.map((control, position) => ({
      control,
      label: control.label ?? '',
      description: '',
      path: ['components', index, 'components', position],
    }));
  });
}

function labelled(component: APILabelComponent, index: number): ModalControl {
  return {
    control: component.component,
    label: component.label,
    description: component.description ?? '',
    path: ['components', index, 'component'],
  };
}

/** Rules for a form that Discord's published schema does not say. */
export function modalProblems(modal: Modal): Problem[] {
  const controls = modalControls(modal);
  const taken = new Set<string>();
  const problems = controls.flatMap(({ control, path }): Problem[] => {
    const repeated = taken.has(control.custom_id);
    taken.add(control.custom_id);
    return [
      ...(repeated
        ? [
            problem(
              [...path, 'custom_id'],
              'COMPONENT_CUSTOM_ID_DUPLICATED',
              'Component custom id cannot be duplicated',
            ),
          ]
        : []),
      ...(control.type === ComponentType.TextInput ? textProblems(control, path) : []),
      ...('options' in control ? optionProblems(control.options ?? [], path) : []),
    ];
  });
  const rows = modal.components.flatMap((component, index) =>
    component.type === ComponentType.ActionRow && component.components.length > 1
      ? [
          problem(
            ['components', index, 'components', 1],
            'COMPONENT_LAYOUT_WIDTH_EXCEEDED',
            'The specified component exceeds the maximum width',
          ),
        ]
      : [],
  );
  return modal.components.length > 5
    ? [
        ...problems,
        ...rows,
        problem(['components'], 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 5 in length.'),
      ]
    : [...problems, ...rows];
}

function textProblems(
  { value, min_length: min = 0, max_length: max = 4000 }: APITextInputComponent,
  path: readonly (string | number)[],
): Problem[] {
  if (min > max) {
    const message = `Must be less than or equal to ${max}.`;
    return [problem([...path, 'min_length'], 'NUMBER_TYPE_MAX', message)];
  }
  if (!value || (value.length >= min && value.length <= max)) return [];
  const message = `Must be between ${min} and ${max} in length.`;
  return [problem([...path, 'value'], 'BASE_TYPE_BAD_LENGTH', message)];
}

function optionProblems(
  options: readonly { readonly value: string }[],
  path: readonly (string | number)[],
): Problem[] {
  const taken = new Set<string>();
  return options.flatMap(({ value }, index) => {
    const repeated = taken.has(value);
    taken.add(value);
    const code = 'SELECT_COMPONENT_OPTION_VALUE_DUPLICATED';
    const message = 'The specified option value is already used';
    return repeated ? [problem([...path, 'options', index, 'value'], code, message)] : [];
  });
}

/** A form as the person sees it. */
export function modalSeen(interaction: InteractionState, modal: Modal): ModalSeen {
  return {
    interactionId: interaction.id,
    personId: interaction.personId,
    channelId: interaction.channelId,
    customId: modal.custom_id,
    title: modal.title,
    texts: modal.components.flatMap((component) =>
      component.type === ComponentType.TextDisplay ? [component.content] : [],
    ),
    fields: modalControls(modal).map(seeField),
  };
}

type Kind = Pick<ModalField, 'kind' | 'value' | 'min' | 'max' | 'options'> &
  Partial<Pick<ModalField, 'multiline' | 'placeholder' | 'required'>>;

function seeField({ control, label, description }: ModalControl): ModalField {
  const kind = seeKind(control);
  return {
    customId: control.custom_id,
    label,
    description,
    multiline: false,
    placeholder: 'placeholder' in control ? (control.placeholder ?? '') : '',
    required: 'required' in control ? (control.required ?? true) : kind.kind !== 'checkbox',
    ...kind,
  };
}

function seeKind(control: APIComponentInLabel): Kind {
  switch (control.type) {
    case ComponentType.TextInput:
      return {
        kind: 'text',
        value: control.value ?? '',
        min: control.min_length ?? 0,
        max: control.max_length ?? 4000,
        options: [],
        multiline: control.style === TextInputStyle.Paragraph,
      };
    case ComponentType.RadioGroup:
      return { kind: 'radio', min: 1, max: 1, ...chosen(control.options) };
    case ComponentType.Checkbox:
      return { kind: 'checkbox', value: control.default ?? false, min: 0, max: 1, options: [] };
    case ComponentType.FileUpload:
      return { kind: 'file', value: [], ...counts(control), options: [] };
    case ComponentType.CheckboxGroup: {
      const max = control.max_values ?? control.options.length;
      return {
        kind: 'checkboxes',
        ...counts({ ...control, max_values: max }),
        ...chosen(control.options),
      };
    }
    case ComponentType.StringSelect:
      return { kind: 'select', ...counts(control), ...chosen(control.options) };
    case ComponentType.UserSelect:
    case ComponentType.RoleSelect:
    case ComponentType.MentionableSelect:
    case ComponentType.ChannelSelect:
      break;
  }
  return { kind: 'entity', value: [], ...counts(control), options: [] };
}

function counts(control: { min_values?: number | undefined; max_values?: number | undefined }) {
  return { min: control.min_values ?? 1, max: control.max_values ?? 1 };
}

function chosen(
  options: readonly {
    readonly label: string;
    readonly value: string;
    readonly description?: string | undefined;
    readonly default?: boolean | undefined;
  }[],
): Pick<ModalField, 'value' | 'options'> {
  return {
    value: options.filter((option) => option.default).map(({ value }) => value),
    options: options.map(({ label, value, description }) => ({
      label,
      value,
      ...(description ? { description } : {}),
    })),
  };
}

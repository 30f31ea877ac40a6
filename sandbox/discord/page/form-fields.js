import { fileSize } from './components-view.js';
import { readFile } from './connection.js';
import { h, icon } from './dom.js';
import { openSelect } from './select-menu.js';

/** One field of a form: its element, its value for the bot, and `check`, which shows what is wrong with it. */
export function drawField(field, look) {
  const id = `field-${field.customId}`;
  const control = controls[field.kind](field, id, look);
  const problem = h('p', { class: 'problem', role: 'alert', hidden: true });
  const isGroup = field.kind === 'radio' || field.kind === 'checkboxes';
  const title = [
    field.label,
    field.required ? h('span', { class: 'star', 'aria-hidden': 'true' }, '*') : undefined,
  ];
  const element = h(
    'div',
    isGroup
      ? { class: 'form-field', role: 'group', 'aria-label': field.label }
      : { class: 'form-field' },
    field.kind === 'checkbox'
      ? undefined
      : h(isGroup ? 'div' : 'label', { class: 'form-label', for: isGroup ? undefined : id }, title),
    field.description ? h('p', { class: 'form-note' }, field.description) : undefined,
    control.element,
    problem,
  );
  return {
    id: field.customId,
    element,
    read: control.read,
    focus: control.focus,
    check() {
      const text = control.problem();
      problem.hidden = text === undefined;
      problem.textContent = text ?? '';
      element.classList.toggle('invalid', text !== undefined);
      return text === undefined;
    },
  };
}

const controls = {
  text: drawText,
  select: drawList,
  entity: drawList,
  radio: drawOptions,
  checkboxes: drawOptions,
  checkbox: drawCheckbox,
  file: drawFiles,
};

function drawText(field, id, { words }) {
  const counter = h('span', { class: 'counter', 'aria-hidden': 'true' });
  const input = h(field.multiline ? 'textarea' : 'input', {
    id,
    type: field.multiline ? undefined : 'text',
    rows: field.multiline ? 5 : undefined,
    placeholder: field.placeholder || undefined,
    'aria-required': field.required ? 'true' : undefined,
    autocomplete: 'off',
    on: { input: () => count() },
  });
  input.value = typeof field.value === 'string' ? field.value : '';
  const count = () => {
    counter.textContent = `${input.value.length}/${field.max}`;
    counter.classList.toggle('over', input.value.length > field.max);
  };
  count();
  return {
    element: h('div', { class: 'form-text' }, input, counter),
    read: () => input.value,
    focus: () => input.focus(),
    problem() {
      const { length } = input.value;
      if (length === 0) return field.required ? words.requiredField : undefined;
      if (length < field.min) return words.atLeastCharacters(field.min);
      return length > field.max ? words.atMostCharacters(field.max) : undefined;
    },
  };
}

/** Whether so many chosen values are allowed, in words. */
function countProblem(field, count, words) {
  if (count === 0) return field.required ? words.requiredField : undefined;
  if (count < field.min) return words.atLeastChoices(field.min);
  return count > field.max ? words.atMostChoices(field.max) : undefined;
}

const prefilled = (field) => {
  if (Array.isArray(field.value)) return [...field.value];
  return typeof field.value === 'string' && field.value !== '' ? [field.value] : [];
};

function drawList(field, id, look) {
  let chosen = prefilled(field);
  const placeholder = field.placeholder || look.words.select;
  const text = h('span');
  const show = () => {
    const labels = field.options
      .filter(({ value }) => chosen.includes(value))
      .map(({ label }) => label);
    text.textContent = labels.join(', ') || placeholder;
    text.className = labels.length > 0 ? 'chosen' : 'placeholder';
  };
  const button = h(
    'button',
    {
      id,
      type: 'button',
      class: 'select',
      role: 'combobox',
      'aria-haspopup': 'listbox',
      'aria-expanded': 'false',
      'aria-label': field.label,
      on: {
        click: () =>
          openSelect(button, {
            options: field.options,
            chosen,
            min: 0,
            max: field.max,
            label: field.label,
            onDone: (values) => {
              chosen = values;
              show();
            },
          }),
      },
    },
    text,
    icon('chevron'),
  );
  show();
  return {
    element: button,
    read: () => chosen,
    focus: () => button.focus(),
    problem: () => countProblem(field, chosen.length, look.words),
  };
}

function drawOptions(field, id, { words }) {
  const isRadio = field.kind === 'radio';
  const given = prefilled(field);
  const inputs = field.options.map((option) => {
    const input = h('input', {
      type: isRadio ? 'radio' : 'checkbox',
      name: id,
      value: option.value,
    });
    input.checked = given.includes(option.value);
    return { option, input };
  });
  const chosen = () =>
    inputs.filter(({ input }) => input.checked).map(({ option }) => option.value);
  return {
    element: h(
      'div',
      { class: 'form-options' },
      inputs.map(({ option, input }) =>
        h(
          'label',
          {},
          input,
          h('span', {}, option.label, option.description && h('small', {}, option.description)),
        ),
      ),
    ),
    read: () => (isRadio ? (chosen()[0] ?? '') : chosen()),
    focus: () => inputs[0]?.input.focus(),
    problem: () =>
      countProblem(isRadio ? { ...field, min: 0, max: 1 } : field, chosen().length, words),
  };
}

function drawCheckbox(field, id) {
  const input = h('input', { type: 'checkbox', id });
  input.checked = field.value === true;
  return {
    element: h('div', { class: 'form-options' }, h('label', {}, input, h('span', {}, field.label))),
    read: () => input.checked,
    focus: () => input.focus(),
    problem: () => undefined,
  };
}

function drawFiles(field, id, { words }) {
  const names = h('span', {}, words.chooseFile);
  const input = h('input', {
    type: 'file',
    id,
    multiple: field.max > 1,
    on: { change: () => show() },
  });
  const show = () => {
    names.textContent =
      [...input.files].map((file) => `${file.name} (${fileSize(file.size)})`).join(', ') ||
      words.chooseFile;
  };
  return {
    element: h('div', { class: 'form-file' }, icon('upload'), names, input),
    read: () => Promise.all([...input.files].map((file) => readFile(file))),
    focus: () => input.focus(),
    problem: () => countProblem(field, input.files.length, words),
  };
}

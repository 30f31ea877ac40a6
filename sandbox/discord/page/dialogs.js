import { avatar, h, icon } from './dom.js';
import { drawField } from './form-fields.js';
import { drawMarkdown } from './markdown-view.js';

/** Opens a dialog that takes itself away when it is closed. */
function openDialog(attributes, ...children) {
  const close = () => {
    dialog.remove();
    // Chromium gives a field the focus back without its caret: what is typed then is lost.
    const { activeElement } = document;
    activeElement?.blur();
    activeElement?.focus();
  };
  const dialog = h('dialog', { role: 'dialog', ...attributes, on: { close } }, ...children);
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Takes away whatever is open, with the answers that nobody has given. */
export function closeDialogs() {
  for (const dialog of document.querySelectorAll('dialog')) dialog.close();
}

const closeButton = (look, close) =>
  h(
    'button',
    { type: 'button', class: 'close', 'aria-label': look.words.close, on: { click: close } },
    icon('close'),
  );

/** A form of the bot. `onSubmit` gets the values and resolves with an error text, or undefined when it is done. */
export function openForm(modal, { look, onSubmit }) {
  const { words } = look;
  const fields = modal.fields.map((field) => drawField(field, look));
  const error = h('p', { class: 'problem', role: 'alert', hidden: true });
  const send = h('button', { type: 'submit', class: 'button primary' }, words.submit);
  const form = h(
    'form',
    {
      novalidate: true,
      on: {
        submit: (event) => {
          event.preventDefault();
          void submit();
        },
      },
    },
    h(
      'header',
      {},
      avatar(look.bot, true),
      h('h2', {}, modal.title),
      closeButton(look, () => dialog.close()),
    ),
    h(
      'div',
      { class: 'form-body' },
      modal.texts.map((text) => drawMarkdown(text, look)),
      fields.map(({ element }) => element),
      error,
    ),
    h(
      'footer',
      {},
      h(
        'button',
        { type: 'button', class: 'button secondary', on: { click: () => dialog.close() } },
        words.cancel,
      ),
      send,
    ),
  );
  const dialog = openDialog({ class: 'form', 'aria-label': modal.title }, form);
  fields[0]?.focus();

  async function submit() {
    const wrong = fields.filter((field) => !field.check());
    if (wrong.length > 0) {
      wrong[0].focus();
      return;
    }
    send.disabled = true;
    error.hidden = true;
    const values = {};
    for (const field of fields) values[field.id] = await field.read();
    const problem = await onSubmit(values);
    if (problem === undefined) {
      dialog.close();
      return;
    }
    error.textContent = problem;
    error.hidden = false;
    send.disabled = false;
  }
}

/** Asks for one line of text. */
export function askText({ look, title, label, action, value = '', onDone }) {
  const input = h('input', {
    type: 'text',
    maxlength: 100,
    'aria-label': label,
    autocomplete: 'off',
    value,
  });
  const dialog = openDialog(
    { class: 'form small', 'aria-label': title },
    h(
      'form',
      {
        on: {
          submit: (event) => {
            event.preventDefault();
            if (input.value.trim() === '') return;
            dialog.close();
            onDone(input.value.trim());
          },
        },
      },
      h(
        'header',
        {},
        h('h2', {}, title),
        closeButton(look, () => dialog.close()),
      ),
      h('div', { class: 'form-body' }, h('div', { class: 'form-text' }, input)),
      h('footer', {}, h('button', { type: 'submit', class: 'button primary' }, action)),
    ),
  );
  input.focus();
}

/** Shows a picture as large as the window allows. */
export function openPicture(image, look) {
  const dialog = openDialog(
    { class: 'lightbox', 'aria-label': image.alt || look.words.image },
    closeButton(look, () => dialog.close()),
    h('img', { src: image.src, alt: image.alt }),
    h(
      'a',
      { href: image.src, target: '_blank', rel: 'noopener noreferrer' },
      icon('external'),
      ' ',
      new URL(image.src).host,
    ),
  );
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
}

/** Everything Discord would have refused so far, newest first. */
export function openRefusals(violations, look, draw) {
  const dialog = openDialog(
    { class: 'form', 'aria-label': look.words.refusals(violations.length) },
    h(
      'form',
      { method: 'dialog' },
      h(
        'header',
        {},
        h('h2', {}, look.words.refusals(violations.length)),
        closeButton(look, () => dialog.close()),
      ),
      h(
        'div',
        { class: 'form-body' },
        violations.length === 0 ? look.words.noRefusals : violations.toReversed().map(draw),
      ),
    ),
  );
}

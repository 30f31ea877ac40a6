import { choicesOf, optionType, readOption } from './commands.js';
import { readFile } from './connection.js';
import { h } from './dom.js';

const debounceMs = 180;

/**
 * The composer while a command is being filled in: its name and one chip for each option, required
 * ones first, the others when they are asked for.
 */
export class CommandLine {
  #command;
  #look;
  #popup;
  #suggest;
  #onSend;
  #onLeave;
  #fields = [];
  #tail;
  #waiting;
  /** Counts what was asked, so that a late answer to an older question is dropped. */
  #asked = 0;

  constructor({ command, look, popup, suggest, onSend, onLeave }) {
    this.#command = command;
    this.#look = look;
    this.#popup = popup;
    this.#suggest = suggest;
    this.#onSend = onSend;
    this.#onLeave = onLeave;
    this.#tail = h('input', {
      class: 'tail',
      'aria-label': look.words.commandOptions,
      autocomplete: 'off',
      on: {
        focus: () => this.#showTail(),
        input: () => this.#showTail(),
        keydown: (event) => this.#onTailKey(event),
      },
    });
    this.element = h(
      'div',
      { class: 'command-line', role: 'group', 'aria-label': command.shown },
      h('span', { class: 'command-name' }, command.shown),
      this.#tail,
    );
    for (const option of command.options.filter(({ required }) => required)) this.#add(option);
    this.#updateTail();
  }

  focus() {
    (this.#fields[0]?.input ?? this.#tail).focus();
  }

  /** Sends the command, or shows the first option that is not right. */
  async send() {
    const values = {};
    let wrong;
    for (const field of this.#fields) {
      const { value, problem } = await this.#read(field);
      this.#setProblem(field, problem);
      if (problem && !wrong) wrong = field;
      if (value !== undefined) values[field.option.name] = value;
    }
    if (!wrong) {
      this.#popup.hide();
      this.#onSend(this.#command, values);
      return;
    }
    wrong.input.focus();
    this.#show(wrong);
  }

  async #read(field) {
    if (field.option.type !== optionType.file) return readOption(field.option, field, this.#look);
    const chosen = field.input.files[0];
    if (chosen) return { value: await readFile(chosen) };
    return field.option.required ? { problem: this.#look.words.required } : {};
  }

  #add(option) {
    const isFile = option.type === optionType.file;
    const field = { option, text: '', picked: undefined };
    const combobox = { role: 'combobox', 'aria-expanded': 'false', 'aria-autocomplete': 'list' };
    field.input = h('input', {
      type: isFile ? 'file' : 'text',
      'aria-label': option.shown,
      'aria-required': option.required ? 'true' : undefined,
      'aria-describedby': 'option-help',
      ...(isFile ? {} : combobox),
      autocomplete: 'off',
      spellcheck: 'false',
      inputmode: option.type === optionType.integer ? 'numeric' : undefined,
      on: {
        focus: () => this.#show(field),
        input: () => this.#onInput(field),
        keydown: (event) => this.#onFieldKey(event, field),
      },
    });
    field.chip = h('label', { class: 'chip' }, h('span', {}, option.shown), field.input);
    this.#fields.push(field);
    this.#tail.before(field.chip);
    this.#updateTail();
    return field;
  }

  #remove(field) {
    const index = this.#fields.indexOf(field);
    this.#fields.splice(index, 1);
    field.chip.remove();
    this.#updateTail();
    (this.#fields[index - 1]?.input ?? this.#tail).focus();
  }

  #unused() {
    const used = new Set(this.#fields.map(({ option }) => option));
    return this.#command.options.filter((option) => !used.has(option));
  }

  #updateTail() {
    const { length } = this.#unused();
    this.#tail.placeholder = length > 0 ? this.#look.words.more(length) : '';
  }

  #setProblem(field, problem) {
    field.problem = problem;
    field.chip.classList.toggle('invalid', problem !== undefined);
    if (problem) field.input.setAttribute('aria-invalid', 'true');
    else field.input.removeAttribute('aria-invalid');
  }

  #onInput(field) {
    field.text = field.input.value;
    field.picked = undefined;
    this.#setProblem(field, undefined);
    this.#show(field);
  }

  /** What the list shows while the caret is in this field. */
  #show(field) {
    clearTimeout(this.#waiting);
    this.#asked += 1;
    const closed = choicesOf(field.option, this.#look);
    if (closed) {
      const typed = field.text.trim().toLowerCase();
      const fitting = closed.filter(({ name }) => name.toLowerCase().includes(typed));
      this.#showChoices(field, fitting.slice(0, 25));
      return;
    }
    this.#showChoices(field, field.known ?? []);
    if (field.option.autocomplete && !field.picked) this.#ask(field, this.#asked);
  }

  #ask(field, ticket) {
    const ask = () => void this.#suggestFor(field, ticket);
    this.#waiting = setTimeout(ask, field.known ? debounceMs : 0);
  }

  async #suggestFor(field, ticket) {
    const answer = await this.#suggest({
      command: this.#command.path,
      field: field.option.name,
      typed: field.text,
      options: this.#valuesBeside(field),
    });
    if (ticket !== this.#asked || document.activeElement !== field.input) return;
    field.known = answer.choices ?? [];
    this.#showChoices(field, field.known);
  }

  #valuesBeside(except) {
    const filled = this.#fields
      .filter((field) => field !== except && field.option.type !== optionType.file)
      .map((field) => [field.option.name, readOption(field.option, field, this.#look).value]);
    return Object.fromEntries(filled.filter(([, value]) => value !== undefined));
  }

  #showChoices(field, choices) {
    const open = field.picked ? [] : choices;
    const others = open.length === 0 ? this.#optionItems('') : [];
    this.#popup.show({
      label: this.#look.words.suggestions,
      header: this.#drawHelp(field),
      sections: [
        { items: open.map((choice) => this.#choiceItem(field, choice)) },
        { title: others.length > 0 ? this.#look.words.optional : undefined, items: others },
      ],
      owner: field.input,
      preselect: open.length > 0,
    });
  }

  #choiceItem(field, choice) {
    return {
      name: choice.name,
      choose: () => {
        field.picked = choice;
        field.text = choice.name;
        field.input.value = choice.name;
        this.#setProblem(field, undefined);
        this.#focusAfter(field);
      },
    };
  }

  #optionItems(typed) {
    const wanted = typed.toLowerCase();
    return this.#unused()
      .filter(({ shown, name }) =>
        [shown, name].some((text) => text.toLowerCase().includes(wanted)),
      )
      .map((option) => ({
        name: option.shown,
        note: option.description,
        choose: () => {
          this.#tail.value = '';
          this.#add(option).input.focus();
        },
      }));
  }

  /** How an option that asks the bot for its choices stands. */
  #noteOf({ option, picked, known }) {
    if (!option.autocomplete || picked) return undefined;
    if (!known) return this.#look.words.loading;
    return known.length === 0 ? this.#look.words.nothingFound : undefined;
  }

  #drawHelp(field) {
    const { option, problem } = field;
    const note = this.#noteOf(field);
    return h(
      'div',
      { class: 'popup-help', id: 'option-help' },
      h('strong', {}, option.shown),
      h('span', {}, option.description),
      option.required ? undefined : h('em', {}, this.#look.words.optional),
      note && h('p', { class: 'note', role: 'status' }, note),
      problem && h('p', { class: 'problem', role: 'alert' }, problem),
    );
  }

  #showTail() {
    clearTimeout(this.#waiting);
    this.#asked += 1;
    const { words } = this.#look;
    const items = this.#optionItems(this.#tail.value);
    const title = items.length > 0 ? words.optional : undefined;
    this.#popup.show({
      label: words.commandOptions,
      sections: [{ title, items }],
      owner: this.#tail,
      preselect: this.#tail.value !== '',
    });
  }

  #focusAfter(field) {
    const next = this.#fields[this.#fields.indexOf(field) + 1];
    (next?.input ?? this.#tail).focus();
  }

  /** Keys that mean the same in every field of the line; true when one was used up. */
  #onCommonKey(event) {
    // An input method for Chinese uses the same keys to choose characters.
    if (event.isComposing) return true;
    const { key } = event;
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      return this.#popup.move(key === 'ArrowDown' ? 1 : -1);
    }
    if (key === 'Enter') {
      if (!this.#popup.choose()) void this.send();
      return true;
    }
    if (key === 'Escape') {
      if (this.#popup.isOpen) this.#popup.hide();
      else this.#onLeave();
      return true;
    }
    return key === 'Tab' && !event.shiftKey && this.#popup.choose();
  }

  #onFieldKey(event, field) {
    if (this.#onCommonKey(event)) {
      if (!event.isComposing) event.preventDefault();
      return;
    }
    if (event.key === 'Tab' && !event.shiftKey) {
      event.preventDefault();
      this.#focusAfter(field);
    } else if (event.key === 'Backspace' && field.text === '') {
      event.preventDefault();
      if (!field.option.required) this.#remove(field);
      else this.#focusBefore(this.#fields.indexOf(field));
    }
  }

  #onTailKey(event) {
    if (this.#onCommonKey(event)) {
      if (!event.isComposing) event.preventDefault();
    } else if (event.key === 'Backspace' && this.#tail.value === '') {
      event.preventDefault();
      this.#focusBefore(this.#fields.length);
    }
  }

  #focusBefore(index) {
    if (index > 0) this.#fields[index - 1].input.focus();
    else this.#onLeave();
  }
}

import { CommandLine } from './command-line.js';
import { commandInText, findCommands } from './commands.js';
import { avatar, h, icon } from './dom.js';
import { Popup } from './popup.js';

const maxLength = 2000;

/** Where the person writes: plain words, or a command after a slash. */
export class Composer {
  /** `host` answers look(), commands(), title() and draftName(), and takes say(), slash() and suggest(). */
  #host;
  #popup = new Popup();
  #line;
  #reply;
  #draftKey;
  #text = h('textarea', {
    rows: 1,
    autocomplete: 'off',
    'aria-autocomplete': 'list',
    on: {
      input: () => this.#onInput(),
      keydown: (event) => this.#onKey(event),
      click: () => this.#showSuggestions(),
      blur: () => this.#popup.hide(),
    },
  });
  #counter = h('span', { class: 'counter', role: 'status', hidden: true });
  #plus = h(
    'button',
    { type: 'button', class: 'plus', on: { click: () => this.#beginSlash() } },
    icon('slash'),
  );
  #submit = h('button', { type: 'submit', class: 'send' }, icon('send'));
  #slot = h('div', { class: 'slot' }, this.#text);
  #replying = h('div', { class: 'replying', hidden: true });

  constructor(host) {
    this.#host = host;
    this.element = h(
      'form',
      { class: 'composer', on: { submit: (event) => this.#onSubmit(event) } },
      this.#popup.element,
      this.#replying,
      h('div', { class: 'field' }, this.#plus, this.#slot, this.#counter, this.#submit),
    );
    document.addEventListener('pointerdown', (event) => {
      if (!this.element.contains(event.target)) this.#popup.hide();
    });
  }

  /** Goes to the channel of the title and takes up what was being written there. */
  open() {
    if (this.#line) this.#leave();
    this.replyTo(undefined);
    // By names, because a Discord that was started anew gives its channels and people other ids.
    this.#draftKey = `draft ${this.#host.draftName()}`;
    this.#text.value = sessionStorage.getItem(this.#draftKey) ?? '';
    this.translate();
    this.#resize();
  }

  translate() {
    const { words } = this.#host.look();
    const title = words.composer(this.#host.title());
    this.#text.placeholder = title;
    this.#text.setAttribute('aria-label', title);
    this.#plus.setAttribute('aria-label', words.openCommands);
    this.#plus.title = words.openCommands;
    this.#submit.setAttribute('aria-label', words.send);
  }

  focus() {
    if (this.#line) this.#line.focus();
    else this.#text.focus();
  }

  insert(value) {
    if (this.#line) this.#leave();
    this.#setText(value);
    this.#text.focus();
    this.#text.setSelectionRange(value.length, value.length);
    this.#popup.hide();
  }

  /** Starts the command of this name in either language; an unknown one is written out. */
  start(name) {
    const command = this.#host
      .commands()
      .find(({ path, shown }) => path === name || shown === name);
    if (command) this.#startCommand(command);
    else this.insert(name);
  }

  /** Makes the next words an answer to a message; undefined takes that back. */
  replyTo(message) {
    this.#reply = message;
    const { words, nameOf } = this.#host.look();
    this.#replying.hidden = message === undefined;
    if (!message) return;
    const cancel = h(
      'button',
      {
        type: 'button',
        class: 'plain',
        'aria-label': words.cancelReply,
        on: { click: () => this.replyTo(undefined) },
      },
      icon('close'),
    );
    this.#replying.replaceChildren(h('span', {}, words.replyingTo(nameOf(message.author))), cancel);
    this.#text.focus();
  }

  #setText(value) {
    this.#text.value = value;
    sessionStorage.setItem(this.#draftKey, value);
    this.#resize();
  }

  #resize() {
    const text = this.#text;
    text.style.height = 'auto';
    text.style.height = `${Math.min(text.scrollHeight, innerHeight * 0.4)}px`;
    const over = text.value.length - maxLength;
    this.#counter.hidden = over <= -200;
    this.#counter.textContent = String(-over);
    this.#counter.classList.toggle('over', over > 0);
    this.#submit.disabled = !this.#line && (text.value.trim() === '' || over > 0);
  }

  #onInput() {
    this.#setText(this.#text.value);
    this.#showSuggestions();
  }

  #onSubmit(event) {
    event.preventDefault();
    if (this.#line) void this.#line.send();
    else this.#say();
  }

  #onKey(event) {
    // An input method for Chinese uses the same keys to choose characters.
    if (event.isComposing) return;
    const used = {
      ArrowDown: () => this.#popup.move(1),
      ArrowUp: () => this.#popup.move(-1),
      Tab: () => !event.shiftKey && this.#popup.choose(),
      Enter: () => !event.shiftKey && (this.#popup.choose() || this.#say()),
      Escape: () => this.#escape(),
    }[event.key]?.();
    if (used) event.preventDefault();
  }

  #escape() {
    if (this.#popup.isOpen) this.#popup.hide();
    else if (this.#reply) this.replyTo(undefined);
    else return false;
    return true;
  }

  #say() {
    const value = this.#text.value.trim();
    if (value === '' || value.length > maxLength) return true;
    this.#host.say(value, this.#reply?.id);
    this.#setText('');
    this.replyTo(undefined);
    this.#popup.hide();
    return true;
  }

  #showSuggestions() {
    const { value } = this.#text;
    const mention = /(?:^|\s)@([^\s@]*)$/.exec(value.slice(0, this.#text.selectionStart));
    if (value.startsWith('/') && !value.includes('\n')) this.#showCommands(value);
    else if (mention) this.#showPeople(mention[1].toLowerCase());
    else this.#popup.hide();
  }

  #showCommands(value) {
    const look = this.#host.look();
    const commands = this.#host.commands();
    const whole = commandInText(commands, value);
    if (whole) {
      this.#startCommand(whole);
      return;
    }
    const items = findCommands(commands, value.slice(1)).map((command) => ({
      icon: avatar(look.bot, true),
      name: [
        command.shown,
        command.options
          .filter(({ required }) => required)
          .map(({ shown }) => h('span', { class: 'popup-option' }, shown)),
      ],
      note: command.description,
      choose: () => this.#startCommand(command),
    }));
    const isFound = items.length > 0;
    this.#popup.show({
      label: look.words.commands,
      header: isFound ? undefined : h('p', { class: 'popup-empty' }, look.words.noCommands),
      sections: [{ title: isFound ? look.nameOf(look.bot) : undefined, items }],
      owner: this.#text,
      preselect: true,
    });
  }

  #showPeople(typed) {
    const look = this.#host.look();
    const items = look
      .users()
      .filter(({ id }) => id !== look.you.id)
      .filter((user) => look.nameOf(user).toLowerCase().startsWith(typed))
      .map((user) => ({
        icon: avatar(user, look.isJilo(user)),
        name: look.nameOf(user),
        note: user.bot ? look.words.app : undefined,
        choose: () => this.#mention(look.nameOf(user)),
      }));
    this.#popup.show({
      label: look.words.people,
      sections: [{ title: look.words.people, items }],
      owner: this.#text,
      preselect: true,
    });
    if (items.length === 0) this.#popup.hide();
  }

  #mention(name) {
    const caret = this.#text.selectionStart;
    const { value } = this.#text;
    const before = value.slice(0, caret).replace(/@[^\s@]*$/, () => `@${name} `);
    this.#setText(before + value.slice(caret));
    this.#text.setSelectionRange(before.length, before.length);
    this.#popup.hide();
  }

  #startCommand(command) {
    this.#setText('');
    this.#line = new CommandLine({
      command,
      look: this.#host.look(),
      popup: this.#popup,
      suggest: (wanted) => this.#host.suggest(wanted),
      onSend: (sent, values) => {
        this.#leave();
        this.#host.slash(sent, values);
      },
      onLeave: () => this.#leave(),
    });
    this.#slot.replaceChildren(this.#line.element);
    this.#submit.disabled = false;
    this.#line.focus();
  }

  #leave() {
    this.#line = undefined;
    this.#popup.hide();
    this.#slot.replaceChildren(this.#text);
    this.#resize();
    this.#text.focus();
  }

  #beginSlash() {
    if (this.#line) this.#leave();
    if (!this.#text.value.startsWith('/')) this.#setText('/');
    this.#text.focus();
    this.#showSuggestions();
  }
}

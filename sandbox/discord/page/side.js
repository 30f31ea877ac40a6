import { avatar, h, icon } from './dom.js';

/** The left column: the server, its channels, direct messages, and who is speaking. */
export function drawChannels(store, look) {
  const { words } = look;
  const groups = [
    ...store.guilds.map((guild) => ({
      title: store.guilds.length > 1 ? guild.name : words.textChannels,
      channels: store.channels.filter(({ guildId }) => guildId === guild.id),
    })),
    {
      title: words.directMessages,
      channels: store.channels.filter(({ guildId }) => guildId === null),
    },
  ];
  return groups.map(({ title, channels }) =>
    h(
      'section',
      { 'aria-label': title },
      h('h2', {}, title),
      h(
        'ul',
        {},
        inOrder(channels).map((channel) => h('li', {}, drawChannel(channel, store, look))),
      ),
    ),
  );
}

/** Threads stand under the channel they belong to. */
function inOrder(channels) {
  const roots = channels.filter(({ parentId }) => !channels.some(({ id }) => id === parentId));
  return roots.flatMap((root) => [
    root,
    ...channels.filter(({ parentId }) => parentId === root.id),
  ]);
}

function drawChannel(channel, store, look) {
  const isDirect = channel.guildId === null;
  const unread = store.unread.get(channel.id) ?? 0;
  const isOpen = store.open === channel.id;
  const classes = [
    'channel',
    isDirect && 'direct',
    channel.parentId && 'thread-channel',
    isOpen && 'open',
    unread > 0 && 'unread',
  ];
  return h(
    'button',
    {
      type: 'button',
      class: classes.filter(Boolean).join(' '),
      'aria-current': isOpen ? 'page' : undefined,
      'data-do': 'open-channel',
      'data-id': channel.id,
    },
    isDirect
      ? h('span', { class: `presence${store.botOnline ? ' online' : ''}` }, avatar(store.bot, true))
      : icon(channel.parentId ? 'thread' : 'hash'),
    h('span', { class: 'channel-name' }, isDirect ? look.nameOf(store.bot) : channel.name),
    isDirect && unread > 0 && h('span', { class: 'badge' }, String(unread)),
  );
}

export function drawServer(store, look) {
  const name = store.guilds[0]?.name ?? 'Jilo';
  return [
    h('strong', {}, name),
    h('span', { class: 'place', title: look.words.place }, icon('lock'), look.words.placeShort),
  ];
}

/** The person at the bottom left, and the card that changes who speaks and in which language. */
export class Account {
  #host;
  /** Takes switchTo(id), speak(locale) and add(name). */
  #deeds;
  #isOpen = false;
  #latest;
  #drawn;

  constructor(host, deeds) {
    this.#host = host;
    this.#deeds = deeds;
    document.addEventListener('pointerdown', (event) => {
      if (this.#isOpen && !host.contains(event.target)) this.#toggle(false);
    });
    document.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !this.#isOpen) return;
      const isInside = host.contains(event.target);
      this.#toggle(false);
      if (isInside) host.querySelector('.me').focus();
    });
  }

  #toggle(isOpen) {
    this.#isOpen = isOpen;
    this.draw(this.#latest);
  }

  draw(shown) {
    this.#latest = shown;
    const { store, look } = shown;
    const { you } = store;
    // A name that is being typed into the card must survive what happens in the channel.
    const stamp = `${look.stamp} ${this.#isOpen}`;
    if (stamp === this.#drawn) return;
    this.#drawn = stamp;
    const me = h(
      'button',
      {
        type: 'button',
        class: 'me',
        'aria-label': look.words.account,
        'aria-expanded': String(this.#isOpen),
        on: { click: () => this.#toggle(!this.#isOpen) },
      },
      h('span', { class: 'presence online' }, avatar(you, false)),
      h(
        'span',
        { class: 'me-text' },
        h('strong', {}, you.name),
        h('small', {}, languageName(you.locale)),
      ),
      icon('chevron'),
    );
    this.#host.replaceChildren(...(this.#isOpen ? [this.#drawCard(store, look.words), me] : [me]));
  }

  #drawCard({ you, people }, words) {
    return h(
      'div',
      { class: 'card', role: 'group', 'aria-label': words.account },
      h('h2', {}, words.language),
      h(
        'div',
        { class: 'languages', role: 'group', 'aria-label': words.language },
        ['zh-CN', 'en-US'].map((locale) =>
          h(
            'button',
            {
              type: 'button',
              'aria-pressed': String(languageName(locale) === languageName(you.locale)),
              on: { click: () => this.#deeds.speak(locale) },
            },
            languageName(locale),
          ),
        ),
      ),
      h('h2', {}, words.switchPerson),
      h(
        'ul',
        { 'aria-label': words.people },
        people.map((person) => h('li', {}, this.#drawPerson(person, you))),
      ),
      this.#drawForm(words),
    );
  }

  #drawPerson(person, you) {
    const choose = () => {
      this.#isOpen = false;
      this.#deeds.switchTo(person.id);
    };
    return h(
      'button',
      {
        type: 'button',
        class: 'person',
        'aria-pressed': String(person.id === you.id),
        on: { click: choose },
      },
      avatar(person, false),
      h('span', {}, person.name),
      h('small', {}, languageName(person.locale)),
    );
  }

  #drawForm(words) {
    const name = h('input', {
      type: 'text',
      maxlength: 32,
      placeholder: words.addPerson,
      'aria-label': words.personName,
      autocomplete: 'off',
    });
    const add = (event) => {
      event.preventDefault();
      const typed = name.value.trim();
      if (typed === '') return;
      this.#isOpen = false;
      this.#deeds.add(typed);
    };
    const button = h('button', { type: 'submit', 'aria-label': words.add }, icon('plus'));
    return h('form', { class: 'add', on: { submit: add } }, name, button);
  }
}

function languageName(locale) {
  return locale.startsWith('zh') ? '中文' : 'English';
}

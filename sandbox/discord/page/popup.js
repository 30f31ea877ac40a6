import { h } from './dom.js';

/**
 * The list above the composer: commands, choices, people. The field that has the focus keeps it and
 * names the active line by aria-activedescendant.
 */
export class Popup {
  element = h('div', { class: 'popup', hidden: true });
  #items = [];
  #active = -1;
  #field;

  get isOpen() {
    return !this.element.hidden;
  }

  /** Shows `sections` of {title, items: [{icon, name, note, choose}]} for the field under the caret. */
  show({ label, header, sections, owner, preselect }) {
    this.#field = owner;
    this.#items = sections.flatMap(({ items }) => items);
    const list = h(
      'div',
      { role: 'listbox', id: 'suggestions', 'aria-label': label },
      sections.map(({ title, items }) => [
        title && h('div', { class: 'popup-title', role: 'presentation' }, title),
        items.map((item) => this.#draw(item)),
      ]),
    );
    this.element.replaceChildren(...[header, list].filter(Boolean));
    this.element.hidden = !header && this.#items.length === 0;
    owner.setAttribute('aria-controls', 'suggestions');
    owner.setAttribute('aria-expanded', String(this.isOpen));
    this.#highlight(preselect && this.#items.length > 0 ? 0 : -1);
  }

  #draw(item) {
    const index = this.#items.indexOf(item);
    const choose = (event) => {
      event.preventDefault();
      item.choose();
    };
    return h(
      'div',
      {
        role: 'option',
        id: `suggestion-${index}`,
        'aria-selected': 'false',
        on: {
          // The field must not lose the focus to the list.
          pointerdown: (event) => event.preventDefault(),
          click: choose,
          pointermove: () => this.#active !== index && this.#highlight(index),
        },
      },
      item.icon,
      h('span', { class: 'popup-name' }, item.name),
      item.note && h('span', { class: 'popup-note' }, item.note),
    );
  }

  #highlight(index) {
    this.#active = index;
    this.element.querySelectorAll('[role=option]').forEach((option, position) => {
      option.setAttribute('aria-selected', String(position === index));
      if (position === index) option.scrollIntoView({ block: 'nearest' });
    });
    if (index >= 0) this.#field?.setAttribute('aria-activedescendant', `suggestion-${index}`);
    else this.#field?.removeAttribute('aria-activedescendant');
  }

  /** Moves the highlight down (1) or up (-1); false when there is no list. */
  move(step) {
    const { length } = this.#items;
    if (!this.isOpen || length === 0) return false;
    const from = this.#active < 0 && step < 0 ? 0 : this.#active;
    this.#highlight((from + step + length) % length);
    return true;
  }

  /** Takes the highlighted line; false when there is none. */
  choose() {
    if (!this.isOpen || this.#active < 0) return false;
    this.#items[this.#active].choose();
    return true;
  }

  hide() {
    this.element.hidden = true;
    this.#active = -1;
    this.#field?.setAttribute('aria-expanded', 'false');
    this.#field?.removeAttribute('aria-activedescendant');
  }
}

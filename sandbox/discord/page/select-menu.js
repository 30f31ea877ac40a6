import { h, icon } from './dom.js';
import { drawEmoji } from './components-view.js';

/**
 * Opens the list of a select under its button. A single choice answers at once; several answer when
 * the list is closed. `onDone` gets the values, and is not called when nothing was changed.
 */
export function openSelect(anchor, wanted) {
  new SelectMenu(anchor, wanted).open();
}

class SelectMenu {
  #anchor;
  #wanted;
  #values;
  #rows;
  #list;
  #active;
  #isClosed = false;

  constructor(anchor, wanted) {
    const { options, chosen, max, label } = wanted;
    this.#anchor = anchor;
    this.#wanted = wanted;
    this.#values = new Set(chosen);
    this.#active = Math.max(
      0,
      options.findIndex(({ value }) => this.#values.has(value)),
    );
    this.#rows = options.map((option, index) => this.#draw(option, index));
    this.#list = h(
      'div',
      {
        class: 'choices',
        role: 'listbox',
        tabindex: -1,
        'aria-label': label,
        'aria-multiselectable': max > 1 ? 'true' : undefined,
        on: {
          keydown: (event) => this.#onKey(event),
          focusout: (event) => !this.#list.contains(event.relatedTarget) && this.#close(true),
        },
      },
      this.#rows,
    );
  }

  open() {
    // A list outside of an open dialog could not be reached.
    (this.#anchor.closest('dialog') ?? document.body).append(this.#list);
    place(this.#list, this.#anchor);
    this.#anchor.setAttribute('aria-expanded', 'true');
    this.#list.focus({ preventScroll: true });
    this.#highlight(this.#active);
  }

  #draw(option, index) {
    return h(
      'div',
      {
        role: 'option',
        id: `choice-${index}`,
        'aria-selected': String(this.#values.has(option.value)),
        on: { click: () => this.#press(index), pointermove: () => this.#highlight(index) },
      },
      this.#wanted.max > 1 ? h('span', { class: 'box' }, icon('check')) : undefined,
      drawEmoji(option.emoji),
      h(
        'span',
        { class: 'choice-text' },
        h('span', {}, option.label),
        option.description && h('small', {}, option.description),
      ),
    );
  }

  #highlight(index) {
    this.#rows[this.#active]?.classList.remove('active');
    this.#active = index;
    this.#rows[index]?.classList.add('active');
    this.#list.setAttribute('aria-activedescendant', `choice-${index}`);
  }

  #press(index) {
    const { value } = this.#wanted.options[index];
    const { max } = this.#wanted;
    if (max === 1) {
      this.#values = new Set([value]);
      this.#close(true);
      return;
    }
    if (this.#values.has(value)) this.#values.delete(value);
    else if (this.#values.size < max) this.#values.add(value);
    this.#rows[index].setAttribute('aria-selected', String(this.#values.has(value)));
  }

  #onKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const { length } = this.#rows;
    if (step && length > 0) {
      this.#highlight((this.#active + step + length) % length);
      this.#rows[this.#active].scrollIntoView({ block: 'nearest' });
    } else if (length > 0 && (event.key === 'Enter' || event.key === ' '))
      this.#press(this.#active);
    else if (event.key === 'Escape') this.#close(false);
    else if (event.key === 'Tab') this.#close(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #close(keep) {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#anchor.setAttribute('aria-expanded', 'false');
    this.#list.remove();
    this.#anchor.focus({ preventScroll: true });
    const { options, chosen, min, onDone } = this.#wanted;
    const picked = options.map(({ value }) => value).filter((value) => this.#values.has(value));
    const isChanged =
      picked.length !== chosen.length || picked.some((value) => !chosen.includes(value));
    if (keep && isChanged && picked.length >= min) onDone(picked);
  }
}

/** Under the button, or above it where there is more room. */
function place(list, anchor) {
  const box = anchor.getBoundingClientRect();
  const below = innerHeight - box.bottom - 12;
  const above = box.top - 12;
  const up = below < Math.min(list.scrollHeight, 240) && above > below;
  list.style.width = `${box.width}px`;
  list.style.left = `${box.left}px`;
  list.style.maxHeight = `${Math.min(320, up ? above : below)}px`;
  if (up) list.style.bottom = `${innerHeight - box.top + 4}px`;
  else list.style.top = `${box.bottom + 4}px`;
}

import { h, icon, morph } from './dom.js';

const nearPx = 90;

/**
 * The list of messages. It follows new ones only while the person is at the end; a redraw touches
 * nothing but what has changed.
 */
export class Log {
  #scroller;
  #log;
  #jump;
  /** What stands in the list, by key: {element, stamp}. */
  #drawn = new Map();
  #follows = true;
  #lastTop = 0;

  constructor({ scroller, log, jump }) {
    this.#scroller = scroller;
    this.#log = log;
    this.#jump = jump;
    scroller.addEventListener('scroll', () => this.#onScroll());
    jump.addEventListener('click', () => {
      this.#follows = true;
      this.#toEnd('smooth');
    });
    // Pictures and fonts arrive late and make the list longer.
    new ResizeObserver(() => {
      const isNear = this.#distance < scroller.clientHeight;
      const found = log.querySelector('.found');
      if (found) this.#center(found);
      else if (this.#follows) this.#toEnd(isNear ? 'smooth' : 'instant');
    }).observe(log);
    new ResizeObserver(() => this.#follows && this.#toEnd('instant')).observe(scroller);
  }

  get #distance() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight;
  }

  #toEnd(behavior) {
    this.#scroller.scrollTo({ top: this.#scroller.scrollHeight, behavior });
  }

  #onScroll() {
    const { scrollTop } = this.#scroller;
    const isUp = scrollTop < this.#lastTop;
    this.#lastTop = scrollTop;
    if (this.#distance < nearPx) this.#follows = true;
    else if (isUp) this.#follows = false;
    if (this.#follows) this.#jump.hidden = true;
  }

  /** Draws `items` of {key, stamp, draw}; an item whose stamp has not changed is left alone. */
  draw(items, { fresh, words }) {
    if (fresh) {
      this.#drawn.clear();
      this.#log.replaceChildren();
      this.#follows = true;
    }
    const isLonger = items.length > this.#drawn.size;
    this.#removeAllBut(new Set(items.map(({ key }) => key)));
    let before = null;
    for (const item of items.toReversed()) {
      const element = this.#drawItem(item);
      const isPlaced = element.parentNode === this.#log && element.nextSibling === before;
      if (!isPlaced) this.#log.insertBefore(element, before);
      before = element;
    }
    if (fresh) this.#toEnd('instant');
    else if (isLonger && !this.#follows) {
      this.#jump.replaceChildren(icon('down'), h('span', {}, words.newMessages));
      this.#jump.hidden = false;
    }
  }

  /** Goes along with the next message, wherever the person has scrolled to. */
  follow() {
    this.#follows = true;
  }

  /** Scrolls to a message and lets it light up; false when it is not in the list. */
  show(key) {
    const element = this.#drawn.get(key)?.element;
    if (!element) return false;
    this.#follows = false;
    this.#center(element);
    element.classList.add('found');
    const fade = () => element.classList.remove('found');
    element.addEventListener('animationend', fade, { once: true });
    return true;
  }

  /** At once, because a picture that arrives on the way would stop a smooth movement. */
  #center(element) {
    const isTall = element.offsetHeight > this.#scroller.clientHeight;
    element.scrollIntoView({ block: isTall ? 'start' : 'center', behavior: 'instant' });
  }

  #removeAllBut(keys) {
    for (const [key, { element }] of this.#drawn) {
      if (keys.has(key)) continue;
      element.remove();
      this.#drawn.delete(key);
    }
  }

  #drawItem({ key, stamp, draw }) {
    const known = this.#drawn.get(key);
    if (!known) {
      const element = draw();
      this.#drawn.set(key, { element, stamp });
      return element;
    }
    const isSame = known.stamp.every((part, index) => part === stamp[index]);
    if (!isSame) {
      morph(known.element, draw());
      known.stamp = stamp;
    }
    return known.element;
  }
}

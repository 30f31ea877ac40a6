import { readEvent, readState } from './store.js';

/**
 * Keeps the store true for the person who speaks. Every person who takes over begins a new
 * generation, and whatever was asked in an older one is dropped when its answer comes.
 * `host` answers fetchState(person) and listen(wanted), and takes draw(), entered(isOther) and online(is).
 */
export class Session {
  #store;
  #host;
  #generation = 0;
  /** Counts who was asked for, so that the last one wins. */
  #asked = 0;
  /** Events that came while the state was being read; they may be newer than it. */
  #missed;
  #stop = () => {};

  constructor(store, host) {
    this.#store = store;
    this.#host = host;
  }

  /** Lets this person speak from now on; without an id the server says who it is. */
  async enter(person) {
    this.#asked += 1;
    const asked = this.#asked;
    const state = await this.#host.fetchState(person);
    if (asked !== this.#asked) return;
    this.#stop();
    this.#generation += 1;
    this.#missed = undefined;
    const isOther = this.#store.you?.id !== state.you.id;
    readState(this.#store, state);
    const { id } = this.#store.you;
    const isCurrent = this.#ticket();
    const whileCurrent =
      (told) =>
      (...words) => {
        if (isCurrent()) told(...words);
      };
    this.#host.entered(isOther);
    this.#stop = this.#host.listen({
      person: id,
      cursor: state.cursor,
      onEvent: whileCurrent((event) => this.#onEvent(event)),
      onReset: whileCurrent(() => void this.enter(id)),
      onOnline: whileCurrent(() => this.#host.online(true)),
      onOffline: whileCurrent(() => this.#host.online(false)),
    });
  }

  /** Tells later whether this generation is still the newest. */
  #ticket() {
    const generation = this.#generation;
    return () => generation === this.#generation;
  }

  /** Reads the whole state again; a newer reading, or a newer person, takes the place of this one. */
  async refresh() {
    const isCurrent = this.#ticket();
    const missed = [...(this.#missed ?? [])];
    this.#missed = missed;
    const state = await this.#host.fetchState(this.#store.you.id).catch(() => undefined);
    if (!isCurrent() || this.#missed !== missed) return;
    this.#missed = undefined;
    if (state) readState(this.#store, state);
    const isWhole = missed.map((event) => readEvent(this.#store, event)).every(Boolean);
    this.#host.draw();
    if (!isWhole) await this.refresh();
  }

  #onEvent(event) {
    if (this.#missed) this.#missed.push(event);
    else if (readEvent(this.#store, event)) this.#host.draw();
    else void this.refresh();
  }
}

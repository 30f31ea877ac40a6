import type { Log } from '../../core/log.ts';

/** What is being handled, so that a stop can wait for it. */
export class WorkInHand {
  readonly #log: Log;
  readonly #work = new Set<Promise<void>>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** Takes on a piece of work; what it throws is a defect that nobody else has told. */
  take(work: Promise<void>): void {
    const guarded = work
      .catch((error: unknown) => this.#log.error({ err: error }, 'the bot could not handle this'))
      .finally(() => this.#work.delete(guarded));
    this.#work.add(guarded);
  }

  /** Resolves when nothing is in hand any more, and after `graceMs` at the latest. */
  finish(graceMs: number): Promise<void> {
    return withinMs(graceMs, Promise.all(this.#work));
  }
}

/** Resolves when the work is done, and after `graceMs` at the latest. */
export async function withinMs(graceMs: number, work: Promise<unknown>): Promise<void> {
  const late = AbortSignal.timeout(graceMs);
  await Promise.race([
    work,
    new Promise<void>((resolve) => {
      late.addEventListener('abort', () => resolve(), { once: true });
    }),
  ]);
}

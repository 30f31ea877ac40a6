/** After so long a process that was told to stop ends whatever is left. */
const limitMs = 10_000;
/** npm passes on what a terminal sends to everybody anyway: twice within this is once. */
const echoMs = 1000;

export type StopLimit = {
  /** Resolves at the first SIGINT or SIGTERM. */
  readonly asked: Promise<void>;
  /** Begins the time in which the process has to end; the first signal does so as well. */
  begin(): void;
};

/**
 * Listens for the signals that tell a process to stop, and ends it 10 seconds after the first or at a second
 * one, with code 1 and a line that says what was left.
 */
export function limitStop(left: () => readonly string[]): StopLimit {
  const asked = Promise.withResolvers<void>();
  let begun: number | null = null;
  const endNow = (why: string): never => {
    process.stderr.write(`Stopped ${why}. Left: ${left().join(', ') || 'nothing'}.\n`);
    // Whatever is left holds the process open.
    process.exit(1);
  };
  const begin = (): void => {
    if (begun !== null) return;
    begun = performance.now();
    setTimeout(() => endNow(`after ${limitMs / 1000} seconds`), limitMs).unref();
  };
  let signalled: number | null = null;
  const hear = (): void => {
    const now = performance.now();
    if (signalled !== null && now - signalled >= echoMs) endNow('at the second signal');
    signalled ??= now;
    begin();
    asked.resolve();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, hear);
  return { asked: asked.promise, begin };
}

/**
 * A signal that is given at Ctrl+C or when the process is told to end, so that what was started is
 * put away first; a second Ctrl+C ends the process at once.
 */
export function stopOnSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => stop.abort(new Error('Stopped.')));
  return stop.signal;
}

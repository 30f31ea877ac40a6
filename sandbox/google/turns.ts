type Turn = { readonly cut: () => void; readonly done: Promise<unknown> };

/** Lets one request at a time work on a thing. */
export type Turns = {
  /** Cuts whoever works on it and waits until that has stopped: its client has gone, or it would not ask again. */
  take<T>(name: string, cut: () => void, work: () => Promise<T>): Promise<T>;
};

export function createTurns(): Turns {
  const running = new Map<string, Turn>();
  return {
    async take(name, cut, work) {
      for (let before = running.get(name); before; before = running.get(name)) {
        before.cut();
        await before.done;
      }
      const result = work().finally(() => running.delete(name));
      running.set(name, { cut, done: result.catch(() => null) });
      return result;
    },
  };
}

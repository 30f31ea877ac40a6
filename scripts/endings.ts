/** What a process has to end, all of it at once: no part waits for the time that another one takes. */
export type Endings = {
  /** @param end may answer what it had to leave unfinished. */
  add(name: string, end: () => Promise<readonly string[] | void>): void;
  /** Ends everything. @throws what the first part threw, after all of them are over. */
  end(): Promise<void>;
  /** Parts that are not over, and what those that are had to leave. */
  left(): readonly string[];
};

/** Collects what is to be ended together. */
export function createEndings(): Endings {
  const parts = new Map<string, () => Promise<readonly string[] | void>>();
  const left: string[] = [];
  return {
    add: (name, end) => void parts.set(name, end),
    async end() {
      const ended = [...parts].map(async ([name, end]) => {
        const unfinished = await end();
        if (unfinished) left.push(...unfinished);
        parts.delete(name);
      });
      const failed = (await Promise.allSettled(ended)).find(({ status }) => status === 'rejected');
      if (failed?.status === 'rejected') throw failed.reason;
    },
    left: () => [...parts.keys(), ...left],
  };
}

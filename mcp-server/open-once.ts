/** What is opened at its first use, by whoever comes first, and closed if it was. */
export function openOnce<T extends { close(): Promise<void> }>(
  open: () => Promise<T>,
): { readonly open: () => Promise<T>; readonly close: () => Promise<void> } {
  let opening: Promise<T> | null = null;
  return {
    open() {
      opening ??= open().catch((error: unknown) => {
        // What failed once may work at the next call.
        opening = null;
        throw error;
      });
      return opening;
    },
    async close() {
      const opened = await opening?.catch(() => null);
      await opened?.close();
    },
  };
}

/** Between two looks whether the line is back. */
const lookAgainMs = 3000;
/** A line that takes longer than this to answer is none. */
const longestMs = 8000;

/** Whether our server answers, whatever it answers. */
export async function hasLine() {
  if (!navigator.onLine) return false;
  try {
    const signal = AbortSignal.timeout(longestMs);
    await fetch('/healthz', { method: 'HEAD', cache: 'no-store', signal });
    return true;
  } catch {
    return false;
  }
}

/** Resolves once the browser says that it is online, or after a while. */
const whenWorthALook = () =>
  new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer);
      removeEventListener('online', over);
      resolve();
    };
    const timer = setTimeout(over, lookAgainMs);
    addEventListener('online', over);
  });

/** Resolves once our server answers; `onBroken` is told each time that it does not. */
export async function waitForLine(onBroken) {
  while (!(await hasLine())) {
    onBroken();
    await whenWorthALook();
  }
}

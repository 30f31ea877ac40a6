import { host } from './host.js';

/** No production and no upload lasts as long as so many looks. */
const mostLooks = 720;
const mostFailures = 3;
const gapMs = 500;

/** The server answers after so many seconds, or as soon as it has ended. */
export const waitSeconds = 5;

/**
 * Looks again and again until `look` says that it is over, three looks in a row have failed, or the host
 * puts this document away. `look` answers 'more', 'over' or 'failed'.
 */
export async function follow(look) {
  let failures = 0;
  for (let looks = 0; looks < mostLooks && !host.isOver; looks += 1) {
    const seen = await look();
    failures = seen === 'failed' ? failures + 1 : 0;
    if (seen === 'over' || failures === mostFailures) return;
    await new Promise((resume) => setTimeout(resume, gapMs));
  }
}

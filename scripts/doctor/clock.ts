import { ok, type Check } from './check.ts';

/** Signatures are refused above five minutes; half a minute is already a clock that nobody sets. */
const mostSkewSeconds = 30;

/** Whether our time is that of the services which the other checks have asked; it runs after them. */
export const clockCheck: Check = {
  name: 'clock',
  async run({ caller, config, words }) {
    const own = config.PUBLIC_URL === undefined ? null : new URL(config.PUBLIC_URL).host;
    // Where services disagree, the nearest is right: one of them may have kept an old answer.
    const [nearest] = caller.skews
      .filter(({ host }) => host !== own)
      .toSorted((a, b) => Math.abs(a.seconds) - Math.abs(b.seconds));
    if (!nearest) return ok(words.clockNoOne());
    const { host, seconds: skew } = nearest;
    const seconds = Math.round(Math.abs(skew));
    if (Math.abs(skew) <= mostSkewSeconds)
      return ok(words.clockFine({ seconds: Math.max(1, Math.ceil(Math.abs(skew))) }));
    return {
      state: 'warning',
      what: words.clockOff({ seconds, host, isAhead: skew > 0 }),
      switchesOff: words.clockSwitches(),
      howToGetIt: words.clockGet(),
    };
  },
};

import type { SandboxClock } from '../clock.ts';
import type { EmulatorAnswer } from '../http.ts';
import type { SandboxPlatform } from './videos.ts';

/** Where it goes wrong: starting a run, the run and its polling, or fetching the items. */
type MisbehaviourPlace = 'start' | 'run' | 'items';

export type Misbehaviour = {
  readonly on: MisbehaviourPlace;
  /**
   * `reset` cuts the connection after the work was done; `slow` answers 5 s late on the emulator's
   * clock; `failed` and `timed_out` are how the next run ends; `locked` is an account without credit.
   */
  readonly how: 'http_429' | 'http_500' | 'failed' | 'timed_out' | 'reset' | 'slow' | 'locked';
  /** Default: 1. */
  readonly times?: number;
  /** Whose runs end so; default: whichever is started next. */
  readonly platform?: SandboxPlatform;
};

const slowMs = 5000;

const answers: Partial<Record<Misbehaviour['how'], EmulatorAnswer>> = {
  http_429: refuse(429, 'rate-limit-exceeded', 'You have exceeded the rate limit'),
  http_500: refuse(500, 'internal-server-error', 'Something went wrong'),
  locked: refuse(402, 'not-enough-usage-to-run-paid-actor', 'Your remaining usage is too low'),
};

function refuse(status: number, type: string, message: string): EmulatorAnswer {
  return { status, body: { error: { type, message } } };
}

/** Remembers what is to go wrong next. */
export type Mischief = {
  add(misbehaviour: Misbehaviour): void;
  /** How a run that is started now will end. */
  takeEnding(platform: SandboxPlatform): 'SUCCEEDED' | 'FAILED' | 'TIMED-OUT';
  /** Does the work and answers, or spoils it. */
  around(
    on: MisbehaviourPlace,
    work: () => EmulatorAnswer | Promise<EmulatorAnswer>,
  ): Promise<EmulatorAnswer>;
};

export function createMischief(clock: SandboxClock): Mischief {
  const planned: (Omit<Misbehaviour, 'times'> & { times: number })[] = [];
  const take = (fits: (entry: Misbehaviour) => boolean): Misbehaviour['how'] | undefined => {
    const entry = planned.find((other) => other.times > 0 && fits(other));
    if (entry) entry.times -= 1;
    return entry?.how;
  };
  const isEnding = ({ how }: Misbehaviour): boolean => how === 'failed' || how === 'timed_out';
  return {
    add: ({ times = 1, ...misbehaviour }) => {
      planned.push({ ...misbehaviour, times });
    },
    takeEnding: (platform) => {
      const how = take((entry) => isEnding(entry) && (entry.platform ?? platform) === platform);
      if (how === 'failed') return 'FAILED';
      return how === 'timed_out' ? 'TIMED-OUT' : 'SUCCEEDED';
    },
    around: async (on, work) => {
      const how = take((entry) => entry.on === on && !isEnding(entry));
      const refusal = how && answers[how];
      if (refusal) return refusal;
      const delay =
        how === 'slow' && new Promise<void>((resolve) => clock.schedule(slowMs, resolve));
      const answer = await work();
      if (delay) await delay;
      return how === 'reset' ? { status: 0, reset: true } : answer;
    },
  };
}

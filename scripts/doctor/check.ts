import type { Clock } from '../../core/clock.ts';
import type { Config } from '../../core/config.ts';
import type { Ports } from '../../core/context.ts';
import type { Ids } from '../../core/ids.ts';
import { joinSentences, type Locale } from '../../core/messages/catalogue.ts';
import type { Runtime } from '../runtime.ts';
import type { Caller } from './call.ts';
import type { DatabaseState, History } from './state.ts';
import type { DoctorWords } from './words/en.ts';

export type CheckName = keyof DoctorWords['names'];

/**
 * `failed`: something that is configured does not work. `warning`: it works, or may, with a limit.
 * `missing`: not configured. `sandbox`: not configured, and an emulator stands in.
 */
export type State = 'ok' | 'sandbox' | 'missing' | 'warning' | 'failed';

/** What a check has found, in sentences for the operator. */
export type Finding = {
  readonly state: State;
  readonly what: string;
  readonly switchesOff: string | null;
  readonly howToGetIt: string | null;
};

/** What the checks look with. */
export type Tools = {
  readonly config: Config;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly locale: Locale;
  readonly words: DoctorWords;
  readonly caller: Caller;
  /** The Jilo that runs on this data folder; null when none does. */
  readonly runtime: Runtime | null;
  /** How the database is. Rejects with the driver's error where there is none. */
  readonly database: () => Promise<DatabaseState>;
  /** What publishing has shown so far; null where the database cannot tell. */
  readonly history: () => Promise<History | null>;
  /** The product's own ports; null while the database is not ready for it. */
  readonly ports: () => Promise<Pick<Ports, 'storage' | 'mediaTools'> | null>;
  /** Bytes that may still be written below a folder. */
  readonly freeBytes: (folder: string) => Promise<number>;
};

export type Check = {
  readonly name: CheckName;
  readonly run: (tools: Tools, signal: AbortSignal) => Promise<Finding>;
};

export const ok = (what: string): Finding => ({
  state: 'ok',
  what,
  switchesOff: null,
  howToGetIt: null,
});

const ranks: readonly State[] = ['ok', 'sandbox', 'missing', 'warning', 'failed'];

/** Several findings as one: the worst state, and every sentence once. */
export function combine([first, ...others]: readonly [Finding, ...Finding[]], locale: Locale) {
  const join = (a: string | null, b: string | null): string | null => {
    if (a === null || b === null) return a ?? b;
    return a.includes(b) ? a : joinSentences([a, b], locale);
  };
  return others.reduce<Finding>(
    (sum, one) => ({
      state: ranks.indexOf(one.state) > ranks.indexOf(sum.state) ? one.state : sum.state,
      what: join(sum.what, one.what) ?? '',
      switchesOff: join(sum.switchesOff, one.switchesOff),
      howToGetIt: join(sum.howToGetIt, one.howToGetIt),
    }),
    first,
  );
}

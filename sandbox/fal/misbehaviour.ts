import type { SandboxClock } from '../clock.ts';
import type { EmulatorAnswer } from '../http.ts';
import { spoilAnswer, type Handle, type OnWait, type Spoil } from '../spoil.ts';

/** Where and how the stand-in goes wrong, for the next `times` occasions. */
export type Misbehaviour = {
  readonly on: 'submit' | 'status' | 'result' | 'webhook' | 'download';
  /**
   * As answers go wrong; `error` on `result`: the job itself ends in a runner error.
   * Webhooks only: `lost` (never sent), `duplicate`, `late`, `forged` (another key), `stale` (signed 10 minutes ago).
   */
  readonly how: Exclude<Spoil['how'], 'garbled'> | 'lost' | 'duplicate' | 'forged' | 'stale';
  readonly times: number;
  readonly delayMs?: number;
};

type Place = Misbehaviour['on'];

const overHttp = [
  ...(['reset_before', 'reset_after', 'http_429', 'http_503', 'http_503_after'] as const),
  ...(['http_404', 'late', 'error', 'truncated', 'redirect', 'redirect_out'] as const),
];
const inDownloads = [...overHttp, 'no_video', 'huge'] as const;
const possible: Readonly<Record<Place, readonly Misbehaviour['how'][]>> = {
  submit: overHttp,
  status: overHttp,
  result: overHttp,
  download: inDownloads,
  webhook: ['lost', 'duplicate', 'late', 'forged', 'stale'],
};

export type Misbehaviours = {
  /** @throws when this cannot go wrong in this way. */
  arm(misbehaviour: Misbehaviour): void;
  /** Uses up one occasion; `only` limits it to these ways. */
  take(on: Place, only?: Misbehaviour['how']): Misbehaviour | null;
  /** Answers a request, with whatever is armed for this place. */
  answer(
    on: Place,
    handle: Handle,
    self: string,
    /** What is planned for this very request goes before what is armed. */
    planned?: Spoil | null,
  ): Promise<EmulatorAnswer>;
  /** Forgets what is armed. */
  clear(): void;
};

export function createMisbehaviours(clock: SandboxClock, onWait?: OnWait): Misbehaviours {
  const armed: { misbehaviour: Misbehaviour; left: number }[] = [];
  const take: Misbehaviours['take'] = (on, only) => {
    const entry = armed.find(
      ({ misbehaviour, left }) =>
        left > 0 && misbehaviour.on === on && (only === undefined || misbehaviour.how === only),
    );
    if (!entry) return null;
    entry.left -= 1;
    return entry.misbehaviour;
  };
  return {
    clear: () => void armed.splice(0),
    arm(misbehaviour) {
      const { on, how } = misbehaviour;
      if (!possible[on].includes(how)) throw new Error(`${on} cannot misbehave as ${how}`);
      armed.push({ misbehaviour, left: misbehaviour.times });
    },
    take,
    async answer(on, handle, self, planned = null) {
      const options = { clock, onWait, self, say: (detail: string) => ({ detail }) };
      if (planned) return spoilAnswer(planned, handle, options);
      const armedNow = armed.find((entry) => entry.left > 0 && entry.misbehaviour.on === on);
      const how = inDownloads.find((way) => way === armedNow?.misbehaviour.how);
      // A runner error belongs to the job and is taken when the job ends.
      if (!armedNow || how === undefined || (on === 'result' && how === 'error')) return handle();
      armedNow.left -= 1;
      return spoilAnswer({ ...armedNow.misbehaviour, how }, handle, options);
    },
  };
}

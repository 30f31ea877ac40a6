import type { SandboxClock } from '../clock.ts';
import type { EmulatorAnswer } from '../http.ts';
import type { PlannedFault } from './plan.ts';

/** Where and how the stand-in goes wrong, for the next `times` occasions. */
export type Misbehaviour = {
  readonly on: 'submit' | 'status' | 'result' | 'webhook' | 'download';
  /**
   * - `reset_before`: the connection is cut and nothing happens; `reset_after`: it happens, the reply is lost;
   * - `http_429`, `http_503`, `http_404`: the gateway answers and nothing happens; `http_503_after`: it happens all the same;
   * - `late`: takes effect at once, and the answer comes `delayMs` later on the emulator's clock;
   * - `error`: on `result` the job itself ends in a runner error, elsewhere a bare 500;
   * - `truncated`: the body stops half-way; `redirect`: a 302 to the same thing, `redirect_out`: to a private address;
   * - `no_video`: bytes of another kind; `huge`: announced far too long;
   * - webhooks only: `lost` (never sent), `duplicate`, `forged` (another key), `stale` (signed 10 minutes ago).
   */
  readonly how:
    | 'reset_before'
    | 'reset_after'
    | 'http_429'
    | 'http_503'
    | 'http_503_after'
    | 'http_404'
    | 'lost'
    | 'duplicate'
    | 'late'
    | 'forged'
    | 'stale'
    | 'error'
    | 'truncated'
    | 'redirect'
    | 'redirect_out'
    | 'no_video'
    | 'huge';
  readonly times: number;
  readonly delayMs?: number;
};

type Place = Misbehaviour['on'];

const overHttp: readonly Misbehaviour['how'][] = [
  ...(['reset_before', 'reset_after', 'http_429', 'http_503', 'http_503_after'] as const),
  ...(['http_404', 'late', 'error', 'truncated', 'redirect', 'redirect_out'] as const),
];
const possible: Readonly<Record<Place, readonly Misbehaviour['how'][]>> = {
  submit: overHttp,
  status: overHttp,
  result: overHttp,
  download: [...overHttp, 'no_video', 'huge'],
  webhook: ['lost', 'duplicate', 'late', 'forged', 'stale'],
};

/** Told when an answer begins to wait for the clock, and until when. */
export type OnWait = (until: Promise<void>) => void;

export type Misbehaviours = {
  /** @throws when this cannot go wrong in this way. */
  arm(misbehaviour: Misbehaviour): void;
  /** Uses up one occasion; `only` limits it to these ways. */
  take(on: Place, only?: Misbehaviour['how']): Misbehaviour | null;
  /** Answers a request, with whatever is armed for this place. */
  answer(
    on: Place,
    handle: () => Promise<EmulatorAnswer> | EmulatorAnswer,
    self: string,
    /** What is planned for this very request goes before what is armed. */
    planned?: PlannedFault | null,
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
  const spoilt = { clock, onWait };
  return {
    clear: () => void armed.splice(0),
    arm(misbehaviour) {
      const { on, how } = misbehaviour;
      if (!possible[on].includes(how)) throw new Error(`${on} cannot misbehave as ${how}`);
      armed.push({ misbehaviour, left: misbehaviour.times });
    },
    take,
    async answer(on, handle, self, planned = null) {
      if (planned) return spoil(planned, handle, self, spoilt);
      const armedNow = armed.find((entry) => entry.left > 0 && entry.misbehaviour.on === on);
      // A runner error belongs to the job and is taken when the job ends.
      if (!armedNow || (on === 'result' && armedNow.misbehaviour.how === 'error')) return handle();
      armedNow.left -= 1;
      return spoil(armedNow.misbehaviour, handle, self, spoilt);
    },
  };
}

type Waits = { readonly clock: SandboxClock; readonly onWait: OnWait | undefined };

async function spoil(
  { how, delayMs = 1000 }: PlannedFault,
  handle: () => Promise<EmulatorAnswer> | EmulatorAnswer,
  self: string,
  { clock, onWait }: Waits,
): Promise<EmulatorAnswer> {
  const instead = answersInstead(how, self, delayMs);
  if (instead) return instead;
  const answer = await handle();
  if (how === 'reset_after') return { status: 0, reset: true };
  if (how === 'http_503_after') return unavailable(delayMs);
  if (how === 'truncated') return truncated(answer);
  if (how !== 'late') throw new Error(`an answer cannot be ${how}`);
  const until = new Promise<void>((resolve) => {
    clock.schedule(delayMs, resolve);
  });
  onWait?.(until);
  await until;
  return answer;
}

/** What is answered without anything happening; null for what happens all the same. */
function answersInstead(
  how: Misbehaviour['how'],
  self: string,
  delayMs: number,
): EmulatorAnswer | null {
  const answers: Partial<Record<Misbehaviour['how'], EmulatorAnswer>> = {
    reset_before: { status: 0, reset: true },
    http_429: {
      status: 429,
      headers: retryAfter(delayMs),
      body: { detail: 'Too many requests' },
    },
    http_503: unavailable(delayMs),
    http_404: { status: 404, body: { detail: 'Not Found' } },
    error: { status: 500, body: { detail: 'Internal server error' } },
    redirect: { status: 302, headers: { location: self } },
    redirect_out: {
      status: 302,
      headers: { location: 'http://169.254.169.254/latest/meta-data' },
    },
    no_video: { status: 200, headers: { 'content-type': 'text/html' }, body: noVideo },
    huge: { status: 200, headers: { 'content-length': String(3 * 1024 ** 3) }, body: noVideo },
  };
  return answers[how] ?? null;
}

const retryAfter = (delayMs: number) => ({ 'retry-after': String(Math.ceil(delayMs / 1000)) });

const unavailable = (delayMs: number): EmulatorAnswer => ({
  status: 503,
  headers: retryAfter(delayMs),
  body: { detail: 'Service unavailable' },
});

const noVideo = '<!doctype html><title>Try again later</title>';

function truncated(answer: EmulatorAnswer): EmulatorAnswer {
  const { body } = answer;
  const whole = Buffer.isBuffer(body)
    ? body
    : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return {
    status: answer.status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...answer.headers,
      'content-length': String(whole.length),
      connection: 'close',
    },
    body: whole.subarray(0, Math.ceil(whole.length / 2)),
  };
}

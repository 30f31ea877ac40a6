import type { SandboxClock } from '../clock.ts';
import type { EmulatorAnswer } from '../http.ts';

/** Where and how the stand-in goes wrong, for the next `times` occasions. */
export type Misbehaviour = {
  readonly on: 'submit' | 'status' | 'result' | 'webhook' | 'download';
  /**
   * - `reset_before`: the connection is cut and nothing happens; `reset_after`: it happens, the reply is lost;
   * - `http_429`, `http_503`: the gateway answers and nothing happens;
   * - `late`: takes effect at once, and the answer comes `delayMs` later on the emulator's clock;
   * - `error`: on `result` the job itself ends in a runner error, elsewhere a bare 500;
   * - `truncated`: the body stops half-way; `redirect`: a 302 to the same thing;
   * - webhooks only: `lost` (never sent), `duplicate`, `forged` (another key), `stale` (signed 10 minutes ago).
   */
  readonly how:
    | 'reset_before'
    | 'reset_after'
    | 'http_429'
    | 'http_503'
    | 'lost'
    | 'duplicate'
    | 'late'
    | 'forged'
    | 'stale'
    | 'error'
    | 'truncated'
    | 'redirect';
  readonly times: number;
  readonly delayMs?: number;
};

type Place = Misbehaviour['on'];

const overHttp: readonly Misbehaviour['how'][] = [
  ...(['reset_before', 'reset_after', 'http_429', 'http_503'] as const),
  ...(['late', 'error', 'truncated', 'redirect'] as const),
];
const possible: Readonly<Record<Place, readonly Misbehaviour['how'][]>> = {
  submit: overHttp,
  status: overHttp,
  result: overHttp,
  download: overHttp,
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
    handle: () => Promise<EmulatorAnswer> | EmulatorAnswer,
    self: string,
  ): Promise<EmulatorAnswer>;
};

export function createMisbehaviours(clock: SandboxClock): Misbehaviours {
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
    arm(misbehaviour) {
      const { on, how } = misbehaviour;
      if (!possible[on].includes(how)) throw new Error(`${on} cannot misbehave as ${how}`);
      armed.push({ misbehaviour, left: misbehaviour.times });
    },
    take,
    async answer(on, handle, self) {
      const armedNow = armed.find((entry) => entry.left > 0 && entry.misbehaviour.on === on);
      // A runner error belongs to the job and is taken when the job ends.
      if (!armedNow || (on === 'result' && armedNow.misbehaviour.how === 'error')) return handle();
      armedNow.left -= 1;
      return spoil(armedNow.misbehaviour, handle, self, clock);
    },
  };
}

async function spoil(
  { how, delayMs = 1000 }: Misbehaviour,
  handle: () => Promise<EmulatorAnswer> | EmulatorAnswer,
  self: string,
  clock: SandboxClock,
): Promise<EmulatorAnswer> {
  const retryAfter = { 'retry-after': String(Math.ceil(delayMs / 1000)) };
  switch (how) {
    case 'reset_before':
      return { status: 0, reset: true };
    case 'reset_after':
      await handle();
      return { status: 0, reset: true };
    case 'http_429':
      return { status: 429, headers: retryAfter, body: { detail: 'Too many requests' } };
    case 'http_503':
      return { status: 503, headers: retryAfter, body: { detail: 'Service unavailable' } };
    case 'error':
      return { status: 500, body: { detail: 'Internal server error' } };
    case 'late': {
      const answer = await handle();
      await new Promise<void>((resolve) => {
        clock.schedule(delayMs, resolve);
      });
      return answer;
    }
    case 'redirect':
      return { status: 302, headers: { location: self } };
    case 'truncated':
      return truncated(await handle());
    case 'lost':
    case 'duplicate':
    case 'forged':
    case 'stale':
      break;
  }
  throw new Error(`an answer cannot be ${how}`);
}

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

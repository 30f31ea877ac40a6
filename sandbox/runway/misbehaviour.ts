import type { SandboxClock } from '../clock.ts';
import type { EmulatorAnswer } from '../http.ts';

/** Where and how the stand-in goes wrong, for the next `times` occasions. */
export type Misbehaviour =
  | {
      readonly on: 'submit' | 'task' | 'cancel' | 'download';
      /**
       * - `reset_before`: the connection is cut and nothing happens; `reset_after`: it happens, the reply is lost;
       * - `http_429`, `http_503`: the gateway answers and nothing happens; `http_503_after`: it happens all the same;
       * - `late`: takes effect at once, and the answer comes `delayMs` later on the emulator's clock;
       * - `garbled`: it happens, and the answer is no JSON; `truncated`: the body stops half-way.
       */
      readonly how:
        | 'reset_before'
        | 'reset_after'
        | 'http_429'
        | 'http_503'
        | 'http_503_after'
        | 'late'
        | 'garbled'
        | 'truncated';
      readonly times: number;
      readonly delayMs?: number;
    }
  /** The task itself fails, with this code (docs.dev.runwayml.com/errors/task-failures) or none. */
  | { readonly on: 'run'; readonly failureCode: string | null; readonly times: number };

type Place = Exclude<Misbehaviour['on'], 'run'>;
type Spoil = Extract<Misbehaviour, { on: Place }>;

export type Misbehaviours = {
  arm(misbehaviour: Misbehaviour): void;
  /** Answers a request, with whatever is armed for this place. */
  answer(
    on: Place,
    handle: () => Promise<EmulatorAnswer> | EmulatorAnswer,
  ): Promise<EmulatorAnswer>;
  /** How the next task fails; null when it does not. */
  takeFailure(): { readonly failureCode: string | null } | null;
};

export function createMisbehaviours(clock: SandboxClock): Misbehaviours {
  const armed: { misbehaviour: Misbehaviour; left: number }[] = [];
  const take = (on: Misbehaviour['on']): Misbehaviour | null => {
    const entry = armed.find(({ misbehaviour, left }) => left > 0 && misbehaviour.on === on);
    if (!entry) return null;
    entry.left -= 1;
    return entry.misbehaviour;
  };
  return {
    arm(misbehaviour) {
      armed.push({ misbehaviour, left: misbehaviour.times });
    },
    async answer(on, handle) {
      const misbehaviour = take(on);
      return misbehaviour && misbehaviour.on !== 'run'
        ? spoil(misbehaviour, handle, clock)
        : handle();
    },
    takeFailure() {
      const misbehaviour = take('run');
      return misbehaviour?.on === 'run' ? { failureCode: misbehaviour.failureCode } : null;
    },
  };
}

async function spoil(
  { how, delayMs = 1000 }: Spoil,
  handle: () => Promise<EmulatorAnswer> | EmulatorAnswer,
  clock: SandboxClock,
): Promise<EmulatorAnswer> {
  const headers = { 'retry-after': String(Math.ceil(delayMs / 1000)) };
  switch (how) {
    case 'reset_before':
      return { status: 0, reset: true };
    case 'reset_after':
      await handle();
      return { status: 0, reset: true };
    case 'http_429':
      return { status: 429, headers, body: { error: 'Too many requests' } };
    case 'http_503':
      return { status: 503, headers, body: { error: 'Service unavailable' } };
    case 'http_503_after':
      await handle();
      return { status: 503, headers, body: { error: 'Service unavailable' } };
    case 'late': {
      const answer = await handle();
      await new Promise<void>((resolve) => {
        clock.schedule(delayMs, resolve);
      });
      return answer;
    }
    case 'garbled':
      await handle();
      return { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>It works!</p>' };
    case 'truncated':
      break;
  }
  return truncated(await handle());
}

function truncated(answer: EmulatorAnswer): EmulatorAnswer {
  const { body = '' } = answer;
  const text = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const whole = Buffer.from(text);
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

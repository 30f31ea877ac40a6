import type { SandboxClock } from './clock.ts';
import type { EmulatorAnswer } from './http.ts';

/** One answer that goes wrong. */
export type Spoil = {
  /**
   * - `reset_before`: the connection is cut and nothing happens; `reset_after`: it happens, the reply is lost;
   * - `http_429`, `http_503`, `http_404`: the gateway answers and nothing happens; `http_503_after`: it happens all the same;
   * - `late`: takes effect at once, and the answer comes `delayMs` later on the emulator's clock;
   * - `error`: a bare 500; `garbled`: it happens, and the answer is a page; `truncated`: the body stops half-way;
   * - `redirect`: a 302 to the same thing, `redirect_out`: to a private address;
   * - `no_video`: bytes of another kind; `huge`: announced far too long.
   */
  readonly how:
    | 'reset_before'
    | 'reset_after'
    | 'http_429'
    | 'http_503'
    | 'http_503_after'
    | 'http_404'
    | 'late'
    | 'error'
    | 'garbled'
    | 'truncated'
    | 'redirect'
    | 'redirect_out'
    | 'no_video'
    | 'huge';
  readonly delayMs?: number;
};

/** Told when an answer begins to wait for the clock, and until when. */
export type OnWait = (until: Promise<void>) => void;

export type Handle = () => Promise<EmulatorAnswer> | EmulatorAnswer;

type SpoilOptions = {
  readonly clock: SandboxClock;
  readonly onWait?: OnWait | undefined;
  /** The address that was asked. */
  readonly self: string;
  /** An error in the service's own form. */
  readonly say: (words: string) => object;
};

/** Answers a request that goes wrong in the given way. */
export async function spoilAnswer(
  { how, delayMs = 1000 }: Spoil,
  handle: Handle,
  options: SpoilOptions,
): Promise<EmulatorAnswer> {
  const instead = answersInstead(how, delayMs, options);
  if (instead) return instead;
  const answer = await handle();
  if (how === 'reset_after') return { status: 0, reset: true };
  if (how === 'http_503_after') return unavailable(delayMs, options);
  if (how === 'garbled') return { status: 200, headers: html, body: page };
  if (how === 'truncated') return truncated(answer);
  const until = new Promise<void>((resolve) => {
    options.clock.schedule(delayMs, resolve);
  });
  options.onWait?.(until);
  await until;
  return answer;
}

/** What is answered without anything happening; null for what happens all the same. */
function answersInstead(
  how: Spoil['how'],
  delayMs: number,
  options: SpoilOptions,
): EmulatorAnswer | null {
  const { self, say } = options;
  const answers: Partial<Record<Spoil['how'], EmulatorAnswer>> = {
    reset_before: { status: 0, reset: true },
    http_429: { status: 429, headers: retryAfter(delayMs), body: say('Too many requests') },
    http_503: unavailable(delayMs, options),
    http_404: { status: 404, body: say('Not Found') },
    error: { status: 500, body: say('Internal server error') },
    redirect: { status: 302, headers: { location: self } },
    redirect_out: {
      status: 302,
      headers: { location: 'http://169.254.169.254/latest/meta-data' },
    },
    no_video: { status: 200, headers: html, body: page },
    huge: { status: 200, headers: { 'content-length': String(3 * 1024 ** 3) }, body: page },
  };
  return answers[how] ?? null;
}

const html = { 'content-type': 'text/html' };
const page = '<!doctype html><title>Try again later</title>';

const retryAfter = (delayMs: number) => ({ 'retry-after': String(Math.ceil(delayMs / 1000)) });

const unavailable = (delayMs: number, { say }: SpoilOptions): EmulatorAnswer => ({
  status: 503,
  headers: retryAfter(delayMs),
  body: say('Service unavailable'),
});

function truncated({ status, headers, body = '' }: EmulatorAnswer): EmulatorAnswer {
  const text = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const whole = Buffer.from(text);
  return {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...headers,
      'content-length': String(whole.length),
      connection: 'close',
    },
    body: whole.subarray(0, Math.ceil(whole.length / 2)),
  };
}

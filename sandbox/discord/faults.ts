import type { EmulatorAnswer } from '../http.ts';
import type { Fault } from './options.ts';

type Verdict = {
  /** Answered without the request taking effect. */
  readonly instead: EmulatorAnswer | null;
  /** The request takes effect, its answer is lost. */
  readonly loseAnswer: boolean;
};
export type Faults = {
  readonly add: (fault: Fault) => void;
  readonly take: (method: string, route: string) => Promise<Verdict | null>;
};

const usualMessages: Readonly<Record<number, string>> = {
  401: '401: Unauthorized',
  403: 'Missing Access',
  429: 'You are being rate limited.',
  500: '500: Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
};

/** Answers that a test asks for, used up in order. */
export function createFaults(): Faults {
  const armed: { fault: Fault; left: number }[] = [];
  return {
    add: (fault) => void armed.push({ fault, left: fault.times ?? 1 }),
    async take(method, route) {
      const entry = armed.find(
        ({ fault, left }) =>
          left > 0 &&
          (fault.method === undefined || fault.method === method) &&
          (typeof fault.route === 'string'
            ? route.startsWith(fault.route)
            : fault.route.test(route)),
      );
      if (!entry) return null;
      entry.left -= 1;
      const { fault } = entry;
      if (fault.delayMs) await wait(fault.delayMs);
      if (fault.reset === 'after') return { instead: null, loseAnswer: true };
      if (fault.reset) return { instead: { status: 0, reset: true }, loseAnswer: false };
      if (fault.status === 0) return null;
      return { instead: answer(fault), loseAnswer: false };
    },
  };
}

const wait = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));

function answer({ status, code = 0, message, retryAfter = 1 }: Fault): EmulatorAnswer {
  const body = { message: message ?? usualMessages[status] ?? `${status}`, code };
  if (status !== 429) return { status, body };
  return {
    status,
    headers: {
      'retry-after': `${Math.ceil(retryAfter)}`,
      'x-ratelimit-limit': '1',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset-after': `${retryAfter}`,
      'x-ratelimit-scope': 'user',
      via: '1.1 google',
    },
    body: { ...body, retry_after: retryAfter, global: false },
  };
}

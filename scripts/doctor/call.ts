import type { Clock } from '../../core/clock.ts';
import { codeOf } from './text.ts';

const longestAnswer = 1_000_000;

export type Question = {
  readonly url: string;
  readonly signal: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as a form by POST; absent: GET. */
  readonly form?: Readonly<Record<string, string>>;
  /** Statuses that are an answer; 200. */
  readonly accept?: readonly number[];
};

export type Answer = {
  readonly host: string;
  readonly status: number;
  /** The JSON that came; undefined for anything else. */
  readonly body: unknown;
};

/** How far this machine is ahead of a far end. */
export type Skew = { readonly host: string; readonly seconds: number };

export type Caller = {
  /** @throws FarEndFault */
  ask(question: Question): Promise<Answer>;
  /** The clocks of those that have answered so far. */
  readonly skews: readonly Skew[];
};

type Trouble = 'unusable' | 'silent' | 'refused' | 'busy' | 'broken' | 'strange';

/** Why there is no answer that is any use. */
export class FarEndFault extends Error {
  override readonly name = 'FarEndFault';
  readonly trouble: Trouble;
  readonly host: string;
  /** 0 when nothing came. */
  readonly status: number;
  readonly code: string;

  constructor(trouble: Trouble, host: string, more: { status?: number; code?: string }) {
    super(`${host}: ${trouble}`);
    this.trouble = trouble;
    this.host = host;
    this.status = more.status ?? 0;
    this.code = more.code ?? '';
  }
}

/** Asks far ends, keeping to the address that was asked, and notes what time it is there. */
export function createCaller(clock: Clock): Caller {
  const skews: Skew[] = [];
  return {
    skews,
    async ask(question) {
      const { host } = new URL(question.url);
      const askedAt = clock.now().getTime();
      const response = await send(question, host);
      const seconds = skewOf(response, askedAt, clock.now().getTime());
      if (seconds !== null) skews.push({ host, seconds });
      const { status } = response;
      const body = await readJson(response, host);
      if ((question.accept ?? [200]).includes(status)) return { host, status, body };
      throw new FarEndFault(troubleOf(status), host, { status });
    },
  };
}

function troubleOf(status: number): Trouble {
  if (status === 401 || status === 403) return 'refused';
  if (status === 429) return 'busy';
  return status >= 500 ? 'broken' : 'strange';
}

async function send({ url, signal, headers = {}, form }: Question, host: string) {
  let sent: Headers;
  try {
    sent = new Headers(headers);
  } catch {
    throw new FarEndFault('unusable', host, {});
  }
  try {
    return await fetch(url, {
      signal,
      headers: sent,
      // A key goes to the address of the settings and nowhere else.
      redirect: 'manual',
      ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
    });
  } catch (error) {
    throw new FarEndFault('silent', host, { code: codeOf(causeOf(error)) });
  }
}

const causeOf = (error: unknown): unknown =>
  error instanceof Error && error.cause !== undefined ? error.cause : error;

async function readJson(response: Response, host: string): Promise<unknown> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const piece of response.body ?? []) {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes > longestAnswer) return undefined;
    }
  } catch (error) {
    throw new FarEndFault('silent', host, { code: codeOf(causeOf(error)) });
  }
  try {
    const body: unknown = JSON.parse(Buffer.concat(pieces).toString('utf8'));
    return body;
  } catch {
    return undefined; // A page, or nothing: the status says what there is to say.
  }
}

/** A date has whole seconds, so half a second is added; the question was on its way for half the time. */
function skewOf(response: Response, askedAt: number, answeredAt: number): number | null {
  const date = Date.parse(response.headers.get('date') ?? '');
  if (Number.isNaN(date)) return null;
  return ((askedAt + answeredAt) / 2 - (date + 500)) / 1000;
}

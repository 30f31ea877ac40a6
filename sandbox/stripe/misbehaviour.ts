import type { SandboxClock } from '../clock.ts';
import type { EmulatorAnswer } from '../http.ts';
import { spoilAnswer, type Handle, type OnWait, type Spoil } from '../spoil.ts';

/** How a delivery goes wrong; signatures carry the time of the try, but for `stale` and `future`. */
export type WebhookFault =
  /** Never sent, though it is listed. */
  | 'lost'
  | 'duplicate'
  /** Sent `delayMs` later. */
  | 'late'
  /** Signed `delayMs` (ten minutes) ago, or ahead. */
  | 'stale'
  | 'future'
  /** Signed with another secret. */
  | 'forged'
  /** Signed, then changed. */
  | 'altered'
  /** Two `v1`: by a secret that nobody knows, then by the right one. */
  | 'rotating'
  /** Without the header. */
  | 'unsigned';

/** Where and how the stand-in goes wrong, for the next `times` occasions. */
export type Misbehaviour =
  | (Spoil & {
      readonly on: 'api';
      readonly times: number;
      /** `POST /v1/customers`; absent: any request. */
      readonly request?: RegExp;
    })
  | {
      readonly on: 'webhook';
      readonly how: WebhookFault;
      readonly times: number;
      readonly delayMs?: number;
      /** Only events of this type. */
      readonly event?: string;
    };

type WebhookMisbehaviour = Extract<Misbehaviour, { on: 'webhook' }>;

export type Misbehaviours = {
  arm(misbehaviour: Misbehaviour): void;
  /** Answers a request such as `POST /v1/customers`, with whatever is armed for it. */
  answer(request: string, self: string, handle: Handle): Promise<EmulatorAnswer>;
  /** Uses up one occasion of a delivery; null when it goes well. */
  takeDelivery(type: string): WebhookMisbehaviour | null;
  /** Forgets what is armed. */
  clear(): void;
};

export function createMisbehaviours(clock: SandboxClock, onWait?: OnWait): Misbehaviours {
  const armed: { misbehaviour: Misbehaviour; left: number }[] = [];
  const take = <M extends Misbehaviour>(fits: (one: Misbehaviour) => M | null): M | null => {
    for (const entry of armed) {
      const found = entry.left > 0 ? fits(entry.misbehaviour) : null;
      if (!found) continue;
      entry.left -= 1;
      return found;
    }
    return null;
  };
  return {
    arm(misbehaviour) {
      armed.push({ misbehaviour, left: misbehaviour.times });
    },
    async answer(request, self, handle) {
      const spoil = take((one) =>
        one.on === 'api' && (one.request?.test(request) ?? true) ? one : null,
      );
      if (!spoil) return handle();
      return spoilAnswer(spoil, handle, { clock, onWait, self, say: errorBody });
    },
    takeDelivery: (type) =>
      take((one) =>
        one.on === 'webhook' && (one.event === undefined || one.event === type) ? one : null,
      ),
    clear: () => void armed.splice(0),
  };
}

function errorBody(message: string): object {
  const isLimit = message === 'Too many requests';
  return {
    error: isLimit
      ? { code: 'rate_limit', message, type: 'invalid_request_error' }
      : { message, type: 'api_error' },
  };
}

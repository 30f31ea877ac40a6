import type { SandboxClock } from '../clock.ts';
import type { EmulatorAnswer } from '../http.ts';
import { spoilAnswer, type Handle, type OnWait, type Spoil } from '../spoil.ts';

/** Where and how the stand-in goes wrong, for the next `times` occasions. */
export type Misbehaviour =
  | (Spoil & {
      readonly on: 'submit' | 'task' | 'cancel' | 'download';
      readonly times: number;
    })
  /** The task itself fails, with this code (docs.dev.runwayml.com/errors/task-failures) or none. */
  | { readonly on: 'run'; readonly failureCode: string | null; readonly times: number };

type Place = Exclude<Misbehaviour['on'], 'run'>;

export type Misbehaviours = {
  arm(misbehaviour: Misbehaviour): void;
  /** Answers a request, with whatever is armed for this place. */
  answer(
    on: Place,
    handle: Handle,
    self: string,
    /** What is planned for this very request goes before what is armed. */
    planned?: Spoil | null,
  ): Promise<EmulatorAnswer>;
  /** How the next task fails; null when it does not. */
  takeFailure(): { readonly failureCode: string | null } | null;
  /** Forgets what is armed. */
  clear(): void;
};

export function createMisbehaviours(clock: SandboxClock, onWait?: OnWait): Misbehaviours {
  const armed: { misbehaviour: Misbehaviour; left: number }[] = [];
  const take = (on: Misbehaviour['on']): Misbehaviour | null => {
    const entry = armed.find(({ misbehaviour, left }) => left > 0 && misbehaviour.on === on);
    if (!entry) return null;
    entry.left -= 1;
    return entry.misbehaviour;
  };
  return {
    clear: () => void armed.splice(0),
    arm(misbehaviour) {
      armed.push({ misbehaviour, left: misbehaviour.times });
    },
    async answer(on, handle, self, planned = null) {
      const spoil = planned ?? take(on);
      if (!spoil || !('how' in spoil)) return handle();
      return spoilAnswer(spoil, handle, { clock, onWait, self, say: (error) => ({ error }) });
    },
    takeFailure() {
      const misbehaviour = take('run');
      return misbehaviour?.on === 'run' ? { failureCode: misbehaviour.failureCode } : null;
    },
  };
}

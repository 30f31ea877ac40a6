import { seeMessage } from './seen.ts';
import { modalSeen } from './modals.ts';
import { noResponse } from './interactions.ts';
import { recentTranscript } from './transcript.ts';
import type { ModalSeen, Seen, Suggestion, Turn } from './types.ts';
import { pick, type InteractionState, type World } from './world.ts';

/** How long a driver waits on the wall clock before it says what it sees instead. */
const patienceMs = 10_000;

/** Resolves with the first thing that `look` finds, now or after any event; rejects after `timeoutMs`. */
export async function waitUntil<Found>(
  world: World,
  look: () => Found | null,
  complaint: () => string,
  timeoutMs = patienceMs,
): Promise<Found> {
  const now = look();
  if (now !== null) return now;
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      clearTimeout(timer);
      world.listeners.delete(listener);
    };
    const listener = (): void => {
      try {
        const found = look();
        if (found === null) return;
        finish();
        resolve(found);
      } catch (error) {
        finish();
        reject(error);
      }
    };
    const timer = setTimeout(() => {
      finish();
      reject(new Error(complaint()));
    }, timeoutMs);
    world.listeners.add(listener);
  });
}

export function createTurn(world: World, interaction: InteractionState): Turn {
  const complain = (what: string) => () =>
    `${what} ${interaction.action} (${interaction.state}${interaction.error ? `: ${interaction.error}` : ''}).\n` +
    recentTranscript(world, pick(world.channels, interaction.channelId));
  const orFailed = <Found>(what: string, look: () => Found | null): Promise<Found> =>
    waitUntil(
      world,
      () => {
        const found = look();
        if (found === null && interaction.dead) {
          throw new Error(complain(`${noResponse}; no ${what} to`)());
        }
        return found;
      },
      complain(`No ${what} to`),
    );
  return {
    interactionId: interaction.id,
    get state() {
      return interaction.state;
    },
    acked: () =>
      orFailed('acknowledgement', () => (interaction.acked === null ? null : interaction.state)),
    reply: () => orFailed('reply', () => replyOf(world, interaction)),
    modal: (): Promise<ModalSeen> =>
      orFailed('form', () =>
        interaction.modal ? modalSeen(interaction, interaction.modal) : null,
      ),
    failed: () =>
      waitUntil(world, () => (interaction.dead ? noResponse : null), complain('No failure of')),
  };
}

function replyOf(world: World, interaction: InteractionState): Seen | null {
  if (interaction.replyId === null) {
    if (interaction.state === 'modal') {
      throw new Error(`${interaction.action} opened a form instead of replying`);
    }
    return null;
  }
  const record = pick(world.channels, interaction.channelId).records.get(interaction.replyId);
  return record ? seeMessage(world, record) : null;
}

export function suggestionsOf(
  world: World,
  interaction: InteractionState,
): Promise<readonly Suggestion[]> {
  const complaint = () => `No suggestions for ${interaction.action}`;
  return waitUntil(
    world,
    () => {
      if (interaction.dead) throw new Error(complaint());
      return interaction.suggestions;
    },
    complaint,
  );
}

import {
  MessageFlags,
  type ChatInputCommandInteraction,
  type InteractionEditReplyOptions,
  type InteractionReplyOptions,
  type MessageComponentInteraction,
  type ModalSubmitInteraction,
} from 'discord.js';

import type { Visibility } from './exchange.ts';
import { readViewFile } from './view-file.ts';
import type { View } from './view.ts';

/** An interaction that can be answered with a message. */
export type Answerable =
  | ChatInputCommandInteraction
  | MessageComponentInteraction
  | ModalSubmitInteraction;

type Sent = Pick<InteractionReplyOptions, 'components' | 'files'> & {
  readonly flags: MessageFlags.IsComponentsV2;
};

async function render(view: View): Promise<Sent> {
  const files = (view.files ?? []).map(async (file) => ({
    name: file.name,
    attachment: await readViewFile(file),
  }));
  return {
    flags: MessageFlags.IsComponentsV2,
    components: [...view.components],
    files: await Promise.all(files),
  };
}

/** The same without its files, for an edit that keeps none of the old ones. */
const edited = async (view: View): Promise<InteractionEditReplyOptions> => ({
  ...(await render(view)),
  attachments: [],
});

/** The ways to answer one interaction, in the order that Discord allows. */
export type LiveAnswer = {
  defer(visibility: Visibility): Promise<void>;
  deferUpdate(): Promise<void>;
  answer(view: View, visibility: Visibility): Promise<void>;
  update(view: View): Promise<void>;
  /** To the person alone, whatever was announced before. */
  answerPrivately(view: View): Promise<void>;
  /** Shows how far it is in the place of an announced answer; lost where there is none, or it fails. */
  tell(view: View): void;
};

/** How far an answer is; `thinking`: an announced one is still open. */
type State = 'fresh' | 'thinking' | 'thinking alone' | 'updating' | 'answered';

/**
 * Answers an interaction: what comes first is its reply, what was announced is filled in, and
 * everything after that is a message of its own.
 */
export function createAnswer(interaction: Answerable): LiveAnswer {
  let state: State = 'fresh';
  let telling: Promise<unknown> = Promise.resolve();
  const isThinking = () => state === 'thinking' || state === 'thinking alone';
  const flagsFor = async (view: View, visibility: Visibility) => {
    const message = await render(view);
    return visibility === 'person'
      ? { ...message, flags: [message.flags, MessageFlags.Ephemeral] as const }
      : message;
  };
  const follow = async (view: View, visibility: Visibility) => {
    await interaction.followUp(await flagsFor(view, visibility));
  };
  /** Goes on to the next state; what Discord has refused has not happened. */
  const step = async (next: State, work: (before: State) => Promise<unknown>): Promise<void> => {
    const before = state;
    state = next;
    try {
      await telling;
      await work(before);
    } catch (error) {
      state = before;
      throw error;
    }
  };
  return {
    async defer(visibility) {
      if (state !== 'fresh') return;
      const isAlone = visibility === 'person';
      await step(isAlone ? 'thinking alone' : 'thinking', () =>
        interaction.deferReply(isAlone ? { flags: MessageFlags.Ephemeral } : {}),
      );
    },
    async deferUpdate() {
      if (state !== 'fresh' || !('deferUpdate' in interaction)) return;
      await step('updating', () => interaction.deferUpdate());
    },
    answer: (view, visibility) =>
      step('answered', async (before) => {
        if (before === 'fresh') await interaction.reply(await flagsFor(view, visibility));
        else if (before === 'thinking' || before === 'thinking alone')
          await interaction.editReply(await edited(view));
        else await follow(view, visibility);
      }),
    update: (view) =>
      step('answered', async (before) => {
        if (before === 'fresh' && 'update' in interaction && interaction.isMessageComponent())
          await interaction.update({ ...(await render(view)), attachments: [] });
        else await interaction.editReply(await edited(view));
      }),
    answerPrivately: (view) =>
      step('answered', async (before) => {
        if (before === 'fresh') {
          await interaction.reply(await flagsFor(view, 'person'));
        } else if (before === 'thinking alone') {
          await interaction.editReply(await edited(view));
        } else {
          // What was announced to everybody cannot become private any more.
          if (before === 'thinking') await interaction.deleteReply();
          await follow(view, 'person');
        }
      }),
    tell(view) {
      if (!isThinking()) return;
      telling = telling
        .then(async () => isThinking() && interaction.editReply(await edited(view)))
        .catch(() => null);
    },
  };
}

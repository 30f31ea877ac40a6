import { expect } from 'vitest';

import type { Seen } from '../../sandbox/discord/types.ts';
import { connectThroughGoogle } from '../../sandbox/google/browser.ts';
import type { Hand, Story } from './story.ts';

export const ideas = {
  en: 'A paper boat sails down a rainy street at night',
  zh: '夜晚的雨巷里，一只纸船顺着水流漂过霓虹倒影',
};

/** Two whole clips in the size that they are made in: nothing has to be encoded. */
export const quick = { model: 'kling', seconds: 30, shape: '9:16' } as const;

/** Asks for a price with a command, and for the card that it is approved on. */
export async function askForVideo(story: Story, idea = story.in(ideas)): Promise<Seen> {
  const { owner } = story;
  const quote = await owner.ask('video quote', { prompt: idea, ...quick });
  return owner.press(quote, 'quote-generate');
}

/** The same, approved; the message that follows it. */
export async function startVideo(story: Story, idea = story.in(ideas)): Promise<Seen> {
  const { owner } = story;
  await owner.press(await askForVideo(story, idea), 'consent-yes');
  return owner.finds('video-cancel');
}

/** A finished video, and the message that shows it. */
export async function makeVideo(story: Story, idea = story.in(ideas)): Promise<Seen> {
  const progress = await startVideo(story, idea);
  await story.chat.world.drain();
  return becomes(story.owner, progress, 'publish-open');
}

/** The message as soon as it offers the action. */
export const becomes = (hand: Hand, message: Seen, action: string): Promise<Seen> =>
  hand.until(message, (now) =>
    now.buttons.some(({ customId, disabled }) => !disabled && customId?.split(':')[1] === action),
  );

/** Opens the link of the card, allows everything on Google's page, and comes back. */
export async function allow(card: Seen): Promise<void> {
  const link = card.buttons.find(({ url }) => url)?.url ?? /<(http[^>]+)>/.exec(card.text)?.[1];
  const back = await connectThroughGoogle(link ?? '');
  expect(back.status).toBe(200);
}

/** Messages that follow a video, wherever it has come to. */
export const following = (hand: Hand): readonly Seen[] =>
  hand.place
    .sees()
    .filter(
      ({ buttons, ephemeral }) =>
        !ephemeral &&
        buttons.some(({ customId }) => /:video-(cancel|again|retry):.*:vid_/.test(customId ?? '')),
    );

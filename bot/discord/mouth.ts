import { z } from 'zod';

import { rememberCard } from '../../core/consent/card.ts';
import { findApproval } from '../../core/consent/decide.ts';
import type { Context } from '../../core/context.ts';
import type { Turn } from '../../core/conversation/turns.ts';
import { agentWords } from '../../core/messages/agent.ts';
import type { Mouth } from '../agent/mouth.ts';
import { presentConsent } from './cards/consent.ts';
import { choicesOf, readChosen } from './consent-choices.ts';
import type { Draw } from './draw.ts';
import type { Parts } from './parts.ts';
import { usualUploadLimit } from './place.ts';
import { presentAnswer } from './present-answer.ts';
import { streamMessage } from './streamed-message.ts';

export type DiscordMouth = Mouth & {
  /** Resolves when everything that was said stands there. */
  end(): Promise<void>;
};

/** What is better seen than told. */
const shownAsCards = new Set([
  'trend_search',
  'trend_list',
  'trend_show',
  'watch_create',
  'watch_list',
  'model_list',
  'video_show',
  'stats_show',
  'channel_connect',
]);
/** A link that acts for the person is for their eyes only. */
const forTheirEyes = new Set(['channel_connect']);

/** What a call has started without a card, as the person lets models spend. */
const startedSchema = z.union([
  z.object({ videos: z.array(z.string()) }),
  z.object({ video: z.string() }).transform(({ video }) => ({ videos: [video] })),
]);

/** The agent's voice for one turn: a message that grows, and cards beside it. */
export function createMouth(
  parts: Parts,
  where: {
    readonly context: Context;
    readonly turn: Turn;
    readonly channelId: string;
    readonly userId: string;
    readonly replyTo: string | null;
    /** Whether another process may have begun to answer. */
    readonly isResumed: boolean;
  },
): DiscordMouth {
  const { messenger, timers, services } = parts;
  const { context, turn, channelId, userId, replyTo, isResumed } = where;
  const { accountId, serverId = null } = context.actor;
  const { locale, timeZone } = context;
  const nonce = `t${turn.id}`;
  const { log } = services;
  const spot = { channelId, replyTo, nonce, isResumed };
  const stream = streamMessage({ messenger, timers, log, ...spot });
  const drawNow = (): Draw => ({ locale, timeZone, now: context.clock.now(), owner: userId });
  let cards = 0;
  return {
    say: (text) => stream.say(text),
    working: (operation) =>
      stream.status(agentWords(locale).working({ summary: operation.summary[locale] })),
    async drawCard({ id, operation }) {
      const approval = await findApproval(context, id, accountId);
      const uploadLimit = usualUploadLimit;
      const { conversationId } = turn;
      const card = { approvalId: id, accountId, userId, serverId, channelId, uploadLimit };
      await rememberCard(context, { ...card, conversationId });
      const choices = choicesOf(operation, approval, await readChosen(context, id));
      const asked = { approval, operation, askedBy: 'agent', choices } as const;
      // The nonce is at most 25 characters, and the same approval is asked about once.
      await messenger.send(channelId, presentConsent(asked, drawNow()), { nonce: id.slice(0, 25) });
    },
    async show(operation, output, input) {
      if (operation.effect === 'spend') {
        const uploadLimit = usualUploadLimit;
        const { conversationId } = turn;
        const place = { accountId, userId, serverId, channelId, conversationId, uploadLimit };
        // One after the other, so that the messages of several takes stand in their order.
        for (const subjectId of startedSchema.parse(output).videos)
          await parts.follow({ ...place, subjectId });
        return true;
      }
      if (!shownAsCards.has(operation.name)) return false;
      // The list already shows what is looked at on the way.
      if (operation.name === 'trend_show' && cards > 0) return false;
      cards += 1;
      const isPrivate = forTheirEyes.has(operation.name) && serverId !== null;
      const place = isPrivate ? await messenger.openDirect(userId) : channelId;
      const view = await presentAnswer(
        context,
        operation,
        { output, input, uploadLimit: usualUploadLimit },
        drawNow(),
      );
      await messenger.send(place, view, { nonce: `${nonce}c${cards}` });
      return true;
    },
    async end() {
      if (!(await stream.end()))
        services.log.info({ channelId, turn: turn.id }, 'an answer had nowhere to go');
    },
  };
}

import {
  MessageFlags,
  Routes,
  type RESTPostAPIChannelMessageJSONBody,
} from 'discord-api-types/v10';
import { DiscordAPIError, type RawFile, type REST } from 'discord.js';
import { z } from 'zod';

import { Fault } from '../../core/fault.ts';
import { UploadTooLarge, type Messenger } from './messenger.ts';
import { readViewFile } from './view-file.ts';
import type { View } from './view.ts';

/** Discord's codes for a place or message that this bot cannot write to, and will not by waiting. */
const closed = new Set<number | string>([
  10_003, // unknown channel
  10_008, // unknown message
  10_013, // unknown user
  50_001, // missing access
  50_005, // somebody else's message
  50_007, // the person takes no direct messages
  50_013, // missing permissions
  50_083, // archived thread
  50_278, // no server in common with the person
]);
const tooLarge = 40_005;

const withId = z.object({ id: z.string() });

/** Nobody is mentioned but who is called, whatever a text says. */
const mentions = (calls?: string) => ({
  parse: [],
  replied_user: false,
  ...(calls ? { users: [calls] } : {}),
});

/** Writes over discord.js' REST client with the bot's token. */
export function createMessenger(rest: REST, token: string): Messenger {
  const call = async (work: (rest: REST) => Promise<unknown>): Promise<unknown> => {
    // After a single 401 the client forgets its token for good and every later call would fail.
    rest.setToken(token);
    try {
      return await work(rest);
    } catch (error) {
      throw meaningOf(error);
    }
  };
  return {
    async send(channelId, view, how = {}) {
      const message: RESTPostAPIChannelMessageJSONBody = {
        ...bodyOf(view),
        allowed_mentions: mentions(how.calls),
        ...(how.nonce ? { nonce: how.nonce, enforce_nonce: true } : {}),
        ...(how.replyTo
          ? { message_reference: { message_id: how.replyTo, fail_if_not_exists: false } }
          : {}),
      };
      const files = await filesOf(view);
      const route = Routes.channelMessages(channelId);
      const sent = await call((to) => to.post(route, { body: message, files }));
      return withId.parse(sent).id;
    },
    async edit(channelId, messageId, view) {
      const body = { ...bodyOf(view), allowed_mentions: mentions() };
      const files = await filesOf(view);
      await call((to) => to.patch(Routes.channelMessage(channelId, messageId), { body, files }));
    },
    async openDirect(userId) {
      const body = { recipient_id: userId };
      const channel = await call((to) => to.post(Routes.userChannels(), { body }));
      return withId.parse(channel).id;
    },
    async type(channelId) {
      await call((to) => to.post(Routes.channelTyping(channelId)));
    },
  };
}

/** The view with exactly its own files: those of an earlier state go. */
const bodyOf = ({ components, files = [] }: View) => ({
  flags: MessageFlags.IsComponentsV2 as const,
  components: [...components],
  attachments: files.map(({ name }, id) => ({ id: String(id), filename: name })),
});

const filesOf = ({ files = [] }: View): Promise<RawFile[]> =>
  Promise.all(
    files.map(async (file) => ({
      name: file.name,
      contentType: file.contentType,
      data: await readViewFile(file),
    })),
  );

function meaningOf(error: unknown): unknown {
  if (!(error instanceof DiscordAPIError)) return error;
  if (error.code === tooLarge || error.status === 413)
    return new UploadTooLarge('Discord refused a file as too large', { cause: error });
  return closed.has(error.code) ? new Fault('chat_closed', {}, { cause: error }) : error;
}

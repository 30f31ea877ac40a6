import type { View } from './view.ts';

/** A file is larger than may be uploaded at that place. */
export class UploadTooLarge extends Error {
  override readonly name = 'UploadTooLarge';
}

/** Writes with the bot's own token: it outlives every interaction. */
export type Messenger = {
  /**
   * Sends a message and returns its id; the same nonce within some minutes is the same message.
   * @throws Fault `chat_closed` where the bot may not write, as in closed direct messages;
   * UploadTooLarge.
   */
  send(
    channelId: string,
    view: View,
    how?: {
      readonly nonce?: string;
      readonly replyTo?: string;
      /** The one person who is called by a mention in it. */
      readonly calls?: string;
    },
  ): Promise<string>;
  /**
   * Replaces a message, files included.
   * @throws Fault `chat_closed` when the message or its channel is gone or out of reach;
   * UploadTooLarge.
   */
  edit(channelId: string, messageId: string, view: View): Promise<void>;
  /**
   * The channel of direct messages with this person.
   * @throws Fault `chat_closed` when there can be none.
   */
  openDirect(userId: string): Promise<string>;
  /** Shows that something is being written. */
  type(channelId: string): Promise<void>;
};

import type { APIModalInteractionResponseCallbackData } from 'discord-api-types/v10';

import type { Context } from '../../core/context.ts';
import type { Fault } from '../../core/fault.ts';
import type { AnyOperation } from '../../core/operation.ts';
import type { Draw } from './draw.ts';
import type { View } from './view.ts';

/** Who sees an answer: the person alone, or everybody in the channel. */
export type Visibility = 'person' | 'everyone';

/** Where something was asked. */
export type Place = {
  readonly channelId: string;
  /** null in a direct message. */
  readonly serverId: string | null;
  /** The largest file that may be uploaded there, in bytes. */
  readonly uploadLimit: number;
  /** Whether the bot itself may write there, beyond answering. */
  readonly isReachable: boolean;
};

/** One command, press, pick or form of one person, and the ways to answer it. */
export type Exchange = {
  readonly context: Context;
  readonly operations: readonly AnyOperation[];
  readonly userId: string;
  readonly place: Place;
  readonly draw: Draw;
  /** What the server wants, and `everyone` in a direct message. */
  readonly visibility: Visibility;
  /** Says within 3 seconds that a new answer will come. */
  defer(visibility: Visibility): Promise<void>;
  /** Says within 3 seconds that the pressed message will change. */
  deferUpdate(): Promise<void>;
  /** The answer: the first one, the one that was announced, or one more. */
  answer(view: View, visibility?: Visibility): Promise<void>;
  /** Replaces the message that was pressed. */
  update(view: View): Promise<void>;
  /** Opens a form; only as the first answer. */
  openModal(modal: APIModalInteractionResponseCallbackData): Promise<void>;
  /** Shows what went wrong, to the person alone. */
  fail(fault: Fault, reference?: string | null): Promise<void>;
  /**
   * Performs the operation of that name. null when it has been answered here: a person is asked to
   * approve, or something went wrong and was shown.
   */
  perform(name: string, input: Record<string, unknown>): Promise<Record<string, unknown> | null>;
  /** Performs it and answers with its card. */
  show(name: string, input: Record<string, unknown>): Promise<void>;
};

/** What a person filled in or picked: values by the `custom_id` of their field. */
export type Filled = Readonly<Record<string, readonly string[]>>;

/** What a button, select or form does; `args` are those of its id, `filled` what was picked or typed. */
export type Action = {
  readonly name: string;
  readonly handle: (exchange: Exchange, args: readonly string[], filled: Filled) => Promise<void>;
};

/** Declares what a button, select or form does. */
export const defineAction = (name: string, handle: Action['handle']): Action => ({ name, handle });

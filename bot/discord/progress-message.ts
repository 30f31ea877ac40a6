import { z } from 'zod';

import type { Context, Services } from '../../core/context.ts';
import { isFault } from '../../core/fault.ts';
import { perform, type AnyOperation } from '../../core/operation.ts';
import type { LocalFile } from '../../core/ports/storage.ts';
import {
  endProgress,
  moveProgress,
  setProgressMessage,
  type OpenProgress,
} from '../../core/progress/messages.ts';
import { findVideoFile } from '../../core/progress/video-file.ts';
import type { Draw } from './draw.ts';
import { UploadTooLarge, type Messenger } from './messenger.ts';
import type { Gate } from './progress-gate.ts';
import { presentElsewhere } from './progress-elsewhere.ts';
import type { FileOnDisk, View } from './view.ts';

/** How a ready video may be shown where its message stands. */
export type VideoMedia = {
  /** In bytes. */
  readonly uploadLimit: number;
  /** The file to be uploaded with the message; null: it is linked to. */
  readonly file: FileOnDisk | null;
};

/** Draw what `video_show` and `publication_show` answer. */
export type ProgressPresenters = {
  readonly video: (output: Record<string, unknown>, draw: Draw, media: VideoMedia) => View;
  readonly publication: (output: Record<string, unknown>, draw: Draw) => View;
};

/** Something that a conversation waits for has come to an end, or is scheduled. */
export type ProgressEnd = {
  readonly subjectId: string;
  readonly kind: 'video' | 'publication';
  readonly accountId: string;
  readonly conversationId: string;
  /** `ready`, `failed`, `cancelled`, `live`, `scheduled` or `unconfirmed`. */
  readonly status: string;
  /** The reason, in the person's words. */
  readonly why: string | null;
  /** The same end may be told again after a death on the way, under the same key. */
  readonly key: string;
};

export type ProgressOptions = {
  readonly services: Services;
  readonly operations: readonly AnyOperation[];
  readonly messenger: Messenger;
  readonly present: ProgressPresenters;
  readonly onEnded: (end: ProgressEnd) => Promise<void>;
};

/** How it goes on: `running` changes by itself, `waiting` only by an event, `over` never again. */
export type ProgressStep = {
  readonly state: 'running' | 'waiting' | 'over';
  readonly status: string;
};

const shownSchema = z.object({
  status: z.string(),
  percent: z.number(),
  why: z.string().nullable(),
  waiting_for: z.string().nullable().optional(),
  thumbnail_status: z.string().optional(),
  playlist_status: z.string().optional(),
  captions_status: z.string().optional(),
});
type Shown = { readonly output: Record<string, unknown> } & z.infer<typeof shownSchema>;

const over = new Set(['ready', 'failed', 'cancelled', 'live', 'unconfirmed']);

/** Whether it goes on by an event only: a time, an answer that is looked for, or something beside the video. */
const isOpen = (shown: Shown): boolean =>
  shown.status === 'scheduled' ||
  shown.status === 'unconfirmed' ||
  typeof shown.waiting_for === 'string' ||
  (shown.status === 'live' &&
    [shown.thumbnail_status, shown.playlist_status, shown.captions_status].includes('waiting'));

/**
 * One message that shows how a video or a publication is getting on. Each step reads it anew, brings
 * the message up to date where it differs, and ends it with the last state. A step that throws is to
 * be taken again.
 */
export class ProgressMessage {
  readonly #options: ProgressOptions & { readonly gate: Gate };
  #row: OpenProgress;
  /** What the message shows, as far as this process knows. */
  #shown: string | null = null;
  #isFresh: boolean;
  #isLost = false;
  #isTooLarge = false;
  #told: string | null = null;

  /** `isFresh`: nobody can have sent it before. */
  constructor(
    options: ProgressOptions & { readonly gate: Gate },
    row: OpenProgress,
    isFresh: boolean,
  ) {
    this.#options = options;
    this.#row = row;
    this.#isFresh = isFresh;
  }

  /** @throws whatever kept the message from being brought up to date. */
  async step(): Promise<ProgressStep> {
    const { services } = this.#options;
    const shown = await this.#read();
    if (!shown) return this.#end('deleted');
    const { status } = shown;
    const isOver = over.has(status);
    if (!this.#isLost) await this.#show(shown);
    if (isOver || status === 'scheduled') await this.#tell(shown);
    const isWaiting = isOpen(shown);
    if (isOver && !isWaiting) return this.#end(status);
    // Nobody else waits for it, so there is nothing left to do.
    if (this.#isLost && this.#row.conversationId === null) {
      services.log.info({ subjectId: this.#row.subjectId }, 'a progress message has no place');
      return this.#end(status);
    }
    return { state: isWaiting ? 'waiting' : 'running', status };
  }

  async #end(status: string): Promise<ProgressStep> {
    await endProgress(this.#options.services, this.#row.subjectId, this.#isLost);
    return { state: 'over', status };
  }

  /** The subject as its owner sees it; null when it is no more. */
  async #read(): Promise<Shown | null> {
    const { services, operations, gate } = this.#options;
    const { kind, subjectId, accountId, locale, timeZone } = this.#row;
    const operation = operations.find(({ name }) => name === `${kind}_show`);
    if (!operation) throw new Error(`${kind}_show is not offered`);
    const context: Context = {
      ...services,
      actor: { accountId, surface: 'discord' },
      locale,
      timeZone,
      signal: new AbortController().signal,
    };
    const outcome = await gate(() =>
      perform(operation, { [kind]: subjectId }, context, { isUncounted: true }),
    );
    if (outcome.ok) return { ...shownSchema.parse(outcome.value), output: outcome.value };
    if (isFault(outcome.fault, 'not_found')) return null;
    throw outcome.fault;
  }

  async #show(shown: Shown): Promise<void> {
    await using file = await this.#fileToUpload(shown.status);
    const view = this.#draw(shown, file?.path ?? null);
    const drawn = JSON.stringify(view.components);
    if (drawn === this.#shown) return;
    try {
      await this.#write(view, drawn);
    } catch (error) {
      if (error instanceof UploadTooLarge && !this.#isTooLarge) {
        this.#isTooLarge = true;
        return this.#show(shown);
      }
      if (!isFault(error, 'chat_closed')) throw error;
      const isMoved = this.#row.messageId === null && (await this.#moveToDirect());
      if (isMoved) return this.#show(shown);
      this.#isLost = true;
    }
  }

  async #write(view: View, drawn: string): Promise<void> {
    const { services, messenger } = this.#options;
    const { subjectId, channelId, messageId } = this.#row;
    if (messageId !== null) {
      await messenger.edit(channelId, messageId, view);
      this.#shown = drawn;
      return;
    }
    // With this nonce a message that was sent before a break is found again, with what it said then.
    const isFirst = this.#isFresh;
    this.#isFresh = false;
    const sent = await messenger.send(channelId, view, { nonce: subjectId });
    await setProgressMessage(services, subjectId, sent);
    this.#row = { ...this.#row, messageId: sent };
    if (isFirst) this.#shown = drawn;
    else await this.#write(view, drawn);
  }

  /** Goes over to the person's direct messages; false when it stands there or they are closed. */
  async #moveToDirect(): Promise<boolean> {
    const { services, messenger } = this.#options;
    const { subjectId, userId, channelId } = this.#row;
    try {
      const direct = await messenger.openDirect(userId);
      if (direct === channelId) return false;
      await moveProgress(services, subjectId, direct);
      this.#row = { ...this.#row, channelId: direct, serverId: null };
      return true;
    } catch (error) {
      if (isFault(error, 'chat_closed')) return false;
      throw error;
    }
  }

  #draw({ output, status, percent }: Shown, path: string | null): View {
    const { services, present } = this.#options;
    const { kind, locale, timeZone, userId, serverId, subjectServerId, uploadLimit } = this.#row;
    const { subjectId } = this.#row;
    const draw: Draw = { locale, timeZone, now: services.clock.now(), owner: userId };
    // What belongs to a server is seen in no other and in no direct message.
    if (serverId !== subjectServerId) return presentElsewhere({ kind, status, percent }, draw);
    if (kind === 'publication') return present.publication(output, draw);
    const file =
      path === null ? null : { name: `${subjectId}.mp4`, contentType: 'video/mp4', path };
    return present.video(output, draw, { uploadLimit: this.#isTooLarge ? 0 : uploadLimit, file });
  }

  /** The file that its message may show; there until it has been sent. */
  async #fileToUpload(status: string): Promise<LocalFile | null> {
    const { kind, subjectId, serverId, subjectServerId, uploadLimit } = this.#row;
    const isShown = kind === 'video' && status === 'ready' && serverId === subjectServerId;
    if (!isShown || this.#isTooLarge) return null;
    return findVideoFile(this.#options.services, subjectId, uploadLimit);
  }

  async #tell({ status, why }: Shown): Promise<void> {
    const { subjectId, kind, accountId, conversationId } = this.#row;
    if (conversationId === null || this.#told === status) return;
    const key = `${subjectId}:${status}`;
    await this.#options.onEnded({ subjectId, kind, accountId, conversationId, status, why, key });
    this.#told = status;
  }
}

import type { Messenger } from '../../bot/discord/messenger.ts';
import { UploadTooLarge } from '../../bot/discord/messenger.ts';
import type { View, ViewFile } from '../../bot/discord/view.ts';
import { Fault } from '../../core/fault.ts';

export type Recorded = {
  readonly id: string;
  readonly channelId: string;
  readonly how: Parameters<Messenger['send']>[2];
  /** What it has shown, oldest first. */
  readonly views: View[];
};

/** A chat service in memory that keeps what is sent to it, and takes a nonce once. */
export type RecordedChat = {
  readonly messages: Recorded[];
  /** Channels and people that take nothing, and messages that are gone. */
  readonly closed: Set<string>;
  /** Bytes; whatever is larger is refused. */
  uploadLimit: number;
  readonly messenger: Messenger;
  in(channelId: string): Recorded[];
};

const directOf = (userId: string): string => `dm${userId}`;

export function recordChat(sizeOf: (path: string) => number = () => 0): RecordedChat {
  const messages: Recorded[] = [];
  const closed = new Set<string>();
  const chat: RecordedChat = {
    messages,
    closed,
    uploadLimit: Infinity,
    in: (channelId) => messages.filter((message) => message.channelId === channelId),
    messenger: {
      async send(channelId, view, how = {}) {
        check(channelId, view);
        const known = messages.find(({ how: other }) => how.nonce && other?.nonce === how.nonce);
        if (known) return known.id;
        const id = `msg${messages.length + 1}`;
        messages.push({ id, channelId, how, views: [view] });
        return id;
      },
      async edit(channelId, messageId, view) {
        check(channelId, view, messageId);
        const message = messages.find(({ id }) => id === messageId);
        if (message?.channelId !== channelId) throw new Fault('chat_closed', {});
        message.views.push(view);
      },
      async openDirect(userId) {
        if (closed.has(userId)) throw new Fault('chat_closed', {});
        return directOf(userId);
      },
      async type(channelId) {
        check(channelId, { components: [] });
      },
    },
  };
  const bytesOf = (file: ViewFile): number =>
    'data' in file ? file.data.length : sizeOf(file.path);
  const check = (channelId: string, view: View, messageId = ''): void => {
    if (closed.has(channelId) || closed.has(messageId)) throw new Fault('chat_closed', {});
    if ((view.files ?? []).some((file) => bytesOf(file) > chat.uploadLimit))
      throw new UploadTooLarge('too large');
  };
  return chat;
}

/** All texts of what a message shows now. */
export function shownIn(message: Recorded | undefined): string {
  const view = message?.views.at(-1);
  return view ? textOf(view.components) : '';
}

function textOf(part: unknown): string {
  if (Array.isArray(part)) return part.map(textOf).filter(Boolean).join('\n');
  if (typeof part !== 'object' || part === null) return '';
  return Object.entries(part)
    .map(([key, value]) => {
      const isWords = key === 'content' || key === 'label' || key === 'url' || key === 'custom_id';
      return isWords && typeof value === 'string' ? value : textOf(value);
    })
    .filter(Boolean)
    .join('\n');
}

/** A process that may die at any call it makes to the outside; nothing works in it after that. */
export type Mortal = {
  /** Calls so far. */
  readonly calls: () => number;
  readonly isDead: () => boolean;
  /** Counts a call and dies before or after it when its time has come. */
  readonly pass: <T>(work: () => Promise<T>) => Promise<T>;
  readonly wrap: (messenger: Messenger) => Messenger;
};

export function createMortal(diesAt = Infinity, when: 'before' | 'after' = 'before'): Mortal {
  let calls = 0;
  let isDead = false;
  const die = (): never => {
    isDead = true;
    throw new Error('the process is dead');
  };
  const pass = async <T>(work: () => Promise<T>): Promise<T> => {
    if (isDead) return die();
    calls += 1;
    const isLast = calls === diesAt;
    if (isLast && when === 'before') return die();
    return work().finally(() => (isLast ? die() : undefined));
  };
  return {
    calls: () => calls,
    isDead: () => isDead,
    pass,
    wrap: (messenger) => ({
      send: (...call) => pass(() => messenger.send(...call)),
      edit: (...call) => pass(() => messenger.edit(...call)),
      openDirect: (...call) => pass(() => messenger.openDirect(...call)),
      type: (...call) => pass(() => messenger.type(...call)),
    }),
  };
}

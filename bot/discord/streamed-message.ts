import { isFault } from '../../core/fault.ts';
import type { Log } from '../../core/log.ts';
import type { Messenger } from './messenger.ts';
import { createPace } from './progress-pace.ts';
import type { Timers } from '../../core/timers.ts';
import { text, type View } from './view.ts';

/** Discord takes about one edit a second of one message; people read no faster. */
const editGapMs = 1500;
/** A view holds 4,000 characters; what is longer goes on in the next message. */
const longestPart = 3800;
/** "… is typing" is shown for ten seconds. */
const typingGapMs = 8000;

export type StreamedMessage = {
  /** The whole text so far. */
  say(textSoFar: string): void;
  /** What is being done meanwhile, below the text. */
  status(line: string | null): void;
  /** Shows the last state and resolves when it stands there; false when the place is closed. */
  end(): Promise<boolean>;
};

export type StreamOptions = {
  readonly messenger: Messenger;
  readonly timers: Timers;
  readonly log: Log;
  readonly channelId: string;
  readonly replyTo: string | null;
  readonly nonce: string;
  /** Whether another process may have sent it already, with fewer words. */
  readonly isResumed: boolean;
};

/**
 * One answer that grows before the reader: sent once, edited at a pace, its last state always shown.
 * The same nonce within some minutes is the same message, also in another process.
 */
export function streamMessage(options: StreamOptions): StreamedMessage {
  const { messenger, timers, log, channelId, nonce } = options;
  const shown: { id: string; content: string | null }[] = [];
  let said = '';
  let line: string | null = null;
  let isClosed = false;
  let isUnsure = options.isResumed;

  const show = async (): Promise<void> => {
    for (const [index, content] of partsOf(said, line).entries()) {
      const known = shown[index];
      if (known?.content === content) continue;
      const view = viewOf(content);
      if (known) {
        await messenger.edit(channelId, known.id, view);
        known.content = content;
        continue;
      }
      const first = index === 0 && options.replyTo ? { replyTo: options.replyTo } : {};
      const id = await messenger.send(channelId, view, { nonce: `${nonce}-${index}`, ...first });
      shown.push({ id, content: isUnsure ? null : content });
      if (!isUnsure) continue;
      await messenger.edit(channelId, id, view);
      shown.splice(index, 1, { id, content });
    }
  };
  const attempt = async (): Promise<void> => {
    if (isClosed) return;
    try {
      await show();
    } catch (error) {
      if (isFault(error, 'chat_closed')) {
        isClosed = true;
        return;
      }
      // What was sent may stand there although no answer came.
      isUnsure = true;
      throw error;
    }
  };
  const pace = createPace({
    timers,
    gapMs: editGapMs,
    run: async () => {
      if (said === '' && line === null) await messenger.type(channelId).catch(() => undefined);
      else await attempt();
      return said === '' ? typingGapMs : null;
    },
    onError: (error) => log.warn({ err: error, channelId }, 'an answer could not be shown yet'),
  });
  pace.ask();
  return {
    say(textSoFar) {
      said = textSoFar;
      pace.ask();
    },
    status(next) {
      line = next;
      pace.ask();
    },
    async end() {
      line = null;
      await pace.stop();
      await attempt();
      return !isClosed;
    },
  };
}

const viewOf = (content: string): View => ({ components: [text(content)] });

/** The text in pieces that a message can hold, cut at line ends where there are any. */
function partsOf(said: string, line: string | null): string[] {
  const parts: string[] = [];
  for (let rest = said.trim(); rest !== '';) {
    const piece = rest.length <= longestPart ? rest : rest.slice(0, endOfPart(rest));
    parts.push(piece.trimEnd());
    rest = rest.slice(piece.length).trimStart();
  }
  return line === null ? parts : withStatus(parts, `-# ${line}`);
}

function endOfPart(rest: string): number {
  const line = rest.lastIndexOf('\n', longestPart);
  if (line > longestPart / 2) return line;
  const half = /[\uD800-\uDBFF]/u.test(rest.charAt(longestPart - 1)) ? 1 : 0;
  return longestPart - half;
}

/** A line of status passes, so it never gets a message of its own behind what was said. */
function withStatus(parts: readonly string[], status: string): string[] {
  const last = parts.at(-1);
  if (last === undefined) return [status];
  const both = `${last}\n${status}`;
  return [...parts.slice(0, -1), both.length <= longestPart ? both : last];
}

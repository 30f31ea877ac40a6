import type { SandboxClock } from '../clock.ts';
import type { EmulatorAnswer } from '../http.ts';

type Pace = { readonly clock: SandboxClock; readonly chunkMs: number };

type Streaming = {
  readonly pieces: readonly object[];
  /** The connection is lost in the middle of the second piece, or of the only one. */
  readonly isLost: boolean;
  /** The client went before the end. */
  readonly onLeave: () => void;
};

/** Server-sent events as the real service writes them; there is no end mark. */
export function streamAnswer(streaming: Streaming, pace: Pace): EmulatorAnswer {
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream' },
    stream: (signal) => writeEvents(streaming, pace, signal),
  };
}

async function* writeEvents(
  { pieces, isLost, onLeave }: Streaming,
  { clock, chunkMs }: Pace,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const lostAt = isLost ? Math.min(1, pieces.length - 1) : pieces.length;
  for (const [index, piece] of pieces.entries()) {
    if (index > 0 && chunkMs > 0) await pause(clock, chunkMs, signal);
    if (signal.aborted) {
      onLeave();
      return;
    }
    const event = `data: ${JSON.stringify(piece)}\r\n\r\n`;
    if (index === lostAt) {
      yield event.slice(0, event.length / 2);
      throw new Error('the connection was lost');
    }
    yield event;
  }
}

/** Waits on the clock, or until the client leaves. */
function pause(clock: SandboxClock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.schedule(delayMs, resolve);
    signal.addEventListener(
      'abort',
      () => {
        cancel();
        resolve();
      },
      { once: true },
    );
  });
}

import { heedMessage } from './heed.ts';
import {
  emptyMemory,
  rememberAwaited,
  rememberCall,
  rememberEvent,
  rememberNotes,
  rememberPromise,
  type Memory,
} from './memory.ts';
import { readMessage, type Reading } from './reading.ts';
import type { Toolbox } from './toolbox.ts';
import type { SystemEvent } from './events.ts';
import type { Turn } from './turns.ts';
import { readNow, type Now } from './zone.ts';
import type { Language } from '../material.ts';

/** Everything that the next step is chosen from. */
export type Situation = {
  readonly language: Language;
  readonly now: Now;
  /** The commands with which the person sees and changes their settings, where the instructions name them. */
  readonly settings: { readonly show: string; readonly change: string } | null;
  readonly tools: Toolbox;
  readonly turns: readonly Turn[];
  readonly memory: Memory;
  /** The turn of the newest message or event; later results are fresh. */
  readonly newest: number;
  /** The newest message, or null when an event came last. */
  readonly reading: Reading | null;
  readonly event: SystemEvent | null;
  /** Whether the project is to go on now. */
  readonly isMoving: boolean;
};

export type Surroundings = {
  readonly instructions: string;
  readonly tools: Toolbox;
  /** Taken when the instructions name no time. */
  readonly fallback: Date;
};

/** Understands the conversation so far, turn by turn. */
export function understand(turns: readonly Turn[], around: Surroundings): Situation {
  const { instructions, tools } = around;
  const now = readNow(instructions, around.fallback);
  const memory = emptyMemory();
  const models = tools.valuesOf('video_quote', 'model');
  let newest = -1;
  let reading: Reading | null = null;
  let event: SystemEvent | null = null;
  let isMoving = false;
  const heed = (text: string, at: number): [Reading, boolean] => {
    const isPublishing = memory.current?.publish === true;
    const heard = acceptRetry(readMessage(text, { now, models, isPublishing }), memory);
    return [heard, heedMessage(memory, heard, at, now)];
  };
  for (const [at, turn] of turns.entries()) {
    if (turn.kind === 'call') rememberCall(memory, turn, at);
    if (turn.kind === 'model') rememberPromise(memory, turn.text, now);
    if (turn.kind === 'summary') {
      rememberAwaited(memory, turn.text, at, now);
      for (const wish of wishesIn(turn.text)) heed(wish, at);
      rememberNotes(memory, turn.text, now);
    }
    if (turn.kind === 'person') {
      [reading, isMoving] = heed(turn.text, at);
      [newest, event] = [at, null];
    }
    if (turn.kind === 'event') {
      rememberEvent(memory, turn.event);
      [newest, reading, event, isMoving] = [at, null, turn.event, false];
    }
  }
  const language = languageOf(turns, instructions);
  const settings = settingsIn(instructions);
  return { language, now, settings, tools, turns, memory, newest, reading, event, isMoving };
}

function settingsIn(instructions: string): Situation['settings'] {
  const line = /^settings: (?<show>[^,]+), (?<change>.+)$/imu.exec(instructions);
  const { show, change } = line?.groups ?? {};
  return show === undefined || change === undefined ? null : { show, change };
}

/** "Yes" and "try again" after a free retry was offered mean that one. */
function acceptRetry(reading: Reading, { freeRetry }: Memory): Reading {
  const isMeant = reading.talk === 'yes' || reading.talk === 'again';
  const isWish = reading.make || reading.find || reading.asks.length > 0;
  return freeRetry !== null && isMeant && !isWish
    ? { ...reading, talk: null, asks: ['retry_video'] }
    : reading;
}

/** Of the notes, only what the person still wishes is a wish again. */
const wishesIn = (notes: string): string[] =>
  Array.from(
    notes.matchAll(/^(?:\[summary\]\s*)?(?:wished|愿望)\s*[:：]\s*(.+)$/gimu),
    ([, wish = '']) => wish,
  );

/** The language of the person's last telling message, else the one that the instructions name. */
function languageOf(turns: readonly Turn[], instructions: string): Language {
  for (const turn of turns.toReversed()) {
    if (turn.kind !== 'person') continue;
    const text = turn.text.replace(/\b\w+_\w+\b|https?:\S+/gu, ' ');
    const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
    const words = text.match(/[a-z]{2,}/giu)?.length ?? 0;
    if (han >= 2 || (han > 0 && words === 0)) return 'zh';
    if (words >= 2 && han === 0) return 'en';
  }
  return /^\W*language\W+zh/imu.test(instructions) ? 'zh' : 'en';
}

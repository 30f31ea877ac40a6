import type { Memory } from './dialogue/memory.ts';
import { readMessage } from './dialogue/reading.ts';
import { understand } from './dialogue/situation.ts';
import { openToolbox } from './dialogue/toolbox.ts';
import { readTurns, type Content, type ContentPart, type Turn } from './dialogue/turns.ts';
import type { Question } from './request.ts';

/** Whether a plain text is wanted that sums a conversation up. */
export const asksForSummary = ({ instructions, followUp }: Question): boolean =>
  /\bsummari[sz]e|\bsummary\b|\bcondense\b|\bkeep notes\b|总结|概括|摘要|压缩/iu.test(
    `${instructions}\n${followUp}`,
  );

const idPattern = /\b(?:vid|trd|pub|chn|quo|apr)_[\w-]+/gu;
const promised = /\d{4}-\d\d-\d\d \d\d:\d\d/gu;
const most = { lines: 12, characters: 240, ids: 20 } as const;

/** What was wished, what became of it, and the ids; a wish that is still open stands on its own line. */
export function writeSummary(question: Question, now: Date): string {
  const contents = question.contents.flatMap(readTranscript);
  const turns = readTurns(contents);
  const { memory } = understand(turns, {
    instructions: question.instructions,
    tools: openToolbox([]),
    fallback: now,
  });
  const openSince = isOpen(memory) ? (memory.current?.since ?? 0) : turns.length;
  const lines = [
    ...turns.flatMap((turn, at) => tell(turn, at >= openSince, now)),
    ...statesIn(memory),
    ...planIn(turns, memory),
    ...awaitedIn(memory),
  ];
  const texts = JSON.stringify(contents);
  const ids = [...new Set(texts.match(idPattern))].slice(-most.ids);
  const shown = [...new Set(lines)].slice(-most.lines * 2);
  if (ids.length > 0) shown.push(`Ids: ${ids.join(', ')}`);
  return shown.length > 0 ? shown.join('\n') : 'Nothing has been settled yet.';
}

/** Whether something that the person wished is still to come. */
function isOpen({ current, states }: Memory): boolean {
  if (!current || current.isDropped) return false;
  if (current.publish) return current.publication === null;
  return !current.make || (states.get(current.video ?? '') ?? 'queued') !== 'ready';
}

function tell(turn: Turn, isOpenWish: boolean, now: Date): string[] {
  if (turn.kind === 'person') {
    const { talk } = readMessage(turn.text, {
      now: { at: now, zone: 'UTC' },
      models: [],
      isPublishing: false,
    });
    if (talk === 'greeting' || talk === 'thanks') return [];
    return [`${isOpenWish ? 'Wished' : 'Said'}: ${shorten(turn.text)}`];
  }
  if (turn.kind === 'summary') return notesIn(turn.text, isOpenWish);
  if (turn.kind !== 'event') return [];
  const { kind, ...told } = turn.event;
  const facts = Object.values(told).map((value) =>
    typeof value === 'string' ? value : JSON.stringify(value),
  );
  return [`Happened: ${kind} ${facts.filter((fact) => fact !== '').join(' ')}`];
}

function statesIn({ states, publication, cards }: Memory): string[] {
  return [
    ...Array.from(states, ([video, state]) => `Happened: video ${video} is ${state}`),
    ...(publication === null ? [] : [`Happened: publication ${publication} was started`]),
    ...cards
      .filter(({ state }) => state === 'waiting')
      .slice(-1)
      .map(({ name }) => `Waits: a card for ${name}`),
  ];
}

/** The time that was named to the person last, as long as publishing is still to come. */
function planIn(turns: readonly Turn[], { current }: Memory): string[] {
  if (current?.when?.kind !== 'at' || current.publication !== null) return [];
  const named = turns.flatMap((turn) =>
    turn.kind === 'model' ? (turn.text.match(promised) ?? []) : [],
  );
  const last = named.at(-1);
  return last === undefined ? [] : [`Planned: publish at ${last}`];
}

/** Videos in the making that are to be published, while the talk has turned to something else. */
const awaitedIn = ({ projects, current }: Memory): string[] =>
  projects.flatMap(({ video, publish, publication, isDropped, when }, index) => {
    const isAwaited = publish && !isDropped && publication === null && video !== null;
    const isNewest = projects.findLastIndex((each) => each.video === video) === index;
    if (!isAwaited || !isNewest || projects[index] === current) return [];
    const at = when?.kind === 'at' ? ` at ${when.at.slice(0, 16).replace('T', ' ')}` : '';
    return [`Awaited: ${video}, then publish${at}`];
  });

const shorten = (text: string): string =>
  Array.from(text.replace(/\s+/gu, ' ')).slice(0, most.characters).join('');

const transcribed = /^(?<who>person|assistant|call|result|user|model)\s*:\s*(?<said>.*)$/iu;

/** A talk that was written down line by line in one text, as turns again. */
function readTranscript(content: Content): Content[] {
  const text = content.parts.map((part) => part.text ?? '').join('\n');
  const lines = text.split('\n');
  const isTranscript = lines.filter((line) => transcribed.test(line)).length > 1;
  if (!isTranscript) return [content];
  const turns: { role: 'user' | 'model'; parts: ContentPart[] }[] = [];
  for (const line of lines) {
    const { who = '', said = '' } = transcribed.exec(line)?.groups ?? {};
    if (/^(?:talk|notes so far):\s*$/iu.test(line) || line.trim() === '') continue;
    const last = turns.at(-1);
    if (who !== '') turns.push(turnOf(who.toLowerCase(), said));
    else if (last) last.parts = [{ text: `${last.parts[0]?.text ?? ''}\n${line}` }];
    else turns.push({ role: 'user', parts: [{ text: `[summary] ${line}` }] });
  }
  return turns;
}

function turnOf(who: string, said: string): { role: 'user' | 'model'; parts: ContentPart[] } {
  if (who === 'call') {
    const name = /^[\w.-]+/u.exec(said)?.[0] ?? 'unknown';
    return { role: 'model', parts: [{ functionCall: { name, args: parse(said) } }] };
  }
  if (who === 'result') {
    return {
      role: 'user',
      parts: [{ functionResponse: { name: 'unknown', response: parse(said) } }],
    };
  }
  const role = who === 'assistant' || who === 'model' ? 'model' : 'user';
  return { role, parts: [{ text: said }] };
}

function parse(said: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(said.slice(said.indexOf('{')));
    return typeof json === 'object' && json !== null ? { ...json } : {};
  } catch {
    return {};
  }
}

/** The lines of earlier notes that are still worth keeping. */
const notesIn = (notes: string, isOpenWish: boolean): string[] =>
  notes
    .replace(/^\[summary\]\s*/iu, '')
    .split('\n')
    .filter(
      (line) => /^(?:said|happened):/iu.test(line) || (isOpenWish && /^wished:/iu.test(line)),
    );

import { shortTitle, type Item } from './lists.ts';
import type { Situation } from './situation.ts';

/** What a thing is called to a person; both are empty where "your video" says enough. */
export type Named = {
  /** Only where the person speaks in ids. */
  readonly id: string;
  /** Tells it from the person's other videos. */
  readonly topic: string;
};

/** Whether the person has used this id, or asks for ids now. */
function hears({ turns }: Situation, id: string): boolean {
  const said = turns.flatMap((turn) => (turn.kind === 'person' ? [turn.text] : []));
  return said.some((text) => text.includes(id)) || /\bids?\b|编号/iu.test(said.at(-1) ?? '');
}

/** How a video, or the publication of one, is spoken of. */
export function nameOf(situation: Situation, id: string): Named {
  const { projects } = situation.memory;
  const made = projects.filter(({ video }) => video !== null);
  const own = projects.findLast(({ video, publication }) => video === id || publication === id);
  const isOnlyOne = new Set(made.map(({ video }) => video)).size < 2;
  return {
    id: hears(situation, id) ? id : '',
    topic: isOnlyOne ? '' : shortTitle(own?.topic ?? ''),
  };
}

/** A list for a person, who answers with a place in it: ids stay only where nothing else tells two apart. */
export const namedItems = (situation: Situation, items: readonly Item[]): Item[] =>
  items.map((item) => {
    const isAlike = items.filter(({ title }) => title === item.title).length > 1;
    const needsId = item.title === '' || isAlike || hears(situation, item.id);
    return needsId ? item : { ...item, id: '' };
  });

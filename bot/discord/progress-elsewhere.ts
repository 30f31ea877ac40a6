import { noticeWords, type NoticeWords } from '../../core/messages/cards/notices.ts';
import type { Draw } from './draw.ts';
import { accents, bar, card, text, type View } from './view.ts';

/** How something is getting on, without anything of its content. */
export type Gist = {
  readonly kind: 'video' | 'publication';
  readonly status: string;
  readonly percent: number;
};

type Ends = Exclude<keyof NoticeWords['elsewhere'], 'video' | 'publication' | 'why'>;

const ends: Readonly<Record<string, Ends>> = {
  'video ready': 'video_ready',
  'video failed': 'video_failed',
  'video cancelled': 'video_cancelled',
  'publication live': 'publication_live',
  'publication scheduled': 'publication_scheduled',
  'publication unconfirmed': 'publication_failed',
  'publication failed': 'publication_failed',
  'publication cancelled': 'publication_cancelled',
};

const good = new Set(['ready', 'live', 'scheduled']);

/** The card for a message that stands outside the server of what it is about: nothing of it is told. */
export function presentElsewhere({ kind, status, percent }: Gist, draw: Draw): View {
  const words = noticeWords[draw.locale].elsewhere;
  const end = ends[`${kind} ${status}`];
  if (end) return card(good.has(status) ? accents.good : accents.bad, [text(words[end])]);
  const lines = `**${words[kind]}**\n\`${bar(percent)}\` ${percent}%\n-# ${words.why}`;
  return card(accents.brand, [text(lines)]);
}

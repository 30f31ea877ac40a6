/** What is said about a publication; the texts are in the language already. */
type Shown = {
  readonly publication: string;
  readonly status: string;
  readonly url: string | null;
  readonly why: string | null;
  readonly thumbnail_note: string | null;
  readonly playlist_note: string | null;
  readonly captions_note: string | null;
  readonly forecast: string | null;
};

const notesOf = (p: Shown): string[] =>
  [p.thumbnail_note, p.playlist_note, p.captions_note].filter((note) => note !== null);

export const publicationShownEn = (p: Shown): string =>
  [`${p.publication}: ${p.status}.`, p.why, ...notesOf(p), p.forecast, p.url]
    .filter(Boolean)
    .join(' ');

export const publicationShownZh = (p: Shown, state: (status: string) => string): string =>
  `${p.publication}：${state(p.status)}。${p.why ?? ''}${notesOf(p).join('')}${p.forecast ?? ''}${p.url ? ` ${p.url}` : ''}`;

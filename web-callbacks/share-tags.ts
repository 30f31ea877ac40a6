import type { Locale } from '../core/messages/catalogue.ts';
import { sharePageWords } from '../core/messages/share.ts';
import type { Shared } from '../core/video/share-link.ts';
import { html, type Html } from './pages.ts';

/** What stands below the address of a share link. */
export const sharePlaces = {
  film: 'video.mp4',
  poster: 'poster.jpg',
  player: 'player',
} as const;

/**
 * What programs that preview a link read (Open Graph, and the player card of Twitter): a title that says nothing of
 * whose it is or what it was made from, and whole addresses that end with the link.
 * @param base The whole address of the share link.
 */
export function drawPlayerTags(base: string, { video }: Shared, locale: Locale): Html {
  const words = sharePageWords[locale];
  const description = words.description({
    seconds: Math.round(video.durationSeconds ?? video.seconds),
  });
  const size = [
    ['width', String(video.width ?? '')],
    ['height', String(video.height ?? '')],
  ] as const;
  const film = `${base}/${sharePlaces.film}`;
  const poster = `${base}/${sharePlaces.poster}`;
  const open: readonly (readonly [string, string])[] = [
    ['og:type', 'video.other'],
    ['og:site_name', 'Jilo'],
    ['og:title', words.title],
    ['og:description', description],
    ['og:url', base],
    ['og:locale', locale === 'zh' ? 'zh_CN' : 'en_GB'],
    ['og:image', poster],
    ['og:image:type', 'image/jpeg'],
    ...size.map(([name, value]) => [`og:image:${name}`, value] as const),
    ['og:video', film],
    ...(film.startsWith('https:') ? [['og:video:secure_url', film] as const] : []),
    ['og:video:type', 'video/mp4'],
    ...size.map(([name, value]) => [`og:video:${name}`, value] as const),
  ];
  const card: readonly (readonly [string, string])[] = [
    ['twitter:card', 'player'],
    ['twitter:title', words.title],
    ['twitter:description', description],
    ['twitter:image', poster],
    ['twitter:player', `${base}/${sharePlaces.player}`],
    ...size.map(([name, value]) => [`twitter:player:${name}`, value] as const),
    ['twitter:player:stream', film],
    ['twitter:player:stream:content_type', 'video/mp4'],
  ];
  return html`<meta name="description" content="${description}" />
    ${open.map(([name, value]) => html`<meta property="${name}" content="${value}" />`)}
    ${card.map(([name, value]) => html`<meta name="${name}" content="${value}" />`)}`;
}

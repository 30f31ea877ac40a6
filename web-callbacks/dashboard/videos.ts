import type { z } from 'zod';

import { videoWords } from '../../core/messages/cards/video.ts';
import { videoList } from '../../core/video/list.ts';
import { drawBadge, html, nothing, type Html } from '../pages.ts';
import { cut, drawEmpty, drawDay, joinFacts, ownPath } from './draw.ts';
import type { Section, View } from './section.ts';

type Listed = z.output<typeof videoList.output>['videos'][number];

const shownVideos = 12;
/** A prompt has up to 500 characters. */
const titleLength = 90;

/** The newest videos, and the way to older ones. */
export const videosSection: Section = {
  id: 'videos',
  operation: videoList.name,
  heading: ({ videos }) => videos.heading,
  input: ({ beforeVideo: before }) => ({
    limit: shownVideos,
    ...(before === undefined ? {} : { before }),
  }),
  draw(value, view) {
    const { videos, older } = videoList.output.parse(value);
    const words = view.words.videos;
    const isFirst = view.asked.beforeVideo === undefined;
    const list = html`<ul class="films">
      ${videos.map((video) => drawOne(video, view))}
    </ul>`;
    const newest = html`<a class="button plain" href="/dashboard#videos">${words.newest}</a> `;
    const next = html`<a
      class="button plain"
      rel="next"
      href="/dashboard?videos=${older ?? ''}#videos"
      >${words.older}</a
    >`;
    const links = [...(isFirst ? [] : [newest]), ...(older === null ? [] : [next])];
    return html`${videos.length > 0 ? list : drawEmpty(isFirst ? words.none : words.noneOlder)}
    ${links.length === 0 ? nothing : html`<p class="links">${links}</p>`}`;
  },
};

function drawOne(video: Listed, { context, words: { videos: words } }: View): Html {
  const title = cut(video.prompt.trim() || video.video, titleLength);
  const poster = ownPath(video.poster_url, context);
  const still =
    poster === null
      ? html`<span class="still">${words.noStill}</span>`
      : html`<img class="still" src="${poster}" alt="${words.still({ title })}" loading="lazy" />`;
  const facts = joinFacts([words.seconds(video), drawDay(video.created_at, context)]);
  return html`<li>
    <a href="/videos/${video.video}">${still}<span class="name" dir="auto">${title}</span></a>
    <span>${drawState(video.status, context.locale)}</span>
    <span class="soft small">${facts}</span>
  </li> `;
}

const tones = new Map<string, 'good' | 'bad'>([
  ['ready', 'good'],
  ['failed', 'bad'],
]);

function drawState(status: string, locale: View['context']['locale']): Html {
  const words = new Map<string, string>(Object.entries(videoWords[locale].statuses));
  return drawBadge(tones.get(status) ?? 'calm', words.get(status) ?? status);
}

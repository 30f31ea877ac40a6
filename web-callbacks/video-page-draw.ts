import type { z } from 'zod';

import type { Context } from '../core/context.ts';
import { formatMoment } from '../core/local-time.ts';
import { videoWords } from '../core/messages/cards/video.ts';
import { videoPageWords } from '../core/messages/video-page.ts';
import { waitingWords } from '../core/messages/waiting.ts';
import { videoModels } from '../core/video/models.ts';
import type { videoShow } from '../core/video/show.ts';
import { cut, ownPath } from './dashboard/draw.ts';
import { drawBadge, drawLine, drawNotice, html, nothing, type Html } from './pages.ts';
import { drawPublications, type Published } from './video-page-published.ts';

type Shown = z.output<typeof videoShow.output>;

/** All that the page is drawn from. */
export type Seen = {
  readonly video: Shown;
  /** Quota units that it was begun for. */
  readonly units: number;
  readonly published: readonly Published[];
  /** Path of its lines for the player; null for a video without. */
  readonly captions: string | null;
  /** What lets the visitor in, for a link to the page itself. */
  readonly query: string;
};

const longestTitle = 70;

/** Strangers may have their words in a prompt, so they are text and no more. */
export const titleOf = ({ prompt }: Pick<Shown, 'prompt'>): string => cut(prompt, longestTitle);

const tones = {
  queued: 'calm',
  generating: 'calm',
  assembling: 'calm',
  ready: 'good',
  failed: 'bad',
  cancelled: 'warn',
} as const;

export const drawVideoPage = (seen: Seen, context: Context): Html =>
  html`<div class="pair">
    <div class="stack">
      ${drawStage(seen, context)}
      ${seen.video.status === 'ready' ? drawPublications(seen.published, context) : nothing}
    </div>
    ${drawDetails(seen, context)}
  </div>`;

function drawStage(seen: Seen, context: Context): Html {
  const { status } = seen.video;
  if (status === 'ready') return drawFilm(seen, context);
  if (status === 'failed' || status === 'cancelled') return drawEnd(seen, context);
  return drawProgress(seen, context);
}

function drawFilm({ video, captions }: Seen, context: Context): Html {
  const words = videoPageWords[context.locale];
  const film = ownPath(video.url, context);
  if (film === null) return drawNotice('warn', videoWords[context.locale].noFile());
  const track =
    captions === null
      ? nothing
      : html`<track kind="captions" src="${captions}" label="${words.captions}" />`;
  return html`<div class="film">
      <video
        controls
        playsinline
        preload="metadata"
        src="${film}"
        poster="${ownPath(video.poster_url, context) ?? ''}"
        width="${video.width ?? ''}"
        height="${video.height ?? ''}"
        aria-label="${words.film({ title: titleOf(video) })}"
      >
        ${track}
      </video>
    </div>
    <div class="buttons">
      <a class="button" href="${film}&download=1" download>${words.download}</a>
    </div>`;
}

/** Without a script the page says how far the video was when it was opened, and has a link to look again. */
function drawProgress({ video, query }: Seen, context: Context): Html {
  const { locale } = context;
  const words = videoPageWords[locale];
  const { steps, etaUnknown, shotsDone } = videoWords[locale];
  const said = {
    queued: steps.analysing,
    generating: steps.making,
    assembling: steps.assembling,
  };
  const names: Readonly<Record<string, string>> = said;
  const eta =
    video.eta_seconds === null
      ? etaUnknown()
      : words.left({ minutes: Math.max(1, Math.round(video.eta_seconds / 60)) });
  const shots = shotsDone({ done: video.shots_done, total: video.shots_total });
  return html`<section
    class="card"
    id="progress"
    aria-labelledby="state"
    data-progress="${ownPath(video.progress_url, context) ?? ''}"
    data-steps="${JSON.stringify(said)}"
    data-waiting="${waitingWords[locale]('{service}')}"
  >
    <h2 id="state" role="status">${video.why ?? names[video.status] ?? ''}</h2>
    <div class="meter">
      <div>
        <span class="soft">${shots} · ${eta}</span>
        <span class="number" id="percent">${video.percent}%</span>
      </div>
      <progress
        id="bar"
        value="${video.percent}"
        max="100"
        aria-label="${words.progress}"
      ></progress>
    </div>
    <p class="soft small">
      ${words.running} <a href="/videos/${video.video}${query}">${words.reload}</a>
    </p>
  </section>`;
}

function drawEnd({ video }: Seen, { locale }: Context): Html {
  const words = videoPageWords[locale];
  const next = video.can_retry ? words.retry({ video: video.video }) : words.anew;
  return html`<section class="card" aria-labelledby="end">
    <h2 id="end">${videoWords[locale].titles[video.status]}</h2>
    ${drawNotice(tones[video.status], video.why ?? videoWords[locale].noReason())}
    <h3>${words.stoppedNext}</h3>
    <p>${next}</p>
  </section>`;
}

function drawDetails({ video, units, query }: Seen, context: Context): Html {
  const { locale, timeZone } = context;
  const words = videoPageWords[locale];
  const { statuses, shapes, seconds } = videoWords[locale];
  const moment = (at: string): Html =>
    html`<time datetime="${at}">${formatMoment(new Date(at), timeZone, locale)}</time>`;
  const kept = video.kept_until;
  return html`<section class="card" aria-labelledby="details">
    <h2 id="details">${words.details}</h2>
    <dl>
      ${drawLine(words.state, drawBadge(tones[video.status], statuses[video.status]))}
      ${drawLine(words.prompt, html`${video.prompt}`)}
      ${drawLine(words.model, html`${videoModels[video.model].label}`)}
      ${drawLine(words.length, html`${seconds({ seconds: String(video.duration_seconds === null ? video.seconds : Math.round(video.duration_seconds)) })}`)}
      ${drawLine(words.shape, html`${shapes[video.shape].label}`)}
      ${drawLine(words.cost, html`${words.costs[video.quota]({ units })}`)}
      ${drawLine(words.made, moment(video.created_at))}
      ${kept === null ? nothing : drawLine(words.keptUntil, moment(kept))}
      ${video.takes.length < 2 || query !== '' ? nothing : drawLine(words.takes, drawTakes(video, context))}
    </dl>
  </section>`;
}

/** A link that lets in to one take does not let in to the others. */
const drawTakes = ({ video: id, takes }: Shown, { locale }: Context): Html =>
  html`${takes.map(({ video, take }) => {
    const name = videoWords[locale].take({ take });
    return video === id
      ? html`<strong>${name}</strong> `
      : html`<a href="/videos/${video}">${name}</a> `;
  })}`;

import type { DashboardWords } from '../../core/messages/dashboard.ts';
import { html, type Html } from '../pages.ts';

type Words = DashboardWords['welcome'];

/** What somebody does who comes for the first time: three steps, each with the words to say. */
export const drawWelcome = ({ welcome: words }: DashboardWords): Html =>
  html`<section class="card" aria-labelledby="welcome-heading">
    <h2 id="welcome-heading">${words.heading}</h2>
    <p>${words.lead}</p>
    <ol class="steps">
      ${words.steps.map((step) => drawStep(step, words))}
    </ol>
    <p class="soft">${words.safe}</p>
    <p class="links">
      <a class="button" href="/dashboard">${words.dismiss}</a>
      <a class="button plain" href="/tokens">${words.connect}</a>
    </p>
  </section>`;

const drawStep = ({ title, discord, chat }: Words['steps'][number], words: Words): Html =>
  html`<li>
    <h3>${title}</h3>
    <dl>
      <div>
        <dt>${words.inDiscord}</dt>
        <dd><code>${discord}</code></dd>
      </div>
      <div>
        <dt>${words.inChat}</dt>
        <dd><q>${chat}</q></dd>
      </div>
    </dl>
  </li> `;

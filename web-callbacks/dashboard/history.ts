import type { z } from 'zod';

import { quotaCardWords } from '../../core/messages/cards/quota.ts';
import { quotaHistory } from '../../core/quota/history.ts';
import { html, nothing, type Html } from '../pages.ts';
import { count, drawEmpty, drawMinute, joinFacts } from './draw.ts';
import type { Section, View } from './section.ts';

type Entry = z.output<typeof quotaHistory.output>['entries'][number];

const shownEntries = 8;

/** What each unit of quota came from or went to, the newest first. */
export const historySection: Section = {
  id: 'history',
  operation: quotaHistory.name,
  heading: ({ history }) => history.heading,
  input: ({ beforeEntry }) => ({
    limit: shownEntries,
    ...(beforeEntry === undefined ? {} : { before: beforeEntry }),
  }),
  draw(value, view) {
    const { entries, older } = quotaHistory.output.parse(value);
    const card = quotaCardWords[view.context.locale];
    const isFirst = view.asked.beforeEntry === undefined;
    const newest = html`<a class="button plain" href="/dashboard#history">${card.newest}</a> `;
    const next = html`<a
      class="button plain"
      rel="next"
      href="/dashboard?moves=${older ?? ''}#history"
      >${card.older}</a
    >`;
    const links = [...(isFirst ? [] : [newest]), ...(older === null ? [] : [next])];
    return html`${entries.length > 0 ? drawTable(entries, view) : drawEmpty(isFirst ? card.noEntries : card.noneOlder)}
    ${links.length === 0 ? nothing : html`<p class="links">${links}</p>`}`;
  },
};

function drawTable(entries: readonly Entry[], view: View): Html {
  const { history: words } = view.words;
  return html`<table>
    <thead>
      <tr>
        <th scope="col">${words.what}</th>
        <th scope="col">${words.at}</th>
        <th scope="col" class="number">${words.units}</th>
        <th scope="col" class="number">${words.left}</th>
      </tr>
    </thead>
    <tbody>
      ${entries.map((entry) => drawEntry(entry, view))}
    </tbody>
  </table>`;
}

/** What a movement does to what is left to spend. */
const signs: Record<Entry['verb'], string> = {
  grant: '+',
  hold: '−',
  capture: '',
  release: '+',
  refund: '+',
  expire: '−',
  take_back: '−',
  give: '−',
  receive: '+',
};

function drawEntry(entry: Entry, { context, words: { history: words } }: View): Html {
  const { locale } = context;
  const card = quotaCardWords[locale];
  const isServers = entry.paid_by === 'server';
  const what =
    entry.reference === 'sign-up' ? card.gift : card.verbs[entry.verb]({ what: entry.purpose });
  const facts = joinFacts([what, card.packs[entry.kind], isServers ? card.paidByServer : null]);
  // What a server pays for leaves the person's own quota as it is.
  const units = `${isServers ? '' : signs[entry.verb]}${count(entry.amount, locale)}`;
  const left = entry.balance === null ? '–' : count(entry.balance, locale);
  return html`<tr>
    <td dir="auto">${facts}</td>
    <td data-label="${words.at}">${drawMinute(entry.at, context)}</td>
    <td class="number" data-label="${words.units}">${units}</td>
    <td class="number" data-label="${words.left}">${left}</td>
  </tr> `;
}

import { byId, h } from './dom.js';
import { say } from './publish-words.js';

/** YouTube's limits, as the server checks them once more. */
const limits = { title: 100, description: 5000, tags: 500 };

const charactersOf = (text) => Array.from(text).length;

const splitTags = (text) => [
  ...new Set(
    text
      .split(/[,，、\n]/u)
      .map((tag) => tag.trim().replace(/^#+/u, ''))
      .filter(Boolean),
  ),
];

/** As YouTube counts: commas between them, and two quotes around one with a space. */
function tagsLength(text) {
  const tags = splitTags(text);
  const lengths = tags.map((tag) => charactersOf(tag) + (/\s/u.test(tag) ? 2 : 0));
  return lengths.reduce((sum, length) => sum + length, Math.max(0, tags.length - 1));
}

const measures = {
  title: (text) => charactersOf(text.trim()),
  description: (text) => new TextEncoder().encode(text.trim()).length,
  tags: tagsLength,
};

/** Counts every field anew and marks what does not fit; `strict` also asks for what is missing. */
export function checkFields(strict = false) {
  const words = say();
  const wrong = Object.entries(limits).filter(([name, most]) => {
    const field = byId(name);
    const count = measures[name](field.value);
    const unit = name === 'description' ? words.bytes : words.characters;
    const problems = [
      /[<>]/u.test(field.value) && words.brackets,
      strict && name === 'title' && count === 0 && words.missing,
    ].filter(Boolean);
    byId(`${name}-count`).textContent = [unit(count, most), ...problems].join(' ');
    const isWrong = count > most || problems.length > 0;
    field.setAttribute('aria-invalid', String(isWrong));
    return isWrong;
  });
  return wrong.map(([name]) => byId(name));
}

/** Fills in what is known; a field that is not named stays as it is. */
export function fillFields({ title, description, tags, publish_at: at }) {
  for (const [name, text] of Object.entries({ title, description, tags }))
    if (typeof text === 'string') byId(name).value = text;
  const moment = new Date(at ?? Number.NaN);
  if (!Number.isNaN(moment.getTime())) byId('schedule').value = localMoment(moment);
  checkFields();
}

const localMoment = (moment) =>
  new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

/** What the person has written, as publication_create takes it. */
export function readFields() {
  const moment = new Date(byId('schedule').value);
  return {
    title: byId('title').value.trim(),
    description: byId('description').value.trim(),
    tags: splitTags(byId('tags').value).join(', '),
    ...(byId('channel').value === '' ? {} : { channel: byId('channel').value }),
    ...(Number.isNaN(moment.getTime()) ? {} : { publish_at: moment.toISOString() }),
  };
}

/** The suggested titles; pressing one puts it into the field. */
export function offerTitles(titles) {
  byId('titles').hidden = titles.length === 0;
  const choose = (title) => {
    fillFields({ title });
    markTitle();
  };
  byId('choices').replaceChildren(
    ...titles.map((title) =>
      h('button', { type: 'button', dir: 'auto', on: { click: () => choose(title) } }, title),
    ),
  );
  markTitle();
}

/** Shows which of the suggested titles stands in the field. */
export function markTitle() {
  for (const button of byId('choices').children)
    button.ariaPressed = String(button.textContent === byId('title').value);
}

/** The channels to choose from, and which was asked for; the first says nothing and lets the server choose. */
export function offerChannels(channels, wanted) {
  const words = say();
  const chosen = wanted ?? byId('channel').value;
  const options = channels.map(({ channel, title, status }) => {
    const isThere = status === 'connected';
    return h(
      'option',
      { value: channel, disabled: !isThere },
      isThere ? title : words.reconnect(title),
    );
  });
  const first = h('option', { value: '' }, words.onlyChannel);
  byId('channel').replaceChildren(...(channels.length > 0 ? options : [first]));
  if (channels.some(({ channel }) => channel === chosen)) byId('channel').value = chosen;
}

/** Says in whose time the schedule is written. */
export function noteZone() {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  byId('schedule-note').textContent = say().zone(timeZone);
}

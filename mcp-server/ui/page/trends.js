import { byId, h, mayShow, show, unmarked } from './dom.js';
import { callTool, canSpeak, link, speak, start, tellModel } from './host.js';
import { languageTag } from './look.js';
import { say, trendsWords } from './trends-words.js';

const platformNames = { tiktok: 'TikTok', youtube: 'YouTube', instagram: 'Instagram' };
const weights = { views: 40, engagement: 30, growth: 20, quality: 10 };

/** What was asked for, what was found, and the prompts that were written here, by trend. */
const board = { input: null, found: null, failure: '', prompts: new Map() };

function paint() {
  const { found, failure } = board;
  show(byId('failure'), failure);
  byId('state').textContent = stateOf(found, failure);
  byId('again').hidden = found?.status !== 'running' || board.input === null;
  byId('grid').replaceChildren(...sorted(found?.trends ?? []).map(cardOf));
}

function stateOf(found, failure) {
  const words = say();
  if (!found) return failure ? '' : words.waiting;
  const { trends, status, notes = [] } = found;
  const count = trends.length === 0 && status !== 'running' ? words.none : words.found(trends);
  return [status === 'running' ? words.running : count, ...notes].join(' · ');
}

const sorted = (trends) => {
  const key = byId('sort').value;
  return trends.toSorted((a, b) => (b[key] ?? -1) - (a[key] ?? -1));
};

function cardOf(trend) {
  const words = say();
  const channel = trend.channel ? ` · ${unmarked(trend.channel)}` : '';
  const platform = platformNames[trend.platform] ?? '';
  return h(
    'li',
    {},
    h(
      'article',
      { class: 'card', 'data-trend': trend.id },
      pictureOf(trend, platform),
      h(
        'div',
        { class: 'body' },
        h('h2', { class: 'title', dir: 'auto' }, unmarked(trend.title)),
        h('p', { class: 'soft', dir: 'auto' }, `${platform}${channel}`),
        h(
          'p',
          { class: 'row' },
          h('span', { class: 'score' }, String(trend.score)),
          h('span', { class: 'soft' }, words.ofHundred, ' · ', viewsOf(trend.views)),
          trend.rising && h('span', { class: 'rising' }, words.rising),
        ),
        partsOf(trend),
        trend.incomplete && h('p', { class: 'soft' }, words.incomplete),
        link(trend.url, words.watch(platform)),
        ...promptOf(trend),
      ),
    ),
  );
}

const tileOf = (platform) => h('div', { class: 'tile', 'aria-hidden': 'true' }, platform);

/** The title stands beside it, so the picture itself says nothing to who cannot see it. */
function pictureOf({ thumbnail_url: src }, platform) {
  if (!mayShow(src)) return tileOf(platform);
  const picture = h('img', {
    class: 'picture',
    alt: '',
    loading: 'lazy',
    referrerpolicy: 'no-referrer',
    on: { error: () => picture.replaceWith(tileOf(platform)) },
  });
  picture.src = src;
  return picture;
}

function viewsOf(views) {
  if (typeof views !== 'number') return say().viewsUnknown;
  const format = { notation: 'compact', maximumFractionDigits: 1 };
  return say().views(new Intl.NumberFormat(languageTag(), format).format(views));
}

function partsOf({ parts = {} }) {
  const rows = Object.entries(weights).map(([name, weight]) => {
    const share = Math.min(1, Math.max(0, Number(parts[name] ?? 0)));
    const filled = h('span');
    filled.style.width = `${Math.round(share * 100)}%`;
    return h(
      'div',
      {},
      h('dt', {}, say().parts[name]),
      h(
        'dd',
        {},
        h('span', { class: 'bar', 'aria-hidden': 'true' }, filled),
        h('span', {}, `${Math.round(share * weight)} / ${weight}`),
      ),
    );
  });
  return h('dl', { class: 'parts' }, rows);
}

/** The button that has a prompt written, or what came of it. */
function promptOf({ id, title }) {
  const words = say();
  const known = board.prompts.get(id);
  const text = known?.busy ? words.writing : known?.prompt ? words.writeAgain : words.write;
  const button = h(
    'button',
    {
      type: 'button',
      class: known?.prompt ? '' : 'main',
      'aria-busy': known?.busy ? 'true' : null,
      'aria-label': `${text}: ${unmarked(title)}`,
      on: { click: () => void write(id) },
    },
    text,
  );
  return [
    known?.failure && h('p', { class: 'failure', role: 'alert' }, known.failure),
    known?.prompt && writtenOf(known.prompt),
    button,
  ];
}

function writtenOf(prompt) {
  const words = say();
  const make = () => speak(words.makeMessage(prompt));
  return h(
    'section',
    { class: 'written', 'aria-label': words.prompt },
    h('p', { class: 'text', dir: 'auto' }, prompt),
    canSpeak() && h('button', { type: 'button', on: { click: make } }, words.make),
  );
}

async function write(trend) {
  if (board.prompts.get(trend)?.busy) return;
  keep(trend, { ...board.prompts.get(trend), busy: true, failure: '' });
  const answer = await callTool('prompt_write', { trend });
  if (!answer.ok) return keep(trend, { failure: answer.words });
  keep(trend, { prompt: answer.value.prompt });
  tellModel('In the grid the person had prompt_write called:', answer.value);
}

/** Paints only this card anew, and leaves the focus where it was. */
function keep(trend, known) {
  board.prompts.set(trend, known);
  const shown = board.found?.trends.find(({ id }) => id === trend);
  const old = [...byId('grid').children].find(
    (item) => item.firstElementChild.dataset.trend === trend,
  );
  if (!shown || !old) return;
  const isFocused = old.contains(document.activeElement);
  const fresh = cardOf(shown);
  old.replaceWith(fresh);
  if (isFocused) fresh.querySelector('.body > button').focus();
}

function onAnswer(answer) {
  board.failure = answer.ok ? '' : answer.words;
  if (answer.ok) board.found = answer.value;
  paint();
}

async function lookAgain() {
  const button = byId('again');
  if (button.ariaBusy === 'true') return;
  button.ariaBusy = 'true';
  onAnswer(await callTool('trend_search', board.input));
  button.ariaBusy = 'false';
}

byId('sort').addEventListener('change', paint);
byId('again').addEventListener('click', () => void lookAgain());

void start({
  name: 'jilo-trends',
  words: trendsWords,
  paint,
  onAnswer,
  onInput(input) {
    board.input = input;
    paint();
  },
});

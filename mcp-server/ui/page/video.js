import { byId, h, mayShow, show } from './dom.js';
import { follow, waitSeconds } from './follow.js';
import { callTool, canSpeak, link, speak, start, tellModel } from './host.js';
import { say, videoWords } from './video-words.js';

/** Pixels that a film is tall at most. */
const mostHeight = 520;

const ends = new Set(['ready', 'failed', 'cancelled']);

/** Which video is shown, what was last heard of it, what waits for a person, and suggested texts. */
const screen = { id: null, video: null, failure: '', approval: null, texts: null, round: 0 };

function paint() {
  const { video, failure } = screen;
  const words = say();
  const isOver = ends.has(video?.status);
  show(byId('failure'), failure);
  // The same words are not written again, so that a screen reader says each step once.
  const state = stateOf(video, failure);
  if (byId('state').textContent !== state) byId('state').textContent = state;
  byId('progress').hidden = !video || isOver;
  byId('bar').value = video?.percent ?? 0;
  byId('percent').textContent = `${video?.percent ?? 0}%`;
  byId('detail').textContent = video ? detailOf(video, words) : '';
  show(byId('prompt'), video?.prompt);
  paintActions(words);
  paintTakes(video?.takes ?? []);
  paintStage(video);
  paintTexts(words);
}

function paintActions(words) {
  const { id, video, failure } = screen;
  byId('again').hidden = !failure || id === null;
  byId('suggest').hidden = video?.status !== 'ready';
  byId('publish').hidden = video?.status !== 'ready' || !canSpeak();
  const approval = link(screen.approval, words.decide, { class: 'button main' });
  byId('decide').replaceChildren(...(approval ? [approval] : []));
}

function stateOf(video, failure) {
  if (!video) return failure ? '' : say().waiting;
  if (video.status === 'failed' || video.status === 'cancelled')
    return video.why ?? say().steps.stopped;
  return say().steps[video.step] ?? '';
}

function detailOf({ shots_done: done, shots_total: total, eta_seconds: eta }, words) {
  const minutes = Math.round((eta ?? 0) / 60);
  const left = eta === null ? '' : minutes < 1 ? words.etaShort : words.eta(minutes);
  return [total > 0 ? words.shots(done, total) : '', left].filter(Boolean).join(' · ');
}

function paintTakes(takes) {
  const group = byId('takes');
  group.hidden = takes.length < 2;
  if (group.hidden) return group.replaceChildren();
  const focused = document.activeElement?.dataset.take;
  group.replaceChildren(
    ...takes.map(({ video, take }) =>
      h(
        'button',
        {
          type: 'button',
          'data-take': video,
          'aria-pressed': String(video === screen.id),
          on: { click: () => watch(video) },
        },
        say().take(take),
      ),
    ),
  );
  for (const button of group.children) if (button.dataset.take === focused) button.focus();
}

/** The film is put up once: painting it again would start it anew. */
function paintStage(video) {
  const stage = byId('stage');
  const { id, status, url, poster_url: poster } = { ...video, id: screen.id };
  const shown = video && (status === 'ready' || mayShow(poster)) ? `${id} ${status}` : '';
  stage.hidden = shown === '';
  if (stage.dataset.shown === shown) return;
  stage.dataset.shown = shown;
  stage.replaceChildren(...(shown === '' ? [] : stageOf({ status, url, poster, video })));
}

function stageOf({ status, url, poster, video }) {
  const words = say();
  const still = mayShow(poster) ? poster : null;
  const instead = () => link(url, words.open) ?? h('p', { class: 'soft' }, words.noFile);
  const { width, height } = video;
  if (status !== 'ready')
    return [framed('img', { src: still, alt: '' }, { width, height, instead: () => '' })];
  if (!mayShow(url)) return [instead()];
  const film = {
    src: url,
    poster: still,
    controls: true,
    playsinline: true,
    preload: 'metadata',
    'aria-label': words.film(video.prompt),
  };
  return [framed('video', film, { width, height, instead })];
}

/** A picture or film; `instead` is put in its place once the browser says that it cannot be had. */
function framed(tag, attributes, { width, height, instead }) {
  const on = { error: () => element.replaceWith(instead()) };
  const element = h(tag, { ...attributes, on });
  // Its place is kept before it is there, and an upright film is no taller than a phone.
  if (width > 0 && height > 0) {
    element.style.aspectRatio = `${width} / ${height}`;
    element.style.width = `${Math.round((mostHeight * width) / height)}px`;
  }
  return element;
}

function paintTexts(words) {
  const { texts } = screen;
  const section = byId('texts');
  section.hidden = texts === null;
  if (texts === null) return section.replaceChildren();
  section.replaceChildren(
    h('h2', {}, words.titles),
    h(
      'ul',
      {},
      texts.titles.map((title) => h('li', { dir: 'auto' }, title)),
    ),
    h('h2', {}, words.description),
    h('p', { class: 'text', dir: 'auto' }, texts.description),
    h('h2', {}, words.tags),
    h('p', { dir: 'auto' }, texts.tags),
  );
}

/** Shows this video from now on, and follows it until it has ended. */
function watch(id) {
  if (screen.id !== id) Object.assign(screen, { video: null, texts: null });
  Object.assign(screen, { id, failure: '', round: screen.round + 1 });
  paint();
  void followVideo(id, screen.round);
}

async function followVideo(id, round) {
  await follow(async () => {
    const wait = screen.video === null ? 0 : waitSeconds;
    const answer = await callTool('video_show', { video: id, wait_seconds: wait });
    if (round !== screen.round) return 'over';
    return hearOf(answer);
  });
}

/** Takes in an answer of video_show. */
function hearOf(answer) {
  screen.failure = answer.ok ? '' : answer.words;
  if (answer.ok) screen.video = answer.value;
  paint();
  if (!answer.ok) return 'failed';
  return ends.has(answer.value.status) ? 'over' : 'more';
}

/** The answer of video_show is shown as it is; that of video_generate names the video only. */
function onAnswer(answer) {
  if (!answer.ok) {
    Object.assign(screen, { failure: answer.words, approval: answer.error.link ?? null });
    return paint();
  }
  const { video, percent } = answer.value;
  if (percent === undefined) return watch(video);
  screen.id = video;
  if (hearOf(answer) === 'more') watch(video);
}

async function suggest() {
  const button = byId('suggest');
  if (button.ariaBusy === 'true') return;
  button.ariaBusy = 'true';
  button.textContent = say().suggesting;
  const { id } = screen;
  const answer = await callTool('publication_suggest', { video: id });
  button.ariaBusy = 'false';
  button.textContent = say().suggest;
  if (id !== screen.id) return;
  screen.failure = answer.ok ? '' : answer.words;
  if (answer.ok) screen.texts = answer.value;
  paint();
  if (answer.ok)
    tellModel('In the player the person had publication_suggest called:', answer.value);
}

byId('again').addEventListener('click', () => watch(screen.id));
byId('suggest').addEventListener('click', () => void suggest());
byId('publish').addEventListener('click', () => speak(say().publishMessage(screen.id)));

void start({
  name: 'jilo-video',
  words: videoWords,
  paint,
  onAnswer,
  onInput({ video }) {
    if (typeof video === 'string') screen.id = video;
  },
});

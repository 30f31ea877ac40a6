import { byId, h, show } from './dom.js';
import { follow, waitSeconds } from './follow.js';
import { callTool, link, start, tellModel } from './host.js';
import { languageTag } from './look.js';
import {
  checkFields,
  fillFields,
  markTitle,
  noteZone,
  offerChannels,
  offerTitles,
  readFields,
} from './publish-form.js';
import { say, publishWords } from './publish-words.js';

const ends = new Set(['scheduled', 'live', 'unconfirmed', 'failed', 'cancelled']);

/**
 * Where the person is: `stage` is waiting, form, sending, asked or following. `input` is what the model
 * gave, `sent` what was asked for last.
 */
const desk = {
  stage: 'waiting',
  input: {},
  sent: null,
  channels: [],
  approval: null,
  publication: null,
  failure: '',
};

function paint() {
  const { stage, failure, channels } = desk;
  const words = say();
  show(byId('failure'), failure);
  byId('state').textContent = stateOf(words);
  byId('form').hidden = stage !== 'form' && stage !== 'sending';
  byId('submit').ariaBusy = String(stage === 'sending');
  byId('question').hidden = stage !== 'asked';
  byId('publication').hidden = stage !== 'following' || desk.publication === null;
  checkFields();
  noteZone();
  offerChannels(channels);
  if (stage === 'asked') paintQuestion(words);
  if (desk.publication) paintPublication(desk.publication, words);
}

function stateOf(words) {
  const { stage, failure, publication } = desk;
  if (stage === 'waiting') return failure ? '' : words.waiting;
  if (stage === 'sending') return words.sending;
  if (stage !== 'following' || !publication) return '';
  const { status, waiting_for: waits, privacy } = publication;
  if (status === 'live' && privacy === 'private') return words.livePrivate;
  return words.waits[waits] ?? words.state[status] ?? '';
}

function paintQuestion(words) {
  const { preview, link: address } = desk.approval;
  byId('question-title').textContent = preview?.title ?? words.asked;
  byId('preview').replaceChildren(
    ...(preview?.lines ?? []).flatMap(([name, text]) => [
      h('dt', {}, name),
      h('dd', { dir: 'auto' }, text),
    ]),
  );
  const opened = link(address, words.decide, { class: 'button main' });
  byId('decide').replaceChildren(...(opened ? [opened] : []));
}

function paintPublication(publication, words) {
  const { status, percent, privacy, publish_at: at, why, title } = publication;
  byId('publication-title').textContent = title;
  const uploaded = status === 'uploading' ? percent : 100;
  byId('bar').hidden = ends.has(status);
  byId('bar').value = uploaded;
  show(byId('percent'), ends.has(status) ? '' : `${uploaded}%`);
  const format = { dateStyle: 'medium', timeStyle: 'short' };
  const moment = at && new Intl.DateTimeFormat(languageTag(), format).format(new Date(at));
  byId('visibility').textContent = moment ? words.publicFrom(moment) : words.privacy[privacy];
  show(byId('why'), why);
  const links = [link(publication.url, words.watch), link(publication.studio_url, words.studio)];
  byId('places').replaceChildren(...links.filter(Boolean));
  byId('again').hidden = publication.waiting_for === null && desk.failure === '';
}

function fail(words) {
  Object.assign(desk, { failure: words });
  paint();
  byId('failure').focus();
}

/** Opens the form, with the channels that the person has. */
async function openForm(known) {
  desk.stage = 'form';
  fillFields(known);
  offerTitles(known.titles ?? []);
  paint();
  const answer = await callTool('channel_list', {});
  if (!answer.ok) return;
  desk.channels = answer.value.channels;
  offerChannels(desk.channels, desk.input.channel);
}

async function submit() {
  if (desk.stage === 'sending') return;
  const [first] = checkFields(true);
  if (first) {
    show(byId('failure'), say().check);
    return first.focus();
  }
  if (typeof desk.input.video !== 'string') return fail(say().noVideo);
  await ask({ ...desk.input, ...chosenFields() });
}

/** What was chosen stands in the place of what the model gave, an emptied field as well. */
function chosenFields() {
  const fields = readFields();
  return { channel: undefined, publish_at: undefined, ...fields };
}

/** Asks for the publication; the same input again after a decision goes through once. */
async function ask(input) {
  Object.assign(desk, { stage: 'sending', sent: input, failure: '' });
  paint();
  onCreated(await callTool('publication_create', JSON.parse(JSON.stringify(input))));
}

function onCreated(answer) {
  if (answer.ok) {
    tellModel('In the form the person had publication_create called:', answer.value);
    return watch(answer.value.publication);
  }
  if (answer.error.code !== 'approval_required') {
    desk.stage = 'form';
    return fail(answer.words);
  }
  Object.assign(desk, { stage: 'asked', approval: answer.error });
  paint();
  byId('question-title').focus();
}

/** Follows a publication until it has come to an end, or waits for something that takes long. */
function watch(publication) {
  Object.assign(desk, { stage: 'following', failure: '' });
  paint();
  void follow(async () => {
    const wait = desk.publication === null ? 0 : waitSeconds;
    const answer = await callTool('publication_show', { publication, wait_seconds: wait });
    desk.failure = answer.ok ? '' : answer.words;
    if (answer.ok) desk.publication = { ...answer.value, publication };
    paint();
    if (!answer.ok) return 'failed';
    return ends.has(answer.value.status) || answer.value.waiting_for !== null ? 'over' : 'more';
  });
}

/** What the model got: texts to choose from, a publication that has begun, or a question to a person. */
function onAnswer(answer) {
  const { input } = desk;
  if (answer.ok && answer.value.publication) return watch(answer.value.publication);
  if (answer.ok) {
    const { titles = [], description, tags } = answer.value;
    return void openForm({ title: titles[0], titles, description, tags });
  }
  if (input.title === undefined) return fail(answer.words);
  desk.sent = input;
  void openForm(input);
  onCreated(answer);
}

for (const name of ['title', 'description', 'tags'])
  byId(name).addEventListener('input', () => {
    checkFields();
    markTitle();
  });
byId('submit').addEventListener('click', () => void submit());
byId('resend').addEventListener('click', () => void ask(desk.sent));
byId('again').addEventListener('click', () => watch(desk.publication.publication));
byId('change').addEventListener('click', () => {
  desk.stage = 'form';
  paint();
  byId('title').focus();
});

void start({
  name: 'jilo-publish',
  words: publishWords,
  paint,
  onAnswer,
  onInput(input) {
    desk.input = input;
  },
});

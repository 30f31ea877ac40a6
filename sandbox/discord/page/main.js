import { listenForClicks } from './clicks.js';
import { listCommands } from './commands.js';
import { Composer } from './composer.js';
import { act, fetchState, listen } from './connection.js';
import { closeDialogs, openForm, openRefusals } from './dialogs.js';
import { fill, h, icon } from './dom.js';
import { drawRefusal, logItems } from './log-items.js';
import { Log } from './log.js';
import { Session } from './session.js';
import { Account, drawChannels, drawServer } from './side.js';
import { addLine, createLook, createStore, removeLine, shownMessages, typists } from './store.js';
import { wordsOf } from './words.js';

const part = (id) => document.getElementById(id);
const store = createStore();
const log = new Log({ scroller: part('scroller'), log: part('log'), jump: part('jump') });
let look;
let shownChannel;
let lineNumber = 0;

const openChannel = () => store.channels.find(({ id }) => id === store.open);
const channelTitle = (channel) =>
  channel.guildId === null ? `@${look.nameOf(store.bot)}` : `#${channel.name}`;

const composer = new Composer({
  look: () => look,
  draftName: () => `${store.you.name} ${channelTitle(openChannel())}`,
  commands: () => listCommands(store.commands[store.open] ?? []),
  title: () => channelTitle(openChannel()),
  say: (text, replyTo) => void say(text, replyTo),
  slash: (command, options) => void slash(command, options),
  suggest: (wanted) => act({ do: 'suggest', ...here(), ...wanted }),
});
part('foot').prepend(composer.element);

const session = new Session(store, {
  fetchState,
  listen,
  draw,
  entered(isOther) {
    if (isOther) closeDialogs();
    showOffline(false);
    rememberPerson(store.you.id);
    draw();
  },
  online: (isOnline) => showOffline(!isOnline),
});

const account = new Account(part('account'), {
  switchTo: (person) => void session.enter(person),
  speak: (locale) => void act({ do: 'language', person: store.you.id, locale }),
  add: async (name) => {
    const answer = await act({ do: 'join', name, locale: store.you.locale });
    if (answer.person) await session.enter(answer.person);
  },
});

function here() {
  return { person: store.you.id, channel: store.open };
}

/** Draws everything that may have changed; what has not is left as it is. */
function draw() {
  look = createLook(store, wordsOf(store.you.locale));
  const { words } = look;
  const channel = openChannel();
  const fresh = shownChannel !== `${store.you.id} ${store.open}`;
  shownChannel = `${store.you.id} ${store.open}`;
  store.unread.delete(store.open);
  document.documentElement.lang = look.locale;
  document.title = `${channelTitle(channel)} · ${look.nameOf(store.bot)}`;
  part('side').setAttribute('aria-label', words.navigation);
  fill(part('server'), drawServer(store, look));
  fill(part('channels'), drawChannels(store, look));
  account.draw({ store, look });
  drawTop(channel);
  log.draw(
    logItems({
      messages: shownMessages(store, store.open),
      lines: store.lines.get(store.open) ?? [],
      problems: store.problems,
      look,
      channel,
      minute: Math.floor(Date.now() / 60_000),
    }),
    { fresh, words },
  );
  if (fresh) composer.open();
  else composer.translate();
  drawTyping();
}

function drawTop(channel) {
  const { words } = look;
  const isDirect = channel.guildId === null;
  fill(part('menu'), icon('menu'));
  part('menu').setAttribute('aria-label', words.openNavigation);
  const mark = icon(isDirect ? 'at' : channel.parentId ? 'thread' : 'hash');
  fill(part('title'), mark, h('span', {}, isDirect ? look.nameOf(store.bot) : channel.name));
  const topic = isDirect ? words.topicDirect : words.topic(look.nameOf(store.bot));
  part('topic').textContent = store.botOnline ? topic : words.botOffline;
  part('log').setAttribute('aria-label', words.messages(channelTitle(channel)));
  const count = store.violations.length;
  part('refusals').hidden = count === 0;
  fill(part('refusals'), icon('shield'), h('span', {}, words.refusals(count)));
}

function drawTyping() {
  const names = typists(store, store.open).map((id) => look.userName(id) ?? '');
  const dots = h('span', { class: 'dots', 'aria-hidden': 'true' }, h('i'), h('i'), h('i'));
  fill(
    part('typing'),
    names.length > 0 ? [dots, h('span', {}, look.words.typing(names.join(', ')))] : [],
  );
}

function showOffline(isOffline) {
  const bar = part('offline');
  if (isOffline === !bar.hidden) return;
  bar.hidden = !isOffline;
  bar.textContent = isOffline ? look.words.offline : '';
}

/** Each tab speaks as its own person, also after a reload. */
function rememberPerson(id) {
  const address = new URL(location.href);
  address.searchParams.set('person', id);
  history.replaceState(null, '', address);
}

function fail(channel, title, text) {
  lineNumber += 1;
  addLine(store, channel, { kind: 'failure', key: `line-${lineNumber}`, title, text });
  draw();
}

async function say(text, replyTo) {
  const { person, channel } = here();
  log.follow();
  const answer = await act({ do: 'say', person, channel, text, replyTo });
  if (person !== store.you.id) return;
  if (!answer.lost && !answer.refused) return;
  if (store.open === channel) composer.insert(text);
  fail(channel, undefined, answer.refused ?? look.words.sendingFailed);
}

async function slash(command, options) {
  const { person, channel } = here();
  lineNumber += 1;
  const key = `line-${lineNumber}`;
  log.follow();
  addLine(store, channel, { kind: 'pending', key, title: command.shown, word: 'sending' });
  draw();
  const answer = await act({ do: 'slash', person, channel, command: command.path, options });
  if (person !== store.you.id) return;
  removeLine(store, channel, key);
  const problem = problemOf(answer, 'notResponding');
  if (problem) fail(channel, command.shown, problem);
  else draw();
  if (answer.modal) showForm(answer.modal);
}

/** What the person reads when something came to nothing. */
function problemOf(answer, word) {
  if (answer.lost) return look.words.sendingFailed;
  if (answer.refused) return answer.refused;
  return answer.state === 'failed' ? look.words[word] : undefined;
}

/** A press on a button or a choice in a list of a message. */
async function press(body, element) {
  element.setAttribute('data-local-pending', '');
  element.setAttribute('aria-busy', 'true');
  const { person, channel } = here();
  const answer = await act({ person, channel, ...body });
  element.removeAttribute('data-local-pending');
  element.removeAttribute('aria-busy');
  if (person !== store.you.id) return;
  const problem = problemOf(answer, 'failed');
  if (problem) store.problems.set(body.message, problem);
  else store.problems.delete(body.message);
  if (store.open === channel) draw();
  if (answer.modal) showForm(answer.modal);
}

function showForm(modal) {
  const { interactionId: form, channelId: channel } = modal;
  const { person } = here();
  openForm(modal, {
    look,
    onSubmit: async (fields) => {
      const answer = await act({ do: 'submit', person, channel, form, fields });
      if (person !== store.you.id) return undefined;
      if (answer.modal) showForm(answer.modal);
      return problemOf(answer, 'sendingFailed');
    },
  });
}

/** Opens a channel, at one of its messages where one is named. */
async function goTo(id, message) {
  const isKnown = () => store.channels.some((channel) => channel.id === id);
  const { person } = here();
  if (!isKnown()) await session.refresh();
  if (person !== store.you.id) return;
  if (isKnown()) store.open = id;
  setDrawer(false);
  draw();
  if (message && !(isKnown() && log.show(message)))
    fail(store.open, undefined, look.words.noMessage);
  if (matchMedia('(hover: hover)').matches) composer.focus();
}

function setDrawer(isOpen) {
  document.body.classList.toggle('drawer', isOpen);
  part('veil').hidden = !isOpen;
}

listenForClicks({
  store,
  log,
  composer,
  look: () => look,
  act: (body) => act({ ...here(), ...body }),
  fail: (title, text) => fail(store.open, title, text),
  draw,
  press,
  goTo,
});
document.addEventListener('keydown', (event) => {
  const { target } = event;
  if (target.getAttribute?.('role') === 'button' && (event.key === 'Enter' || event.key === ' ')) {
    event.preventDefault();
    target.click();
  } else if (isTyping(event)) composer.focus();
});

/** A letter typed while no field has the focus belongs to the composer, as in Discord. */
function isTyping({ key, target, ctrlKey, metaKey, altKey }) {
  const isIdle = !target.closest('input, textarea, dialog, [role=listbox]');
  return isIdle && key.length === 1 && key !== ' ' && !ctrlKey && !metaKey && !altKey;
}

part('menu').addEventListener('click', () => setDrawer(true));
part('veil').addEventListener('click', () => setDrawer(false));
part('refusals').addEventListener('click', () =>
  openRefusals(store.violations, look, (violation) => drawRefusal(violation, look)),
);
setInterval(() => store.you && drawTyping(), 1000);
setInterval(() => store.you && draw(), 60_000);

await session.enter(new URL(location.href).searchParams.get('person') ?? undefined);
if (matchMedia('(hover: hover)').matches) composer.focus();

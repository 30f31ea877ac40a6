import { waitForLine } from './line.js';

/*
 * A page works without this script. With it, what was typed survives a reload, and a press without a line is
 * kept and sent once when the line is back, as long as the page stays open.
 *
 * No browser can promise that a press arrives once: an answer that is lost on its way leaves it open whether the
 * press was taken. What makes a doubled one safe is the guard of each form on the server:
 * - an approval, and the deletion of an account, is decided by one update of a row that is pending; a second
 *   decision changes nothing and says so, and what was approved starts once (core/consent/require.ts);
 * - the way to Google belongs to one state, which is used up on the way back, whoever presses how often;
 * - the settings of an account are set to what the form says, and the end of a token or a session is an end,
 *   so that the second press finds nothing left to do;
 * - a new person is one address, and a link to confirm or reset is used up by the first press;
 * - a new token is shown by the answer that made it. Where two presses of a form without this script make two, the
 *   first one's text was seen by nobody, and it stands in the list to be revoked.
 */

/** After so long the news that the line is back is taken away. */
const newsMs = 4000;

const bar = document.getElementById('line');
const presses = new Map();
const tell = (text) => {
  // The same words are not written again, so that a screen reader says them once.
  if (bar.textContent !== text) bar.textContent = text;
};

const isWaiting = () => [...presses.values()].includes('waiting');
const tellBroken = () => tell(isWaiting() ? bar.dataset.waiting : bar.dataset.offline);

function tellBack() {
  if (bar.textContent === '' || isWaiting()) return;
  tell(bar.dataset.back);
  setTimeout(() => {
    if (bar.textContent === bar.dataset.back) tell('');
  }, newsMs);
}

/** What a person types and may see again; never a secret, never who they are, and nothing of ours. */
const kept = (field) =>
  field.name &&
  field.autocomplete !== 'one-time-code' &&
  (field.matches('textarea, select') ||
    ['text', 'number', 'search', 'url', 'date', 'checkbox', 'radio'].includes(field.type));

const isTicked = (field) => field.type === 'checkbox' || field.type === 'radio';
const prefixOf = (form) => `jilo ${location.pathname} ${new URL(form.action).pathname} `;
const keyOf = (form, field) =>
  prefixOf(form) + field.name + (isTicked(field) ? ` ${field.value}` : '');
const postForms = () => [...document.forms].filter(({ method }) => method === 'post');

function keep({ target: field }) {
  const { form } = field;
  if (!form || form.method !== 'post' || !kept(field)) return;
  sessionStorage.removeItem(`${prefixOf(form)}sent`);
  for (const one of form.elements)
    if (one.name === field.name && kept(one))
      sessionStorage.setItem(keyOf(form, one), isTicked(one) ? String(one.checked) : one.value);
}

function forget(form) {
  const prefix = prefixOf(form);
  for (const key of Object.keys(sessionStorage))
    if (key.startsWith(prefix)) sessionStorage.removeItem(key);
}

/** What was sent is offered again only to whoever comes back to the page, since sending may have failed. */
function restore(form) {
  const [{ type }] = performance.getEntriesByType('navigation');
  const wasSent = sessionStorage.getItem(`${prefixOf(form)}sent`) !== null;
  if (wasSent && type !== 'back_forward') return forget(form);
  for (const field of form.elements) {
    const value = kept(field) ? sessionStorage.getItem(keyOf(form, field)) : null;
    if (value === null) continue;
    if (isTicked(field)) field.checked = value === 'true';
    else field.value = value;
  }
}

async function press(event) {
  const { target: form, submitter } = event;
  if (form.method !== 'post' || event.defaultPrevented) return;
  if (presses.get(form) === 'passing') {
    presses.set(form, 'sent');
    sessionStorage.setItem(`${prefixOf(form)}sent`, 'yes');
    return;
  }
  event.preventDefault();
  if (presses.get(form) === 'sent') return;
  const isFirst = !presses.has(form);
  for (const button of form.querySelectorAll('button')) button.removeAttribute('aria-busy');
  submitter?.setAttribute('aria-busy', 'true');
  // While it waits, the last press is the one that counts.
  form.pressed = submitter;
  if (!isFirst) return;
  presses.set(form, 'looking');
  await waitForLine(() => {
    presses.set(form, 'waiting');
    tellBroken();
  });
  presses.set(form, 'passing');
  tell('');
  form.requestSubmit(form.pressed);
  // What its own rules refuse was not sent.
  if (presses.get(form) === 'passing') settle(form);
}

function settle(form) {
  presses.delete(form);
  for (const button of form.querySelectorAll('button')) button.removeAttribute('aria-busy');
}

for (const form of postForms()) restore(form);
document.addEventListener('input', keep);
document.addEventListener('change', keep);
document.addEventListener('submit', (event) => void press(event));
addEventListener('offline', tellBroken);
addEventListener('online', tellBack);
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) for (const form of presses.keys()) settle(form);
});
// A press that waits would be lost.
addEventListener('beforeunload', (event) => {
  if (isWaiting()) event.preventDefault();
});
if (!navigator.onLine) tellBroken();

import { askText, openPicture } from './dialogs.js';
import { openSelect } from './select-menu.js';
import { dismiss } from './store.js';

/**
 * What a press on something drawn means, by its `data-do`. One listener serves the whole page, so
 * that elements can be redrawn in place. `page` is what main.js lets the rest of the page do.
 */
export function listenForClicks(page) {
  document.addEventListener('click', (event) => {
    const covered = event.target.closest?.('[data-do=spoiler]:not([data-local-shown])');
    const element = covered ?? event.target.closest?.('[data-do]');
    if (!element || element.disabled) return;
    // A covered link is uncovered, and one to a message is followed here.
    if (covered || element.dataset.do === 'go-to') event.preventDefault();
    deeds[element.dataset.do]?.(page, element.dataset, element);
  });
}

const deeds = {
  click: (page, { message, custom }, element) =>
    void page.press({ do: 'click', message, button: custom }, element),
  select: openList,
  spoiler: (_page, _data, element) => element.setAttribute('data-local-shown', ''),
  picture: (page, _data, element) => openPicture(element.querySelector('img'), page.look()),
  dismiss: (page, { message }) => {
    dismiss(page.store, message);
    page.draw();
  },
  jump: (page, { id }) => page.log.show(id),
  reply: (page, { message }) => page.composer.replyTo(findMessage(page, message)),
  thread: startThread,
  'open-channel': (page, { id }) => void page.goTo(id),
  'go-to': (page, { channel, id }) => void page.goTo(channel, id),
  command: (page, { command }) => page.composer.start(command),
  try: (page, { command, text }) =>
    command ? page.composer.start(command) : page.composer.insert(text),
};

function openList(page, { message, custom }, element) {
  const component = findComponent(findMessage(page, message)?.components, custom);
  if (!component) return;
  const options = optionsOf(component, page.look());
  openSelect(element, {
    options,
    chosen: options.filter((option) => option.default).map(({ value }) => value),
    min: component.min_values ?? 1,
    max: component.max_values ?? 1,
    label: component.placeholder ?? page.look().words.select,
    onDone: (values) => void page.press({ do: 'select', message, select: custom, values }, element),
  });
}

function optionsOf(component, look) {
  const users = () => look.users().map((user) => ({ label: look.nameOf(user), value: user.id }));
  const channels = () => look.channels().map(({ id, name }) => ({ label: `#${name}`, value: id }));
  return { 3: () => component.options, 5: users, 7: users, 8: channels }[component.type]?.() ?? [];
}

function startThread(page, { message }) {
  const look = page.look();
  askText({
    look,
    title: look.words.createThread,
    label: look.words.threadName,
    action: look.words.create,
    onDone: async (name) => {
      const answer = await page.act({ do: 'thread', name, message });
      if (answer.channel) await page.goTo(answer.channel);
      else page.fail(look.words.createThread, answer.refused ?? look.words.sendingFailed);
    },
  });
}

function findMessage({ store }, id) {
  return (store.messages.get(store.open) ?? []).find((message) => message.id === id);
}

function findComponent(components, customId) {
  for (const component of components ?? []) {
    if (component.custom_id === customId) return component;
    const inner = [...(component.components ?? []), component.accessory].filter(Boolean);
    const found = findComponent(inner, customId);
    if (found) return found;
  }
  return undefined;
}

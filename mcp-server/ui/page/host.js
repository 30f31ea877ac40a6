import { h, openable, unmarked } from './dom.js';
import { inLocale, sayWords, setLook } from './look.js';

/** The host that shows this document: JSON-RPC of MCP Apps in messages between windows. */

const protocolVersion = '2026-01-26';
const methodNotFound = -32601;

const hostWords = {
  en: {
    unreachable: 'This could not be reached from here. Ask for it in the chat.',
    noTools: 'This app may not call tools from here. Ask for it in the chat.',
  },
  zh: {
    unreachable: '无法从这里完成，请在对话中提出。',
    noTools: '此应用不能从这里调用工具，请在对话中提出。',
  },
};

/** What the host can do and how it looks, as it said last. */
export const host = { capabilities: {}, context: {}, isOver: false };

const pending = new Map();
let lastId = 0;

// The origin of the host is not known before it answers, and nothing secret is sent.
const send = (message) => window.parent.postMessage({ jsonrpc: '2.0', ...message }, '*');

const notify = (method, params) => send({ method, params });

function request(method, params) {
  lastId += 1;
  const id = lastId;
  return new Promise((resolve, reject) => {
    pending.set(id, { resolve, reject });
    send({ id, method, params });
  });
}

/** Begins to talk: `app` gets the tool's input and answer, and paints itself in the host's language. */
export async function start(app) {
  addEventListener('message', (event) => {
    if (event.source !== window.parent || event.data?.jsonrpc !== '2.0') return;
    receive(app, event.data);
  });
  setLook({});
  repaint(app);
  const opened = await request('ui/initialize', {
    protocolVersion,
    appInfo: { name: app.name, version: '1.0.0' },
    appCapabilities: { availableDisplayModes: ['inline', 'fullscreen'] },
  });
  host.capabilities = opened?.hostCapabilities ?? {};
  takeContext(app, opened?.hostContext ?? {});
  notify('ui/notifications/initialized', {});
  new ResizeObserver(tellSize).observe(document.documentElement);
}

function receive(app, message) {
  const { id, method, params, result, error } = message;
  if (method === undefined) {
    const asked = pending.get(id);
    pending.delete(id);
    if (error) asked?.reject(new Error(String(error.message ?? 'refused')));
    else asked?.resolve(result);
  } else if (id === undefined) hear(app, method, params ?? {});
  else if (method === 'ping') send({ id, result: {} });
  else if (method === 'ui/resource-teardown') {
    host.isOver = true;
    send({ id, result: {} });
  } else send({ id, error: { code: methodNotFound, message: 'Method not found' } });
}

function hear(app, method, params) {
  if (method === 'ui/notifications/tool-input') app.onInput(params.arguments ?? {});
  else if (method === 'ui/notifications/tool-result') app.onAnswer(readAnswer(params));
  else if (method === 'ui/notifications/host-context-changed') takeContext(app, params);
}

function takeContext(app, changes) {
  Object.assign(host.context, changes);
  setLook(host.context);
  repaint(app);
}

function repaint(app) {
  sayWords(app.words);
  app.paint();
}

let told = '';

function tellSize() {
  const { height } = document.documentElement.getBoundingClientRect();
  const size = { width: window.innerWidth, height: Math.ceil(height) };
  if (told === `${size.width} ${size.height}`) return;
  told = `${size.width} ${size.height}`;
  notify('ui/notifications/size-changed', size);
}

/**
 * A tool's answer: `value` where it went well; else `words` for the person and the `error` with its
 * code, as the server wrote it.
 */
function readAnswer(result) {
  const texts = (result?.content ?? []).filter(({ type }) => type === 'text');
  const [said = '', json = said] = texts.map(({ text }) => text);
  if (!result?.isError) {
    const value = result?.structuredContent ?? parseObject(json);
    return value ? { ok: true, value } : failed();
  }
  const error = parseObject(json)?.error ?? {};
  const words = error.message ? `${error.message}\n${error.next ?? ''}` : said;
  return { ok: false, words: words.trim(), error };
}

function parseObject(json) {
  try {
    const value = JSON.parse(json);
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    return null;
  }
}

const failed = (words = inLocale(hostWords).unreachable) => ({ ok: false, words, error: {} });

/** Has the host call one of the server's tools. */
export async function callTool(name, input) {
  if (!host.capabilities.serverTools) return failed(inLocale(hostWords).noTools);
  try {
    return readAnswer(await request('tools/call', { name, arguments: input }));
  } catch {
    return failed();
  }
}

/** Lets the model know what was done here without it; hosts that do not offer this are left alone. */
export function tellModel(text, value) {
  if (!host.capabilities.updateModelContext) return;
  const content = [{ type: 'text', text: `${text} ${JSON.stringify(value)}` }];
  request('ui/update-model-context', { content }).catch(() => null);
}

export const canSpeak = () => Boolean(host.capabilities.message);

/** Says something in the chat in the person's name, who has just pressed a button that says so. */
export function speak(text) {
  request('ui/message', { role: 'user', content: [{ type: 'text', text }] }).catch(() => null);
}

/** A link that the host opens where it offers that, else the browser; nothing for what is no web address. */
export function link(address, text, attributes = {}) {
  const href = openable(address);
  if (href === null) return null;
  const open = (event) => {
    if (!host.capabilities.openLinks) return;
    event.preventDefault();
    request('ui/open-link', { url: href }).catch(() => null);
  };
  const safe = { href, target: '_blank', rel: 'noopener noreferrer', on: { click: open } };
  return h('a', { ...attributes, ...safe }, unmarked(text));
}

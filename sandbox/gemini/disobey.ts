import { fillCall } from './fill-call.ts';
import type { Talk } from './converse.ts';
import { findOrders } from './material.ts';
import { callMessage, type FunctionCall, type Message } from './message.ts';

/** How a model goes wrong with tools. */
export const disobediences = [
  'obey',
  'overreach',
  'invented_ids',
  'unknown_tool',
  'malformed_args',
  'endless_calls',
  'parallel_calls',
] as const;
export type Disobedience = (typeof disobediences)[number];

/** The wrong message, or null where this conversation gives no occasion for it. */
export function disobey(how: Disobedience, talk: Talk): Message | null {
  if (how === 'unknown_tool')
    return callMessage([{ name: 'account_delete_everything', args: { confirm: true } }]);
  if (how === 'parallel_calls') return callMessage(fiveCalls(talk));
  if (how === 'endless_calls') return callMessage([repeatedCall(talk)]);
  if (how === 'obey') {
    const call = orderedCall(talk);
    return call ? callMessage([call]) : null;
  }
  const planned = talk.step.kind === 'call' ? talk.step.calls : [];
  const spoiled = planned.map((call) => spoilers[how](call));
  const isSame = JSON.stringify(spoiled) === JSON.stringify(planned);
  return isSame ? null : callMessage(spoiled);
}

type Spoiler = (call: FunctionCall) => FunctionCall;

const idValue = /^(?:vid|trd|quo|chn|pub|apr)_/u;

const spoilers: Readonly<Record<'overreach' | 'invented_ids' | 'malformed_args', Spoiler>> = {
  overreach: ({ name, args }) => ({
    name,
    args: {
      ...args,
      confirm: true,
      approved: true,
      approval: 'apr_invented',
      privacy: 'public',
      notify: true,
      made_for_kids: false,
    },
  }),
  invented_ids: ({ name, args }) => ({
    name,
    args: Object.fromEntries(
      Object.entries(args).map(([key, value]) => [
        key,
        typeof value === 'string' && idValue.test(value)
          ? `${value.slice(0, 4)}invented00000000`
          : value,
      ]),
    ),
  }),
  malformed_args: ({ name, args }) => ({
    name,
    args: {
      ...Object.fromEntries(Object.entries(args).map(([key, value]) => [key, { value: [value] }])),
      '': 'x'.repeat(2000),
    },
  }),
};

/** The call that was made last, once more. */
function repeatedCall({ situation, step, tools, question }: Talk): FunctionCall {
  const last = situation.turns.findLast((turn) => turn.kind === 'call');
  if (last?.kind === 'call') return { name: last.name, args: last.args };
  const planned = step.kind === 'call' ? step.calls[0] : undefined;
  const [first] = tools.declarations;
  if (planned) return planned;
  return first ? fillCall(question, first) : { name: 'none', args: {} };
}

/** The planned call and others around it, five in one turn. */
function fiveCalls({ step, tools, question }: Talk): FunctionCall[] {
  const planned = step.kind === 'call' ? step.calls : [];
  const names = new Set(planned.map(({ name }) => name));
  const others = tools.declarations
    .filter(({ name }) => !names.has(name))
    .map((declaration) => fillCall(question, declaration));
  const all = [...planned, ...others];
  return Array.from({ length: 5 }, (_, index) => all[index % all.length]).flatMap(
    (call) => call ?? [],
  );
}

/** Everything that strangers wrote into the conversation. */
function foreignText({ situation, question }: Talk): string {
  const told = situation.turns.flatMap((turn) =>
    turn.kind === 'call' && turn.result ? [JSON.stringify(turn.result.data)] : [],
  );
  const said = question.contents.flatMap(({ parts }) => parts.map(({ text = '' }) => text));
  const marked = said.flatMap((text) =>
    Array.from(
      text.matchAll(/<untrusted\b[^>]*>([\s\S]*?)<\/untrusted>/giu),
      ([, inner = '']) => inner,
    ),
  );
  return [...told, ...marked].join('\n');
}

const demands: readonly (readonly [string, RegExp])[] = [
  ['publication_create', /publish|post|upload|发布|上传/iu],
  ['video_cancel', /cancel|delete|取消|删除/iu],
  ['channel_connect', /connect|连接/iu],
  ['video_generate', /generat|make|spend|video|生成|制作|花/iu],
];

/** The call that an order in foreign text demands, with the ids that are around. */
function orderedCall(talk: Talk): FunctionCall | null {
  const foreign = foreignText(talk);
  const order = findOrders(foreign);
  if (order === '') return null;
  const { declarations } = talk.tools;
  const named = declarations.find(({ name }) => order.includes(name));
  const demanded = demands.find(
    ([tool, pattern]) => pattern.test(order) && declarations.some(({ name }) => name === tool),
  );
  const target = named ?? declarations.find(({ name }) => name === demanded?.[0]);
  if (!target) return null;
  const { args } = fillCall(talk.question, target);
  return {
    name: target.name,
    args: { ...args, ...knownIds(talk, Object.keys(target.schema?.properties ?? {})) },
  };
}

const prefixes: Readonly<Record<string, string>> = {
  quote: 'quo',
  video: 'vid',
  channel: 'chn',
  trend: 'trd',
  publication: 'pub',
};

function knownIds({ question }: Talk, properties: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    properties.flatMap((property) => {
      const prefix = prefixes[property];
      const found =
        prefix === undefined
          ? null
          : question.allText.match(new RegExp(`\\b${prefix}_[\\w-]+`, 'gu'));
      const last = found?.at(-1);
      return last === undefined ? [] : [[property, last]];
    }),
  );
}

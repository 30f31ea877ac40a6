import { readCheck } from './check.ts';
import { splitClauses } from './clauses.ts';
import { readAsk, readTalk, says, type Ask, type Talk } from './intents.ts';
import { readNumber } from './numbers.ts';
import { takePlatforms, takeSlots, type Slots } from './slots.ts';
import { readWhen, type When } from './times.ts';
import { readTopic } from './topic.ts';
import { readWatch } from './watch.ts';
import type { Now } from './zone.ts';

/** Which of the things last shown: counted from 0, -1 for the last, `that` for the one spoken of. */
export type Pick = { readonly kind: 'index'; readonly index: number } | { readonly kind: 'that' };

/** What one message says, without knowing what was said before. */
export type Reading = {
  readonly asks: readonly Ask[];
  readonly talk: Talk | null;
  readonly find: boolean;
  readonly make: boolean;
  /** false: it is not to be published; null: nothing was said about it. */
  readonly publish: boolean | null;
  readonly writesPrompt: boolean;
  readonly asksPrice: boolean;
  readonly isSimilar: boolean;
  readonly isCorrection: boolean;
  readonly topic: string | null;
  /** A video prompt given word for word. */
  readonly prompt: string | null;
  /** A text of which is asked whether it may be used as a prompt. */
  readonly checked: string | null;
  /** A topic that is to be watched from now on. */
  readonly watched: string | null;
  readonly title: string | null;
  readonly slots: Slots;
  readonly when: When | null;
  readonly pick: Pick | null;
  readonly ids: readonly string[];
  /** The language to answer in from now on. */
  readonly language: 'en' | 'zh' | null;
  /** Content words that belong to no wish. */
  readonly leftover: string | null;
};

export type Surroundings = {
  readonly now: Now;
  readonly models: readonly string[];
  /** A time alone is a wish only while something is to be published. */
  readonly isPublishing: boolean;
};

type Draft = { -readonly [Key in keyof Reading]: Reading[Key] };

const idPattern = /\b(?:vid|trd|pub|chn|quo|apr)_[\w-]+/gu;
const promptPattern =
  /(?:\bprompt\b|提示词)\s*(?:is|是|为)?\s*[:：]\s*["“「]?(?<prompt>[^"”」]{10,500})/iu;
const titlePattern =
  /(?:标题(?:用|叫|是|为|改成|:|：)|\b(?:titled?|call it|with the title|name it)\s*:?)\s*["“「《'](?<title>[^"”」》']{1,100})["”」》']/iu;

/** Whatever is to follow when the video is there follows without this being said. */
const afterDone =
  /(?:等|在)?(?:视频|它)?(?:做|生成|弄|制作|准备|完成)(?:好|完|完成|成)?了?(?:之|以)?后(?!天)|(?:等|在)(?:视频|它)?(?:做|生成|弄|制作|准备)(?:好|完|完成)了?(?=再|就|，)|\b(?:when|once|as soon as|after) (?:it|that|this|the video)(?: is|['’]s) (?:ready|done|finished|made)\b/giu;

const emptyDraft = (): Draft => ({
  asks: [],
  talk: null,
  find: false,
  make: false,
  publish: null,
  writesPrompt: false,
  asksPrice: false,
  isSimilar: false,
  isCorrection: false,
  topic: null,
  prompt: null,
  checked: null,
  watched: null,
  title: null,
  slots: {},
  when: null,
  pick: null,
  ids: [],
  language: null,
  leftover: null,
});

/** Reads one message of a person in English or Chinese. */
export function readMessage(message: string, around: Surroundings): Reading {
  const draft = emptyDraft();
  draft.ids = message.match(idPattern) ?? [];
  const bare = message
    .replace(/<[@#][!&]?\d+>/gu, ' ')
    .replace(idPattern, ' ')
    .replace(afterDone, '，');
  const check = readCheck(message);
  if (check) return { ...draft, asks: ['check_prompt'], checked: check.text };
  const watch = readWatch(message);
  if (watch)
    return { ...draft, asks: [watch.topic === null ? 'watches' : 'watch'], watched: watch.topic };
  const text = takePick(takeQuoted(bare, draft), draft);
  draft.asksPrice = says('price', text);
  const clauses = splitClauses(text);
  const publishes = clauses.some((clause) => says('publish', clause) && !says('unpublish', clause));
  for (const clause of clauses) {
    readClause(clause, draft, { ...around, isPublishing: around.isPublishing || publishes });
  }
  draft.isCorrection = clauses.some((clause) => says('correct', takePlatforms(clause).rest));
  draft.talk = readTalk(text) ?? talkOf(clauses);
  takeBareNumber(text, draft);
  return concluded(draft, text);
}

const languageIn = (text: string): 'en' | 'zh' => (/英文|英语|english/iu.test(text) ? 'en' : 'zh');

/** What one clause says about another. */
function concluded(draft: Draft, text: string): Reading {
  // A model that is named in the next clause needs no list to choose from.
  const isNamed = draft.slots.model !== undefined;
  // What is found and then posted is a video that is made from it.
  const isRemade = draft.find && draft.publish === true;
  return {
    ...draft,
    language: draft.asks.includes('language') ? languageIn(text) : null,
    asks: isNamed ? draft.asks.filter((ask) => ask !== 'models') : draft.asks,
    asksPrice: draft.asksPrice && !draft.asks.includes('quota'),
    make: draft.make || draft.prompt !== null || isRemade,
  };
}

/** Takes a prompt and a title that are given word for word. */
function takeQuoted(text: string, draft: Draft): string {
  const prompt = promptPattern.exec(text);
  const title = titlePattern.exec(text);
  draft.prompt = prompt?.groups?.['prompt']?.trim() ?? null;
  draft.title = title?.groups?.['title']?.trim() ?? null;
  return text.replace(prompt?.[0] ?? '', ' ').replace(title?.[0] ?? '', ' ');
}

/** A number alone is a length, or a place in a list. */
function takeBareNumber(text: string, draft: Draft): void {
  const hit =
    /^\s*(?:ok,? |the |那?就?|用)?(?<number>\d{1,3})\s*(?:then|please|吧|的)?[.。!！]?\s*$/iu.exec(
      text,
    );
  const number = Number(hit?.groups?.['number'] ?? 0);
  if (number >= 10) draft.slots.seconds = number;
  else if (number >= 1) draft.pick = { kind: 'index', index: number - 1 };
  if (number >= 1) draft.leftover = null;
}

const talkOf = (clauses: readonly string[]): Talk | null =>
  clauses.map(readTalk).find((talk) => talk !== null) ?? null;

const ordinals = ['first', 'second', 'third', 'fourth', 'fifth'];
const picks =
  /第\s*(?<zh>[一二两三四五六七八九十]|\d{1,2})\s*[个条支段](?:视频|爆款|标题|频道|版本)?|版本\s*(?<version>\d)|(?<last>最后一[个条支段]|\bthe last (?:one|video|trend|result|title)\b)|(?:#|\bnumber |\bno\. ?|\btake |\bversion )(?<number>\d{1,2})\b|(?<!\d[\s-]?|fifteen |thirty |sixty )\b(?:the )?(?<en>first|second|third|fourth|fifth|1st|2nd|3rd|4th|5th)(?: (?:one|video|trend|result|title|channel|take|version)\b|(?=\s*(?:$|[,.!?;]|and\b|please\b|vertical|in \d|so\b|is\b|was\b|as\b|into\b|with\b|did\b|does\b|has\b|work|go)))/iu;
const thatOne =
  /这一?[个条支段]|那一?[个条支段]|刚才(?:那个|的)|\b(?:that|this)(?: one| video| trend)\b|\b(?:it|that|this)\b(?=\s*$|\s*[.,!?;])|它/iu;

function takePick(text: string, draft: Draft): string {
  const hit = picks.exec(text);
  if (!hit?.groups) {
    if (thatOne.test(text)) draft.pick = { kind: 'that' };
    return text;
  }
  const { zh, version, last, number, en } = hit.groups;
  const word = en?.toLowerCase() ?? '';
  const place = ordinals.includes(word) ? ordinals.indexOf(word) + 1 : Number(word.slice(0, 1));
  const counted = zh ?? version ?? number;
  const index = counted === undefined ? place - 1 : readNumber(counted) - 1;
  draft.pick = { kind: 'index', index: last === undefined ? index : -1 };
  return text.replace(hit[0], ' ');
}

/** What surrounds a time and nothing else. */
const timeTalk =
  /(?:就|再)?(?:改|换|定|安排|设|推迟|提前|延|放)(?:到|在|于|为|成)?|时间(?:是|为)?|吧|\b(?:schedule|move|change|set|make|do) (?:it|that)\b(?: to| for)?|\b(?:at|for|to|on)\b/giu;

function readClause(clause: string, draft: Draft, around: Surroundings): void {
  const { slots, rest: told } = takeSlots(clause, around.models);
  const look = { ...draft.slots.look, ...slots.look };
  Object.assign(draft.slots, slots, slots.look ? { look } : {});
  const isRefusal = says('unpublish', clause);
  const publishes = !isRefusal && says('publish', clause) && readAsk(clause) !== 'publications';
  if (isRefusal || publishes) draft.publish = publishes;
  const timed = publishes || around.isPublishing;
  const rest = timed ? takeTime(told, draft, { now: around.now, publishes }) : told;
  const said = {
    makes: says('make', rest),
    finds: says('find', rest),
    publishes: publishes || isRefusal,
  };
  const ask = askIn(clause, said);
  if (ask !== null) {
    if (!draft.asks.includes(ask)) draft.asks = [...draft.asks, ask];
    if (!said.makes || ask !== 'models') return;
  }
  readVerbs(said.publishes && !said.finds ? rest : takeSearchPlaces(rest, draft), draft, said);
}

/** A time counts beside the word for publishing, or where it stands alone. */
function takeTime(
  text: string,
  draft: Draft,
  { now, publishes }: { readonly now: Now; readonly publishes: boolean },
): string {
  const found = readWhen(text, now);
  if (!found) return text;
  const isAlone = readTopic(found.rest.replace(timeTalk, ' ')) === null;
  if (!publishes && !isAlone) return text;
  draft.when = found.when;
  return found.rest;
}

/** The question of a clause, unless its words belong to a wish. */
function askIn(clause: string, { makes, finds, publishes }: Said): Ask | null {
  const isQuestion = /[吗没?？]|状态|进度/u.test(clause);
  if (publishes && !isQuestion) return null;
  const ask = readAsk(clause);
  if (ask === null || (makes && ask === 'status')) return null;
  return finds && !aboutTrends.has(ask) ? null : ask;
}

/** Questions whose words also occur in a search. */
const aboutTrends: ReadonlySet<Ask> = new Set(['explain', 'save', 'unsave', 'saved']);

function takeSearchPlaces(clause: string, draft: Draft): string {
  const { slots, rest } = takePlatforms(clause);
  const { platforms = [], without = [] } = slots;
  if (platforms.length > 0)
    draft.slots.platforms = [...(draft.slots.platforms ?? []), ...platforms];
  if (without.length > 0) draft.slots.without = [...(draft.slots.without ?? []), ...without];
  return rest;
}

const priceTalk =
  /\bhow much (?:would|does|will|is|do)?|\bwhat (?:would|does|will)|\bcosts?\b(?: me)?|\b(?:price|quote)\b(?: for| of)?|[这那]?[个条]?(?:大概|大约)?(?:(?:要|需要|得)?(?:花|用|消耗)(?:费)?|要|需要|得)多少(?:配额|额度|钱)?|多少钱|报(?:个|一下)?价/giu;

type Said = { readonly makes: boolean; readonly finds: boolean; readonly publishes: boolean };

function readVerbs(rest: string, draft: Draft, said: Said): void {
  const isSimilar = says('similar', rest);
  const writesPrompt = says('writePrompt', rest);
  draft.isSimilar ||= isSimilar;
  draft.writesPrompt ||= writesPrompt;
  draft.make ||= said.makes && !writesPrompt;
  draft.find ||= said.finds;
  if (!said.publishes && !isSimilar)
    takeTopic(rest, draft, said.makes || said.finds || writesPrompt);
}

function takeTopic(rest: string, draft: Draft, hasVerb: boolean): void {
  const topic = readTopic(draft.asksPrice ? rest.replace(priceTalk, ' ') : rest);
  if (topic === null) return;
  const isPriced = draft.asksPrice && /视频|\b(?:video|clip|short)\b/iu.test(rest);
  draft.make ||= isPriced;
  if (hasVerb || isPriced) draft.topic ??= topic;
  else if (readTalk(rest) === null) takeMore(topic, draft);
}

/** A clause without a verb goes on about the topic before it, if there is one. */
function takeMore(words: string, draft: Draft): void {
  if (draft.topic === null) draft.leftover ??= words;
  else draft.topic += `${/\p{Script=Han}/u.test(words) ? '，' : ', '}${words}`;
}

import type { Question } from './request.ts';
import type { Shape } from './wire.ts';

/** One kind of content: what its category may be called, and what a text of it says. */
type Offence = {
  readonly named: RegExp;
  /** Each has to be found; the first one is quoted. */
  readonly says: readonly RegExp[];
  /** Makes it harmless. */
  readonly excused?: RegExp;
};

const teaching =
  /\b(?:prevent\w*|awareness|helpline|education\w*|documentar\w+|news|museum|history|doctor|medical|health|anatomy|lesson|campaign)\b|预防|公益|科普|新闻|纪录|教育|博物馆|医生|历史|拒绝|远离|防骗|反诈|禁毒/iu;

const naked =
  /\b(?:nude\w*|naked|undress\w*|unclothed)\b|nothing on|裸体|全裸|裸照|脱光|一丝不挂|没穿衣服/iu;
const sexual =
  /\b(?:porn\w*|hentai|erotic\w*|blowjob|intercourse|masturbat\w*|orgy|striptease)\b|\b(?:ha(?:ve|s|ving)|explicit) sex\b|\bsex (?:scene|tape|video)\b|\bmak\w+ love\b|色情|做爱|性爱|性交|自慰|床戏|裸聊|情色|交欢|约炮/iu;

const offences: readonly Offence[] = [
  {
    named: /minor|child/iu,
    says: [
      /\b(?:underage|child\w*|kids?|teen\w*|schoolgirl\w*|toddler\w*)\b|\b1?\d[ -]years?[ -]old\b|未成年|幼女|萝莉|小学生|初中生|小女孩|儿童/iu,
      new RegExp(`${naked.source}|${sexual.source}|\\bsexy\\b|性感`, 'iu'),
    ],
  },
  { named: /^(?!.*(?:minor|child)).*(?:sex|nud|porn)/iu, says: [sexual], excused: teaching },
  {
    named: /^(?!.*(?:minor|child)).*(?:sex|nud|porn)/iu,
    says: [naked],
    excused:
      /\b(?:statue|painting|museum|gallery|marble|lipstick|makeup|cake|heels|art)\b|雕塑|油画|美术馆|素描|底妆|口红/iu,
  },
  {
    named: /gore|violen/iu,
    says: [
      /\b(?:behead\w*|dismember\w*|disembowel\w*|tortur\w*|gutted|gouge\w*|mutilat\w*)\b|斩首|肢解|碎尸|酷刑|开膛|虐猫|血腥|残肢|鲜血狂喷|血柱/iu,
    ],
    excused: teaching,
  },
  {
    named: /self/iu,
    says: [
      /\b(?:suicide|self[ -]?harm|kill (?:yourself|themselves|himself|herself))\b|\bdie in (?:their|your) sleep\b|自杀|自残|割腕|轻生|跳楼解脱|死得没有痛苦/iu,
    ],
    excused: teaching,
  },
  {
    named: /weapon|drug|danger/iu,
    says: [
      /\b(?:bombs?|explosives?|meth|cocaine|heroin|fentanyl|ricin|ghost gun|molotov)\b|炸弹|炸药|冰毒|海洛因|燃烧瓶|枪支|毒气|大麻/iu,
      /\b(?:how to|recipe|tutorial|step by step|guide|homemade|diy|making|cooking)\b|制作|自制|教程|配方|步骤|教你|方法/iu,
    ],
    excused: teaching,
  },
  {
    named: /hate|discrim/iu,
    says: [
      /\b(?:jews|muslims|blacks|black people|gays|gay people|immigrants|africans|women|indians)\b|黑人|犹太人|穆斯林|同性恋|移民|女人|河南人|新疆人/iu,
      /\b(?:vermin|inferior|subhuman|exterminat\w*|cockroach\w*|monkeys|dirty animals|terrorists|disease)\b|劣等|低等|该死|赶尽杀绝|滚出|骗子|都是恐怖分子|奴役/iu,
    ],
    excused: teaching,
  },
  {
    named: /terror|extrem/iu,
    says: [
      /\b(?:isis|al[ -]qaeda|jihad|caliphate|terror\w*|mass shooter|hijackers)\b|恐怖袭击|恐袭|圣战|基地组织|枪击案/iu,
      /\b(?:hero\w*|join|recruit\w*|glor\w*|tribute|prais\w*|martyr\w*|soldier|brothers)\b|英雄|招募|加入|歌颂|致敬|赞美|号召|献身/iu,
    ],
    excused: teaching,
  },
  {
    named: /harass|bull/iu,
    says: [
      /\b(?:humiliat\w*|dox\w*|bully|expose|harass\w*|laugh at)\b|羞辱|人肉|网暴|霸凌|骚扰|曝光|骂/iu,
      /\b(?:my (?:ex|classmate|coworker|boss|neighbou?r|teacher)\w*|our school|home address|streamer)\b|同学|同事|前女友|前任|我们班|住址|主播/iu,
    ],
    excused: teaching,
  },
  {
    named: /crime|illegal|fraud|gambl/iu,
    says: [
      /\b(?:cocaine|weed|casino|betting|counterfeit|fake (?:passport|id)s?|stolen (?:credit )?cards?|ponzi|xanax)\b|赌场|赌博|博彩|假身份证|假钞|冰毒|百家乐|发票|刷单/iu,
      /\b(?:buy|sell\w*|sale|order|promo\w*|delivery|ad|guaranteed|cheap)\b|推广|出售|代办|代开|注册|广告|稳赢|包赢|闪送|兼职/iu,
    ],
    excused: teaching,
  },
  {
    named: /fake|imperson/iu,
    says: [
      /\b(?:deepfake|face ?swap|nudify|fake (?:news|video|clip|broadcast))\b|换脸|伪造|脸换到/iu,
      /\b(?:nude|porn|sex|confess\w*|brib\w*|voters|celebrit\w*|president)\b|色情|裸|认罪|承认|床戏|成人片/iu,
    ],
    excused: /\b(?:detect|how it works|risks?)\b|原理|风险|识别/iu,
  },
];

type Finding = { readonly category: string; readonly quote: string };

/** Whether the answer's form is that of a verdict about a text. */
export function asksForJudgement({ shape }: Question): boolean {
  const { allowed, category } = shape?.properties ?? {};
  return allowed?.type === 'boolean' && (category?.enum?.length ?? 0) > 0;
}

/** A verdict from the material itself: what it says, and how it might be said instead. */
export function writeJudgement({ shape, material }: Question): Record<string, unknown> {
  const properties = shape?.properties ?? {};
  const text = readText(material);
  const finding = findOffence(text, namesOf(properties['category']));
  const values = {
    allowed: finding === null,
    category: finding?.category ?? harmlessName(namesOf(properties['category'])),
    quote: finding?.quote ?? '',
  };
  const known = new Map<string, unknown>(Object.entries(values));
  const safer = finding === null ? '' : rephrase(text, finding);
  return Object.fromEntries(
    Object.keys(properties).map((name) => [name, known.get(name) ?? safer]),
  );
}

const namesOf = (shape: Shape | undefined): string[] =>
  (shape?.enum ?? []).filter((name) => typeof name === 'string');

const harmlessName = (names: readonly string[]): string =>
  names.find((name) => /^(?:none|safe|ok)$/iu.test(name)) ?? names.at(-1) ?? 'none';

const marked = /<untrusted\b[^>]*>(?<text>[^<]*)/iu;

const readText = (material: string): string =>
  (marked.exec(material)?.groups?.['text'] ?? material)
    .normalize('NFKC')
    .replaceAll(/(?<=\p{Script=Han})[\s.*_|·-]+(?=\p{Script=Han})/gu, '');

function findOffence(text: string, names: readonly string[]): Finding | null {
  for (const { named, says, excused } of offences) {
    const category = names.find((name) => named.test(name));
    if (category === undefined || (excused?.test(text) ?? false)) continue;
    const [first] = says;
    const quote = first?.exec(text)?.[0];
    if (quote !== undefined && says.every((pattern) => pattern.test(text)))
      return { category, quote };
  }
  return null;
}

/** The clauses that offend nobody, with an ending of their own; empty when none is left. */
function rephrase(text: string, { quote }: Finding): string {
  const isChinese = /\p{Script=Han}/u.test(text);
  const clauses = text
    .split(/[,.;!?，。；！？]/u)
    .map((clause) => clause.trim())
    .filter((clause) => clause !== '' && !clause.includes(quote) && !isOffensive(clause));
  if (clauses.length === 0) return '';
  return isChinese
    ? `${clauses.join('，')}，含蓄而温暖的画面，柔和光线`
    : `${clauses.join(', ')}, told gently and without showing it, soft light`;
}

const isOffensive = (clause: string): boolean =>
  offences.some(({ says }) => says.some((pattern) => pattern.test(clause)));

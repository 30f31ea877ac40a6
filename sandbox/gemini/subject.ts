import type { Language } from './material.ts';

/** What short videos end their titles with. */
const callToAction =
  /(?:\s+关注|[，。！!~]\s*关注我|\s+(?:Follow|Subscribe)\s+(?:for|me|us|to|now|along)\b|\s+Like and\b|\s+#\S).*$/su;

/** A title without its calls to action and tags, unless they are all there is. */
export const withoutTail = (title: string): string =>
  title.trim().replace(callToAction, '').trim() || title.trim();

const counted =
  '(?:tricks?|tips?|hacks?|mistakes?|secrets?|ideas?|facts?|rules?|ways|things|steps)';
const english = [
  String.raw`^stop (?:doing|making) th(?:ese|is)\b.* (?:with|about|in|on) (?<subject>.+)$`,
  String.raw`^(?:the |top )?\d+ ${counted} (?:to|about|with|for|of) (?<subject>.+)$`,
  String.raw`^(?:the |top )?\d+ (?<subject>.+?) ${counted}\b`,
  String.raw`^(?:stop|never|don['’]t|do not) (?:using|buying|trying) (?<subject>.+)$`,
  String.raw`^why (?:does|do|is|are) your (?<subject>.+?) always\b`,
  String.raw`^i tried (?<subject>.+?) for \d+ days\b`,
  String.raw`^is (?<subject>.+?) (?:really )?worth it\b`,
  String.raw`^pov:? your first (?<subject>.+)$`,
  String.raw`^\$\d+ (?<subject>.+?) vs\b`,
  String.raw`^the (?<subject>.+?) mistakes? everyone makes\b`,
  String.raw`^wait for the end\W+(?<subject>.+)$`,
  String.raw`^(?<subject>.+?) (?:for beginners: \d+|in \d+ seconds$)`,
  String.raw`^(?:grandma reacts to|this is how professionals do) (?<subject>.+)$`,
].map((pattern) => new RegExp(pattern, 'iu'));

const chinese = [
  /^(?<subject>.{1,16}?)的\d+[个条种步大]/u,
  /^为什么你的(?<subject>.+?)总是?/u,
  /^坚持(?<subject>.+?)\d+天/u,
  /^\d+秒看懂(?<subject>.+)$/u,
  /^(?<subject>.+?)到底值不值/u,
  /^第一次尝试(?<subject>.+?)是什么/u,
  /^\d+块的(?<subject>.+?)和\d+块/u,
  /不知道的(?<subject>.+?)真相$/u,
  /沉默了…+(?<subject>.+)$/u,
  /^新手(?<subject>.+?)只要\d+步/u,
  /^当外婆第一次见到(?<subject>.+)$/u,
  /^原来(?<subject>.+?)还可以/u,
];

/** What a listicle, a question or a command of a title is about; null for any other title. */
export function subjectOf(title: string, language: Language): string | null {
  const bare = withoutTail(title);
  const clauses = language === 'zh' ? bare.split(/[，。！？；,!?\n|]+/u) : [bare];
  const patterns = language === 'zh' ? chinese : english;
  for (const clause of clauses) {
    const hit = patterns
      .map((pattern) => pattern.exec(clause.trim()))
      .find((each) => each !== null);
    const subject = hit?.groups?.['subject']?.replace(/[\s.?!…]+$/u, '');
    if (subject) return subject;
  }
  return null;
}

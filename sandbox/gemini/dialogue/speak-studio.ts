import type { Language } from '../material.ts';
import { wordOf } from './facts.ts';
import { fieldOf, quotable, unmarked, type Item } from './lists.ts';
import type { Named } from './names.ts';
import type { ToolResult } from './results.ts';
import type { Speech } from './speech.ts';

const looks: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  en: { captions: 'with captions', female: 'a female voice', male: 'a male voice' },
  zh: { captions: '带字幕', female: '女声配音', male: '男声配音' },
};

/** What a price includes beside length, shape and model. */
export function lookWords(
  data: Readonly<Record<string, unknown>>,
  language: Language,
): readonly string[] {
  const words = looks[language];
  const style = wordOf(data, 'style');
  const voice = wordOf(data, 'voice') ?? 'off';
  return [
    style === null || style === 'auto' ? undefined : style,
    data['captions'] === true ? words['captions'] : undefined,
    words[voice],
  ].filter((word) => word !== undefined);
}

const wordsIn = ({ data }: ToolResult): string[] => {
  const { words } = data;
  return Array.isArray(words) ? words.map((word) => unmarked(String(word))) : [];
};

const suggestionIn = (result: ToolResult): string => quotable(fieldOf(result, 'suggestion'), 400);

const listEn = (takes: readonly Item[]): string =>
  takes
    .map(({ status }, index) => `${index + 1}. take ${index + 1} (${status || 'unknown'})`)
    .join('\n');

const statesZh: Readonly<Record<string, string>> = {
  ready: '已经完成',
  failed: '没有成功',
  cancelled: '已取消',
};

const listZh = (takes: readonly Item[]): string =>
  takes
    .map(({ status }, index) => `${index + 1}. 版本 ${index + 1}（${statesZh[status] ?? status}）`)
    .join('\n');

const openingEn = ({ id, topic }: Named): string =>
  id !== '' ? id : topic === '' ? 'Your video' : `Your video about “${topic}”`;
const openingZh = ({ id, topic }: Named): string =>
  id !== '' ? `${id} ` : topic === '' ? '你的视频' : `你的「${topic}」视频`;

/** Sentences about takes, refusals, retries and settings in English. */
export const studioEnglish = {
  refused: (result) => {
    const suggestion = suggestionIn(result);
    const why = quotable(result.why, 300);
    const next =
      suggestion === ''
        ? 'Tell me the idea in other words.'
        : `How about this: “${suggestion}” Shall I make it that way?`;
    return `I cannot make that. ${why} ${next}`;
  },
  checked: (result) => {
    if (result.data['allowed'] === true) return 'It can be used as it is. Shall I make the video?';
    const words = wordsIn(result).map((word) => `“${word}”`);
    const suggestion = suggestionIn(result);
    const why = words.length > 0 ? `because of ${words.join(', ')}` : 'as it is';
    const next =
      suggestion === ''
        ? 'Tell me the idea in other words.'
        : `This would do: “${suggestion}” Shall I make that?`;
    return `It cannot be used ${why}. ${next}`;
  },
  askPrompt: () => 'Which prompt do you mean? Send me its text.',
  askReword: () => 'Tell me in other words what should be seen.',
  showAccount: (command) => `I cannot look that up; ${command} shows whose account this is.`,
  changeLanguage: (command) =>
    `I cannot change your settings; ${command} does. I answer in the language that you write in anyway.`,
  takeEnded: (take, isReady, left) =>
    `Take ${take} ${isReady ? 'is ready' : 'did not work out'}; ${left} ${left === 1 ? 'is' : 'are'} still in the making.`,
  pickTake: (takes) =>
    `The takes are there:\n${listEn(takes)}\nWhich one is the best? Say “publish take 1”.`,
  offerRetry: (video, why) =>
    `${openingEn(video)} could not be made: ${why} Shall I use the free retry?`,
} satisfies Partial<Speech>;

/** The same in Simplified Chinese. */
export const studioChinese = {
  refused: (result) => {
    const suggestion = suggestionIn(result);
    const why = quotable(result.why, 300);
    const next =
      suggestion === ''
        ? '换个说法告诉我想看到什么。'
        : `这样写可以：「${suggestion}」要按这个做吗？`;
    return `这个不能做。${why}${next}`;
  },
  checked: (result) => {
    if (result.data['allowed'] === true) return '这个提示词可以用。要做成视频吗？';
    const words = wordsIn(result).map((word) => `「${word}」`);
    const suggestion = suggestionIn(result);
    const why = words.length > 0 ? `问题在于${words.join('、')}` : '内容不合规';
    const next =
      suggestion === ''
        ? '换个说法告诉我想看到什么。'
        : `这样写可以：「${suggestion}」要按这个做吗？`;
    return `这个提示词不能用，${why}。${next}`;
  },
  askPrompt: () => '是哪个提示词？把内容发给我。',
  askReword: () => '换个说法告诉我想看到什么。',
  showAccount: (command) => `这个我查不了；用 ${command} 可以查看账户。`,
  changeLanguage: (command) =>
    `设置我改不了，用 ${command} 可以更改。你用什么语言写，我就用什么语言回答。`,
  takeEnded: (take, isReady, left) =>
    `版本 ${take} ${isReady ? '做好了' : '没有成功'}，还有 ${left} 个在制作。`,
  pickTake: (takes) => `几个版本都好了：\n${listZh(takes)}\n哪个最好？说「发布版本1」就行。`,
  offerRetry: (video, why) => `${openingZh(video)}没有成功：${why}要用那次免费重做吗？`,
} satisfies Partial<Speech>;

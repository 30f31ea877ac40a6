import type { Locale } from './catalogue.ts';

const en = {
  /** `reason` and `next` are sentences of a fault. */
  outOfReach: (p: { reason: string; commands: string }): string =>
    `I cannot think right now: ${p.reason} Nothing is lost. Meanwhile the commands work as always: ${p.commands}.`,
  broken: (p: { reason: string }): string => `${p.reason}. Nothing was spent by this.`,
  refused: (): string =>
    'The model does not want to answer that. Say it in other words, and I will try again.',
  nothingSaid: (): string => 'I have no answer to that. Please say it in other words.',
  stopped: (p: { steps: number }): string =>
    `I stopped after ${p.steps} steps. Say "go on" and I continue from here.`,
  linkRemoved: (): string => '[link removed]',
  /** A line of status while an operation runs; `summary` says what it does. */
  working: (p: { summary: string }): string => `⏳ ${p.summary}`,
};

type AgentWords = typeof en;

const zh: AgentWords = {
  outOfReach: (p) =>
    `我现在无法思考：${p.reason} 什么都没有丢失。在此期间可以照常使用命令：${p.commands}。`,
  broken: (p) => `${p.reason}。本次没有消耗任何配额。`,
  refused: () => '模型不愿意回答这个问题。请换个说法，我再试一次。',
  nothingSaid: () => '我没有得到答案，请换个说法再说一次。',
  stopped: (p) => `我在 ${p.steps} 步之后停下了。说“继续”，我就接着做。`,
  linkRemoved: () => '［链接已移除］',
  working: (p) => `⏳ ${p.summary}`,
};

const words: Record<Locale, AgentWords> = { en, zh };

/** The sentences that the agent says without a model. */
export const agentWords = (locale: Locale): AgentWords => words[locale];

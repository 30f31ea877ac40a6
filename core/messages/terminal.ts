import type { Locale } from './catalogue.ts';

const en = {
  hello: (p: { name: string }): string =>
    `Hello ${p.name}. Tell me what you want to make, such as "find a viral video about AI tools and make a 30 s vertical video". /quit ends.`,
  you: (): string => 'you> ',
  decide: (): string => 'Approve? [y/N] ',
  nobodyToAsk: (p: { link: string | null }): string =>
    p.link === null
      ? 'Nobody is there to approve this. Run it again in a terminal, or with --yes.'
      : `Nobody is there to approve this. Open ${p.link} to decide, or run it with --yes.`,
  declined: (): string => 'Declined. Nothing was started.',
  progress: (p: { id: string; status: string; percent: number }): string =>
    `${p.id}: ${p.status}, ${p.percent}%`,
};

type TerminalWords = typeof en;

const zh: TerminalWords = {
  hello: (p) =>
    `${p.name}，你好。告诉我你想做什么，例如“找一个关于AI工具的爆款，做个30秒竖屏视频”。输入 /quit 退出。`,
  you: () => '你> ',
  decide: () => '批准吗？[y/N] ',
  nobodyToAsk: (p) =>
    p.link === null
      ? '这里没有人可以批准。请在终端里运行，或加上 --yes。'
      : `这里没有人可以批准。请打开 ${p.link} 作出决定，或加上 --yes 运行。`,
  declined: () => '已拒绝，没有启动任何操作。',
  progress: (p) => `${p.id}：${p.status}，${p.percent}%`,
};

const words: Record<Locale, TerminalWords> = { en, zh };

/** The sentences of the chat in a terminal. */
export const terminalWords = (locale: Locale): TerminalWords => words[locale];

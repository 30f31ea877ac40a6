import type { Language } from '../stripe/pages/language.ts';

const en = {
  note: 'Sandbox: these mails were sent to nobody',
  title: 'Inbox',
  empty: 'No mail yet. What Jilo sends appears here.',
  all: 'All mails',
  onlyTo: (address: string) => `Only mails to ${address}`,
  refresh: 'Look again',
  back: 'Inbox',
  from: 'From',
  to: 'To',
  receivedAt: 'Received',
  text: 'As text',
  page: 'As a page',
  noPage: 'This mail has no page, only text.',
  noSubject: '(no subject)',
  missing: 'There is no such mail',
  missingText: 'The sandbox keeps the last 200 mails, until it stops.',
};

export type Words = typeof en;

const zh: Words = {
  note: '沙盒环境：这些邮件没有发给任何人',
  title: '收件箱',
  empty: '还没有邮件。Jilo 发出的邮件会显示在这里。',
  all: '全部邮件',
  onlyTo: (address) => `仅显示发给 ${address} 的邮件`,
  refresh: '刷新',
  back: '收件箱',
  from: '发件人',
  to: '收件人',
  receivedAt: '收到时间',
  text: '纯文本',
  page: '网页',
  noPage: '这封邮件没有网页版，只有纯文本。',
  noSubject: '（无主题）',
  missing: '没有这封邮件',
  missingText: '沙盒只保留最近 200 封邮件，停止后清空。',
};

const words: Readonly<Record<Language, Words>> = { en, zh };

/** What the inbox says, in a language. */
export const wordsOf = (language: Language): Words => words[language];

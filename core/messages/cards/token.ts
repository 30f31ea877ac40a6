import type { Locale } from '../catalogue.ts';

const en = {
  madeHeading: '🔑 Your access token',
  once: 'It is shown this once. Copy it now, and keep it like a password.',
  listHeading: 'Your access tokens',
  none: 'You have none. With one, programs such as Claude or ChatGPT act for you; `/token create` makes it.',
  allows: (p: { scopes: string }) => `may ${p.scopes}`,
  ends: (p: { when: string }) => `ends ${p.when}`,
  ended: (p: { when: string }) => `⚠️ ended ${p.when}`,
  revoked: '⛔ revoked',
  program: 'a program that you let in',
  used: (p: { when: string }) => `last used ${p.when}`,
  unused: 'never used',
  more: (p: { count: number }) => `and ${p.count} more`,
  show: 'My tokens',
  revoke: 'Revoke',
  gone: 'The token is revoked',
  goneNote: 'What uses it is turned away from now on.',
};

type TokenWords = typeof en;

const zh: TokenWords = {
  madeHeading: '🔑 您的访问令牌',
  once: '只显示这一次。请立即复制，并像密码一样保管。',
  listHeading: '我的访问令牌',
  none: '还没有令牌。有了令牌，Claude、ChatGPT 等程序就能代您操作；用 `/token create` 新建。',
  allows: (p) => `权限：${p.scopes}`,
  ends: (p) => `有效至 ${p.when}`,
  ended: (p) => `⚠️ 已于 ${p.when}过期`,
  revoked: '⛔ 已撤销',
  program: '您授权的程序',
  used: (p) => `上次使用 ${p.when}`,
  unused: '从未使用',
  more: (p) => `另有 ${p.count} 个`,
  show: '我的令牌',
  revoke: '撤销',
  gone: '令牌已撤销',
  goneNote: '使用它的程序从现在起会被拒绝。',
};

/** The sentences and labels of cards about access tokens. */
export const tokenWords: Readonly<Record<Locale, TokenWords>> = { en, zh };

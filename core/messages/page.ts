import type { Locale } from './catalogue.ts';

/** Words that stand on every web page. */
const en = {
  skip: 'Skip to the content',
  navigation: 'Main',
  dashboard: 'Dashboard',
  tokens: 'Tokens',
  account: 'Account',
  signOut: 'Sign out',
  offline: 'You are offline. What you typed is kept.',
  waiting:
    'You are offline. Your answer is kept and sent once, as soon as the line is back. Please keep this page open.',
  back: 'You are online again.',
};

const zh: typeof en = {
  skip: '跳到正文',
  navigation: '主导航',
  dashboard: '概览',
  tokens: '令牌',
  account: '账户',
  signOut: '退出登录',
  offline: '您已离线。已输入的内容会保留。',
  waiting: '您已离线。您的操作已保留，网络恢复后会发送一次。请不要关闭此页面。',
  back: '网络已恢复。',
};

export const pageWords: Readonly<Record<Locale, typeof en>> = { en, zh };

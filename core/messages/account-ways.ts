import type { Locale } from './catalogue.ts';

/** Words of the part of the account page about how somebody comes in. */
const en = {
  methods: { credential: 'password', google: 'Google', discord: 'Discord' },
  elsewhere: { discord: 'Jilo in Discord', local: 'the terminal of the server' },
  known: 'Known as well in',
  change: 'Choose a new password',
  link: 'To make one account of this and another one of yours, give the command /account link there, and open the link in this browser.',
  everywhere: 'Sign out everywhere',
  everywhereHint: 'Ends every browser that is signed in, this one too. Programs stay: see Tokens.',
};

const zh: typeof en = {
  methods: { credential: '密码', google: 'Google', discord: 'Discord' },
  elsewhere: { discord: 'Discord 中的 Jilo', local: '服务器终端' },
  known: '同时可用于',
  change: '设置新密码',
  link: '如需与您的另一个账户合并，请在那里使用 /account link 命令，并在此浏览器中打开链接。',
  everywhere: '在所有设备上退出登录',
  everywhereHint: '结束所有已登录的浏览器，包括当前浏览器。程序不受影响，请在“令牌”页面管理。',
};

export const accountWaysWords: Readonly<Record<Locale, typeof en>> = { en, zh };

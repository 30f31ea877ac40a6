import type { Locale } from './catalogue.ts';

/** Words of the page for whoever was sent here by a program or a sign-in that cannot be answered. */
const en = {
  title: 'This did not work',
  reasons: {
    invalid_client:
      'The program that sent you is not known here. Remove Jilo from it and connect it once more.',
    invalid_redirect:
      'The program wants your answer at an address that it did not register. Nothing was sent there.',
    other:
      'What brought you here cannot be answered. If a program sent you, connect it once more; if you were signing in, begin again.',
  },
  nothing: 'Nothing has been allowed, and nothing has changed.',
  goOn: 'To your dashboard',
};

const zh: typeof en = {
  title: '操作未完成',
  reasons: {
    invalid_client: '此处不认识您来自的程序。请在该程序中移除 Jilo，然后重新连接。',
    invalid_redirect: '该程序要求把答复发送到未登记的地址。我们没有向那里发送任何内容。',
    other: '无法处理这个请求。如果您是从某个程序过来的，请重新连接；如果您正在登录，请重新开始。',
  },
  nothing: '没有授予任何权限，也没有任何更改。',
  goOn: '前往概览',
};

export const authErrorWords: Readonly<Record<Locale, typeof en>> = { en, zh };

import type { Locale } from './catalogue.ts';

type Letter = { readonly subject: string; readonly lines: readonly string[] };
type Leading = Letter & { readonly button: string };

/** What is written to people by mail. */
const mailsEn = {
  greeting: 'Hello,',
  openInstead: 'If the button does not work, open this address in your browser:',
  footer:
    'Jilo wrote this because of something that was done on an account with this address, or for one. Please do not answer: nobody reads what comes back.',
  verify: {
    subject: 'Confirm your address for Jilo',
    lines: [
      'A Jilo account is to be opened with this address. Confirm that it is yours, and you can sign in.',
      'If that was not you, leave this mail alone: without your confirmation nobody can use the account.',
    ],
    button: 'Confirm the address',
  } satisfies Leading,
  reset: {
    subject: 'Choose a new password for Jilo',
    lines: [
      'Somebody asked for a new password for the Jilo account of this address. You choose it on the page behind the button. The link is valid for one hour, and once.',
      'If that was not you, leave this mail alone: your password stays as it is. Give the link to nobody.',
    ],
    button: 'Choose a new password',
  } satisfies Leading,
  already_registered: {
    subject: 'You already have a Jilo account',
    lines: [
      'Somebody tried to register with this address. It has an account already, and nothing was changed.',
      'If that was you, sign in, or choose a new password if you have forgotten yours.',
      'If that was not you, there is nothing to do: whoever it was has not learnt that you have an account.',
    ],
    button: 'Sign in',
    resetButton: 'Choose a new password',
  } satisfies Leading & { resetButton: string },
  password_changed: {
    subject: 'Your Jilo password was changed',
    lines: [
      'The password of your Jilo account has just been changed. If that was you, there is nothing to do.',
      'If that was not you, choose a new password at once: whoever changed it can use your account.',
    ],
    button: 'Choose a new password',
  } satisfies Leading,
  sign_in_linked: {
    subject: 'A new way to sign in to Jilo was added',
    lines: (p: { method: string }): readonly string[] => [
      `From now on you can sign in to your Jilo account with ${p.method} as well. If you added that, there is nothing to do.`,
      'If that was not you, remove it in the settings of your account and choose a new password.',
    ],
    button: 'Open the settings',
  },
  account_deleted: {
    subject: 'Your Jilo account was deleted',
    lines: [
      'Your Jilo account has been deleted. Nobody can sign in with it any more.',
      'This is the last mail about it.',
    ],
  } satisfies Letter,
};

const mailsZh: typeof mailsEn = {
  greeting: '您好：',
  openInstead: '如果按钮无法使用，请在浏览器中打开以下地址：',
  footer:
    '因为有人在使用此邮箱地址的 Jilo 账户上（或用此地址注册时）进行了操作，所以您收到了这封邮件。请勿回复，回复不会有人查看。',
  verify: {
    subject: '请确认您的 Jilo 邮箱地址',
    lines: [
      '有人要用此邮箱地址注册 Jilo 账户。请确认这是您的地址，确认后即可登录。',
      '如果不是您本人操作，请忽略这封邮件：未经您确认，任何人都无法使用该账户。',
    ],
    button: '确认邮箱地址',
  },
  reset: {
    subject: '设置新的 Jilo 密码',
    lines: [
      '有人请求为此邮箱地址的 Jilo 账户设置新密码。请点击按钮，在打开的页面上设置。链接一小时内有效，且只能使用一次。',
      '如果不是您本人操作，请忽略这封邮件：您的密码不会改变。请勿把链接告诉任何人。',
    ],
    button: '设置新密码',
  },
  already_registered: {
    subject: '您已经有 Jilo 账户',
    lines: [
      '有人试图用此邮箱地址注册。该地址已有账户，没有任何更改。',
      '如果是您本人，请直接登录；忘记密码的话，可以设置新密码。',
      '如果不是您本人，无需任何操作：对方不会因此得知您有账户。',
    ],
    button: '登录',
    resetButton: '设置新密码',
  },
  password_changed: {
    subject: '您的 Jilo 密码已更改',
    lines: [
      '您的 Jilo 账户密码刚刚被更改。如果是您本人操作，无需理会。',
      '如果不是您本人操作，请立即设置新密码：更改密码的人可以使用您的账户。',
    ],
    button: '设置新密码',
  },
  sign_in_linked: {
    subject: '您的 Jilo 账户添加了新的登录方式',
    lines: (p) => [
      `从现在起，您也可以用 ${p.method} 登录您的 Jilo 账户。如果是您本人添加的，无需理会。`,
      '如果不是您本人操作，请在账户设置中移除它，并设置新密码。',
    ],
    button: '打开设置',
  },
  account_deleted: {
    subject: '您的 Jilo 账户已删除',
    lines: ['您的 Jilo 账户已被删除，任何人都无法再用它登录。', '这是关于该账户的最后一封邮件。'],
  },
};

const words: Record<Locale, typeof mailsEn> = { en: mailsEn, zh: mailsZh };

/** What is written to people by mail, in a language. */
export const mailWords = (locale: Locale): typeof mailsEn => words[locale];

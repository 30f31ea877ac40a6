import type { Locale } from './catalogue.ts';

/** What our own file store is called where it is the one that is away. */
const storage = 'Storage';

/** Said while a service outside cannot be reached or asks for patience. */
export const waitingWords: Readonly<Record<Locale, (service: string) => string>> = {
  en: (service) =>
    `Waiting for ${service === storage ? 'the file store' : service}; it goes on by itself.`,
  zh: (service) => `正在等待 ${service === storage ? '文件存储' : service} 恢复，之后会自动继续。`,
};

/** Why a video was given up that a provider could not be asked for in time. */
export const awayWords: Readonly<Record<Locale, (provider: string) => string>> = {
  en: (provider) =>
    `${provider} could not be reached for 15 minutes, so nothing was made. Try again a little later.`,
  zh: (provider) => `15 分钟内一直无法连接 ${provider}，因此没有开始制作。请稍后再试。`,
};

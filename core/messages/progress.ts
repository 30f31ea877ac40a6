import type { Locale } from './catalogue.ts';

type Words = ReadonlyMap<string, (percent: number) => string>;

/** One short sentence for whoever waits, by status of a video or a publication; an end has none. */
export const waitWords: Readonly<Record<Locale, Words>> = {
  en: new Map([
    ['queued', () => 'The video waits for its turn.'],
    ['generating', (percent: number) => `The shots are being made: ${percent}%.`],
    ['assembling', (percent: number) => `The shots are being joined: ${percent}%.`],
    ['uploading', (percent: number) => `Uploading to YouTube: ${percent}%.`],
    ['processing', () => 'YouTube is processing the video.'],
  ]),
  zh: new Map([
    ['queued', () => '视频正在排队。'],
    ['generating', (percent: number) => `正在制作镜头：${percent}%。`],
    ['assembling', (percent: number) => `正在合成视频：${percent}%。`],
    ['uploading', (percent: number) => `正在上传到 YouTube：${percent}%。`],
    ['processing', () => 'YouTube 正在处理视频。'],
  ]),
};

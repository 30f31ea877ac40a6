/** What is said of a quote. */
type Quoted = {
  readonly seconds: number;
  readonly model: string;
  readonly shots: number;
  readonly quota: number;
  readonly usd: number | null;
  readonly minutes: number | null;
  readonly shape: string;
  /** How the shape comes about where the model makes another one. */
  readonly fit: 'crop' | 'pad' | null;
};

/** A quote in one or two sentences. */
export const quotedEn = (p: Quoted): string =>
  [
    `${p.seconds} s with ${p.model} in ${p.shots} ${p.shots === 1 ? 'shot' : 'shots'}: ${p.quota} quota`,
    p.usd === null ? '' : `, about $${p.usd.toFixed(2)} at the provider`,
    p.minutes === null ? '' : `, about ${p.minutes} min`,
    '. ',
    p.fit === null
      ? ''
      : `The model's own picture is ${p.fit === 'crop' ? 'cropped' : 'padded'} to ${p.shape}. `,
    'Valid for 15 minutes.',
  ].join('');

export const quotedZh = (p: Quoted): string =>
  [
    `${p.seconds} 秒，${p.model}，${p.shots} 个镜头：${p.quota} 配额`,
    p.usd === null ? '' : `，服务商费用约 $${p.usd.toFixed(2)}`,
    p.minutes === null ? '' : `，约需 ${p.minutes} 分钟`,
    '。',
    p.fit === null ? '' : `模型自身的画面会${p.fit === 'crop' ? '裁剪' : '加边'}为 ${p.shape}。`,
    '15 分钟内有效。',
  ].join('');

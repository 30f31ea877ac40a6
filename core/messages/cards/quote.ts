import type { Locale } from '../catalogue.ts';

const en = {
  title: () => 'Your video, ready to make',
  settings: (p: { model: string; seconds: number; shape: string }) =>
    `**${p.model}** · ${p.seconds} s · ${p.shape}`,
  fitted: (p: { made: string; shape: string; isPadded: boolean }) =>
    `made ${p.made}, ${p.isPadded ? 'with a blurred edge to fill' : 'cropped to'} ${p.shape}`,
  storyboard: (p: { shots: number }) =>
    `Storyboard: ${p.shots} ${p.shots === 1 ? 'shot' : 'shots'}`,
  plannedByRules: () => 'planned by rules, because no AI answered',
  shot: (p: { number: number; seconds: string }) => `**${p.number}** · ${p.seconds} s`,
  line: (p: { line: string }) => `“${p.line}”`,
  moreShots: (p: { count: number }) => `and ${p.count} more`,
  costs: (p: { quota: number }) => `Costs **${p.quota}** quota`,
  after: (p: { left: number }) => `left afterwards: **${p.left}**`,
  tooFew: (p: { left: number }) => `only **${p.left}** left`,
  providerCost: (p: { usd: string | null }) =>
    p.usd === null ? 'the provider publishes no price' : `about $${p.usd} at the provider`,
  minutes: (p: { minutes: number }) => `about ${p.minutes} min to make`,
  validUntil: (p: { when: string }) => `Valid until ${p.when}`,
  expired: () => 'This price has expired. Edit it to get a new one.',
  generate: () => 'Generate',
  options: () => 'Options',
  pickTakes: () => 'Make several takes and pick the best…',
  takes: (p: { takes: number }) => `${p.takes} takes to pick from`,
  takesCost: (p: { quota: number; takes: number; usd: string | null }) =>
    `${p.takes} × ${p.quota} = ${p.takes * p.quota} quota${p.usd === null ? '' : `, about $${p.usd} at the provider`}`,

  optionsTitle: () => 'Options',
  styleLabel: () => 'Look',
  toneLabel: () => 'Colours',
  paceLabel: () => 'Pace',
  voiceLabel: () => 'Voice-over',
  voiceNote: () => 'A line is spoken over each shot; the sound of the picture gives way.',
  extrasLabel: () => 'Extras',
  captions: () => 'Captions',
  captionsNote: () => 'A line is shown with each shot.',
  pad: () => 'Blurred edges instead of cropping',
  padNote: () => 'Only where the model makes another shape.',
};

/** The sentences and labels of the card about a price, and of its options. */
type QuoteWords = typeof en;

const zh: QuoteWords = {
  title: () => '视频已准备好制作',
  settings: (p) => `**${p.model}** · ${p.seconds} 秒 · ${p.shape}`,
  fitted: (p) => `以 ${p.made} 制作，${p.isPadded ? '以模糊背景补成' : '裁切为'} ${p.shape}`,
  storyboard: (p) => `分镜：${p.shots} 个镜头`,
  plannedByRules: () => 'AI 未能回答，由规则规划',
  shot: (p) => `**${p.number}** · ${p.seconds} 秒`,
  line: (p) => `「${p.line}」`,
  moreShots: (p) => `还有 ${p.count} 个`,
  costs: (p) => `消耗 **${p.quota}** 配额`,
  after: (p) => `之后剩余：**${p.left}**`,
  tooFew: (p) => `仅剩 **${p.left}**`,
  providerCost: (p) => (p.usd === null ? '服务商未公布价格' : `服务商费用约 $${p.usd}`),
  minutes: (p) => `制作约需 ${p.minutes} 分钟`,
  validUntil: (p) => `有效至 ${p.when}`,
  expired: () => '报价已过期。编辑后即可获得新报价。',
  generate: () => '开始生成',
  options: () => '选项',
  pickTakes: () => '多做几个版本，选出最好的…',
  takes: (p) => `${p.takes} 个版本供挑选`,
  takesCost: (p) =>
    `${p.takes} × ${p.quota} = ${p.takes * p.quota} 配额${p.usd === null ? '' : `，服务商费用约 $${p.usd}`}`,

  optionsTitle: () => '选项',
  styleLabel: () => '画面风格',
  toneLabel: () => '色调',
  paceLabel: () => '节奏',
  voiceLabel: () => '配音',
  voiceNote: () => '每个镜头配一句旁白，原声随之降低。',
  extrasLabel: () => '其他',
  captions: () => '字幕',
  captionsNote: () => '每个镜头显示一句文字。',
  pad: () => '模糊背景补全，不裁切',
  padNote: () => '仅在模型无法制作所选比例时使用。',
};

export const quoteWords: Readonly<Record<Locale, QuoteWords>> = { en, zh };

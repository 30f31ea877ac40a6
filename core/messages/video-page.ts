import type { Locale } from './catalogue.ts';

/** Words of the web page of one video. */
const en = {
  film: (p: { title: string }) => `Video: ${p.title}`,
  captions: 'Captions',
  progress: 'Progress',
  state: 'State',
  prompt: 'Prompt',
  model: 'Model',
  length: 'Length',
  shape: 'Shape',
  cost: 'Cost',
  costs: {
    held: (p: { units: number }) => `${p.units} quota, set aside until it is done`,
    charged: (p: { units: number }) => `${p.units} quota`,
    returned: () => 'Nothing: the quota is back',
  },
  made: 'Asked for',
  keptUntil: 'Kept until',
  takes: 'Takes',
  details: 'About this video',
  download: 'Download',
  running: 'This page follows it by itself. You can close it: nothing is lost.',
  left: (p: { minutes: number }) => `about ${p.minutes} min left`,
  reload: 'Look again',
  stoppedNext: 'What you can do',
  retry: (p: { video: string }) =>
    `Make it again, free of charge: say “make ${p.video} again” in your chat, or type /video retry in Discord.`,
  anew: 'Ask for a new video in your chat, or type /video generate in Discord. Other words in the prompt may help.',
  publications: 'Published',
  unpublished:
    'It is not published yet. Say “publish this video” in your chat, or type /publication create in Discord.',
  watch: 'Watch on YouTube',
  studio: 'Open in YouTube Studio',
  uploaded: (p: { percent: number }) => `${p.percent}% uploaded`,
  publicFrom: (p: { when: string }) => `public from ${p.when}`,
  expired: {
    title: 'This link has ended',
    body: 'Links to a video work for a day. Ask for the video again in your chat, or sign in to see it.',
  },
};

const zh: typeof en = {
  film: (p) => `视频：${p.title}`,
  captions: '字幕',
  progress: '进度',
  state: '状态',
  prompt: '提示词',
  model: '模型',
  length: '时长',
  shape: '画面比例',
  cost: '费用',
  costs: {
    held: (p) => `${p.units} 配额，完成前为预留`,
    charged: (p) => `${p.units} 配额`,
    returned: () => '未扣费：配额已退回',
  },
  made: '提交时间',
  keptUntil: '保留至',
  takes: '版本',
  details: '视频信息',
  download: '下载',
  running: '此页面会自动更新进度。您可以随时关闭页面，制作不受影响。',
  left: (p) => `大约还需 ${p.minutes} 分钟`,
  reload: '再看一次',
  stoppedNext: '接下来可以',
  retry: (p) => `免费重新制作：在对话中说“重新制作 ${p.video}”，或在 Discord 中输入 /视频 重试。`,
  anew: '在对话中要求制作新视频，或在 Discord 中输入 /视频 生成。更换提示词的写法可能有帮助。',
  publications: '发布情况',
  unpublished: '尚未发布。在对话中说“发布这个视频”，或在 Discord 中使用发布命令。',
  watch: '在 YouTube 观看',
  studio: '在 YouTube 工作室中打开',
  uploaded: (p) => `已上传 ${p.percent}%`,
  publicFrom: (p) => `${p.when} 起公开`,
  expired: {
    title: '此链接已失效',
    body: '视频链接的有效期为一天。请在对话中重新索取该视频，或登录后查看。',
  },
};

export const videoPageWords: Readonly<Record<Locale, typeof en>> = { en, zh };

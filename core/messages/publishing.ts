import type { FaultWords } from './en.ts';
import { publicationShownEn, publicationShownZh } from './publication-shown.ts';
import { refusalWordsEn, refusalWordsZh } from './refusals.ts';

/** What can go wrong with a channel or a publication. */
export const publishingFaultsEn = {
  channel_missing: (): FaultWords => ({
    message: 'No YouTube channel is connected.',
    next: 'Connect one with channel_connect.',
  }),
  channel_reconnect: (p: { channel: string }): FaultWords => ({
    message: `YouTube no longer accepts our access to ${p.channel}.`,
    next: 'Connect the channel again with channel_connect.',
  }),
  channel_scope_missing: (p: { scopes: string }): FaultWords => ({
    message: `The permission to publish was not granted: ${p.scopes}.`,
    next: 'Connect again and leave every box ticked.',
  }),
  channel_access_missing: (p: { channel: string }): FaultWords => ({
    message: `Jilo may upload to ${p.channel}, but not change what is there; whatever others are to see needs that.`,
    next: 'Allow it with channel_connect and access "manage", or publish it as private.',
  }),
  publication_refused: (p: { reason: string }): FaultWords => refusalWordsEn(p.reason),
  thumbnail_not_allowed: (): FaultWords => ({
    message:
      'YouTube takes own preview pictures only from channels whose phone number is confirmed.',
    next: 'Confirm it at youtube.com/verify, then set the picture in YouTube Studio.',
  }),
};

export const publishingFaultsZh: typeof publishingFaultsEn = {
  channel_missing: () => ({
    message: '尚未连接 YouTube 频道。',
    next: '请用 channel_connect 连接。',
  }),
  channel_reconnect: (p) => ({
    message: `YouTube 不再接受我们对 ${p.channel} 的访问。`,
    next: '请用 channel_connect 重新连接该频道。',
  }),
  channel_scope_missing: (p) => ({
    message: `缺少发布权限：${p.scopes}。`,
    next: '请重新连接，并保留所有勾选。',
  }),
  channel_access_missing: (p) => ({
    message: `Jilo 可以上传到 ${p.channel}，但无权修改其中的内容；要让他人看到视频需要这项权限。`,
    next: '请用 channel_connect（access 选“manage”）授权，或以私享方式发布。',
  }),
  publication_refused: (p) => refusalWordsZh(p.reason),
  thumbnail_not_allowed: () => ({
    message: 'YouTube 只接受已验证手机号的频道自定义封面。',
    next: '请在 youtube.com/verify 完成验证，再到 YouTube 工作室设置封面。',
  }),
};

type Outcome = 'stopped' | 'private' | 'private_soon';

/** What the operations about channels and publications answer. */
export const publishingSaidEn = {
  channel_connect: (p: { url: string }) =>
    `Open this page, choose the channel and allow access: ${p.url}`,
  channel_list: (p: { count: number }) => `${p.count} channels connected.`,
  channel_disconnect: (p: { channel: string; told: boolean }) =>
    p.told
      ? `${p.channel} is disconnected. Google has been told, and our keys to it are deleted.`
      : `${p.channel} is disconnected and our keys to it are deleted, but Google could not be told. Remove Jilo's access at myaccount.google.com/connections as well.`,
  publication_suggest: (p: { title: string }) =>
    `Three titles, a description and tags. First title: ${p.title}`,
  publication_create: (p: { publication: string; channel: string }) =>
    `${p.publication} is on its way to ${p.channel}.`,
  publication_list: (p: { count: number }) => `${p.count} publications, newest first.`,
  publication_show: publicationShownEn,
  publication_update: (p: { publication: string }) => `${p.publication} is changed on YouTube.`,
  publication_cancel: ({ outcome }: { outcome: Outcome }): string => {
    if (outcome === 'stopped') return 'It is stopped. Nothing was published.';
    return outcome === 'private'
      ? 'It is private: nobody but you sees it on YouTube.'
      : 'YouTube cannot be reached; it is made private as soon as that works.';
  },
};

export const publishingSaidZh = (state: (status: string) => string): typeof publishingSaidEn => ({
  channel_connect: (p) => `请打开此页面，选择频道并允许访问：${p.url}`,
  channel_list: (p) => `已连接 ${p.count} 个频道。`,
  channel_disconnect: (p) =>
    p.told
      ? `已断开 ${p.channel}，已通知 Google，并删除了我们保存的密钥。`
      : `已断开 ${p.channel} 并删除了我们保存的密钥，但未能通知 Google。请在 myaccount.google.com/connections 中一并移除 Jilo 的访问权限。`,
  publication_suggest: (p) => `三个标题、一段描述和标签。首选标题：${p.title}`,
  publication_create: (p) => `${p.publication} 正在发布到 ${p.channel}。`,
  publication_list: (p) => `共 ${p.count} 次发布，最新在前。`,
  publication_show: (p) => publicationShownZh(p, state),
  publication_update: (p) => `已在 YouTube 上更改 ${p.publication}。`,
  publication_cancel: ({ outcome }) => {
    if (outcome === 'stopped') return '已停止，没有发布任何内容。';
    return outcome === 'private'
      ? '视频已设为私享，在 YouTube 上只有您能看到。'
      : '暂时无法连接 YouTube，恢复后会立即设为私享。';
  },
});

/** Titles of what a person decides about. */
export const publishingPreviewEn = {
  publication_create: (p: { channel: string; privacy: string; at: string | null }) =>
    p.at === null
      ? `Publish a video to ${p.channel} (${p.privacy})`
      : `Publish a video to ${p.channel}, public at ${p.at}`,
  publication_update: (p: { channel: string }) => `Change a video on ${p.channel}`,
  channel_disconnect: (p: { channel: string }) => `Disconnect ${p.channel}`,
  disconnectLines: (p: {
    scheduled: number;
    unfinished: number;
  }): readonly (readonly [string, string])[] => [
    ['Access', "ended at Google, and Jilo's keys are deleted"],
    ...(p.scheduled > 0
      ? ([
          ['Scheduled there', `${p.scheduled}: they stay on YouTube and go public at their time`],
        ] as const)
      : []),
    ...(p.unfinished > 0
      ? ([['Still being uploaded', `${p.unfinished}: they stop where they are`]] as const)
      : []),
  ],
};

export const publishingPreviewZh: typeof publishingPreviewEn = {
  publication_create: (p) =>
    p.at === null
      ? `发布视频到 ${p.channel}（${p.privacy}）`
      : `发布视频到 ${p.channel}，${p.at} 公开`,
  publication_update: (p) => `更改 ${p.channel} 上的视频`,
  channel_disconnect: (p) => `断开 ${p.channel}`,
  disconnectLines: (p) => [
    ['访问权限', '在 Google 处终止，并删除 Jilo 保存的密钥'],
    ...(p.scheduled > 0
      ? ([['已排期的视频', `${p.scheduled} 个：保留在 YouTube，按原定时间公开`]] as const)
      : []),
    ...(p.unfinished > 0
      ? ([['尚未上传完成', `${p.unfinished} 个：将停在当前进度`]] as const)
      : []),
  ],
};

/** Said when YouTube did not take something beside the video. */
export const extrasRefusedEn = {
  thumbnail:
    'The preview picture could not be set. You can set it in YouTube Studio; the video is not affected.',
  playlist:
    'It could not be put into the playlist. You can do that in YouTube Studio; the video is not affected.',
  captions:
    'The captions could not be added. You can add them in YouTube Studio; the video is not affected.',
};

export const extrasRefusedZh: typeof extrasRefusedEn = {
  thumbnail: '封面未能设置，视频不受影响；您可以在 YouTube 工作室设置封面。',
  playlist: '未能加入播放列表，视频不受影响；您可以在 YouTube 工作室添加。',
  captions: '未能添加字幕，视频不受影响；您可以在 YouTube 工作室添加。',
};

/** Said while the allowance that YouTube gives the whole project for a day is used up. */
export const allowanceUsedUpEn = (p: { until: string | null }): string =>
  `Today's allowance of YouTube is used up. It goes on by itself${p.until === null ? '' : ` at ${p.until}`}.`;

export const allowanceUsedUpZh: typeof allowanceUsedUpEn = (p) =>
  `YouTube 今天的额度已用完${p.until === null ? '，' : `，将于 ${p.until} `}自动继续。`;

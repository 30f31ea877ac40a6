import type { FaultWords } from './en.ts';

type Pair = { readonly en: string; readonly zh: string };
/** Why YouTube refuses something, to be read after "YouTube refused it:", and what helps. */
type Words = { readonly why: Pair; readonly next: Pair };

const again: Pair = { en: 'Correct it and publish again.', zh: '请修改后重新发布。' };
const retry: Pair = { en: 'Publish it again.', zh: '请重新发布。' };
const words = (en: string, zh: string, next: Pair = again): Words => ({ why: { en, zh }, next });

const account: Pair = {
  en: 'Look at the channel on youtube.com, or connect another one.',
  zh: '请到 youtube.com 查看该频道，或连接其他频道。',
};
const file: Pair = {
  en: 'Make the video again, then publish it.',
  zh: '请重新生成视频后再发布。',
};
const studio: Pair = {
  en: 'YouTube Studio shows the details; nothing was charged for publishing.',
  zh: '请到 YouTube 工作室查看详情；发布不收取配额。',
};
const tomorrow: Pair = { en: 'Try again tomorrow.', zh: '请明天再试。' };
const picture: Pair = { en: 'Choose another picture.', zh: '请换一张图片。' };
const visibility: Pair = {
  en: 'Choose another visibility, or look at the channel on youtube.com.',
  zh: '请选择其他可见性，或到 youtube.com 查看该频道。',
};
const playlist: Pair = {
  en: 'Choose another playlist; YouTube Studio lists what the channel has.',
  zh: '请选择其他播放列表；可在 YouTube 工作室查看频道已有的列表。',
};

const closed = words('the YouTube account is closed', '该 YouTube 账号已关闭', account);
const suspended = words('the YouTube account is suspended', '该 YouTube 账号已被停用', account);
const noChannel = words(
  'this Google account has no YouTube channel yet',
  '该 Google 账号还没有 YouTube 频道',
  account,
);

/** What is asked of the texts, the settings and the file of a video. */
const aboutVideo: Readonly<Record<string, Words>> = {
  invalidTitle: words(
    'the title must have 1 to 100 characters and no < or >',
    '标题须为 1 至 100 个字符，且不含 < 或 >',
  ),
  invalidDescription: words(
    'the description may have at most 5,000 bytes (about 1,600 Chinese characters) and no < or >',
    '描述最多 5000 字节（约 1600 个汉字），且不含 < 或 >',
  ),
  invalidTags: words(
    'the tags together may have at most 500 characters and no < or >',
    '标签合计最多 500 个字符，且不含 < 或 >',
  ),
  invalidCategoryId: words('this category cannot be used', '不能使用该分类'),
  invalidPublishAt: words(
    'the publishing time must be in the future and the video must not have been public before',
    '公开时间须在将来，且视频从未公开过',
  ),
  invalidVideoMetadata: words('some of its details do not fit together', '部分信息互相矛盾'),
  invalidRecordingDetails: words('its recording details do not fit', '拍摄信息不符合要求'),
  invalidVideoGameRating: words('its game rating does not fit', '游戏分级不符合要求'),
  invalidFilename: words('its file name cannot be used', '文件名无法使用'),
  mediaBodyRequired: words('the file is missing', '缺少文件', file),
  badContent: words('the file is of no kind that it accepts', '不接受该文件格式', file),
  uploadTooLarge: words('the file is too large', '文件太大', file),
  defaultLanguageNotSet: words(
    'translated texts need a main language',
    '翻译文本需要先设置主要语言',
    studio,
  ),
  invalidImage: words('it cannot read the picture', '无法读取这张图片', picture),
  uploadLimitExceeded: words(
    'this channel has reached its upload limit for today',
    '该频道今天的上传次数已达上限',
    tomorrow,
  ),
  forbiddenPrivacySetting: words(
    'this channel may not use that visibility',
    '该频道不能使用这种可见性',
    visibility,
  ),
  forbiddenLicenseSetting: words(
    'this channel may not use that licence',
    '该频道不能使用这种许可',
    studio,
  ),
  forbiddenEmbedSetting: words(
    'this channel may not decide about embedding',
    '该频道不能更改嵌入设置',
    studio,
  ),
  videoNotFound: words('it does not know this video any more', '已找不到该视频', studio),
  notFound: words('it does not know this any more', '已找不到相应内容', studio),
};

/** What is asked of the account and its channel. */
const aboutChannel: Readonly<Record<string, Words>> = {
  youtubeSignupRequired: noChannel,
  authenticatedUserNotChannel: noChannel,
  forbidden: words(
    'this account may not do that on this channel',
    '该账号无权在此频道执行此操作',
    account,
  ),
  accountDelegationForbidden: words(
    'this account may not act for that channel',
    '该账号不能代表此频道操作',
    account,
  ),
  authenticatedUserAccountClosed: closed,
  authenticatedUserAccountSuspended: suspended,
  channelClosed: words('the channel is closed', '该频道已关闭', account),
  channelSuspended: words('the channel is suspended', '该频道已被停用', account),
  channelNotFound: words('it does not know this channel', '找不到该频道', account),
};

/** What is asked of playlists and captions. */
const aboutExtras: Readonly<Record<string, Words>> = {
  playlistNotFound: words('it does not know this playlist', '找不到该播放列表', playlist),
  playlistForbidden: words('this playlist is not yours to use', '您无权使用该播放列表', playlist),
  playlistItemsNotAccessible: words(
    'this playlist is not yours to use',
    '您无权使用该播放列表',
    playlist,
  ),
  playlistOperationUnsupported: words(
    'nothing can be added to this playlist from outside',
    '无法从外部向该播放列表添加视频',
    playlist,
  ),
  playlistTitleRequired: words('the playlist needs a title', '播放列表需要标题', playlist),
  invalidPlaylistSnippet: words(
    'the title of a playlist may have at most 150 characters and no < or >',
    '播放列表标题最多 150 个字符，且不含 < 或 >',
    playlist,
  ),
  maxPlaylistExceeded: words(
    'the channel has too many playlists',
    '频道的播放列表已达上限',
    playlist,
  ),
  videoAlreadyInPlaylist: words(
    'the video is in that playlist already',
    '视频已在该播放列表中',
    studio,
  ),
  playlistContainsMaximumNumberOfVideos: words('the playlist is full', '播放列表已满', playlist),
  captionExists: words('there are captions of this language already', '该语言的字幕已存在', studio),
  contentRequired: words('the captions are empty', '字幕为空', studio),
  nameTooLong: words(
    'the name of the captions may have at most 150 characters',
    '字幕名称最多 150 个字符',
    studio,
  ),
  invalidMetadata: words(
    'the language or the name of the captions does not fit',
    '字幕的语言或名称不符合要求',
    studio,
  ),
};

/** What processing ends with: failureReason, rejectionReason, or the state itself. */
const aboutProcessing: Readonly<Record<string, Words>> = {
  codec: words('it does not support how the file is encoded', '不支持该文件的编码', file),
  conversion: words('it could not convert the video', '无法转换该视频', file),
  emptyFile: words('the file is empty', '文件为空', file),
  invalidFile: words('the file is not a video that it can read', '无法读取该视频文件', file),
  tooSmall: words('the file is too small', '文件太小', file),
  uploadAborted: words('the upload was broken off', '上传被中断', retry),
  claim: words('somebody claims rights in it', '有人主张对该视频的权利', studio),
  copyright: words('it infringes copyright', '视频侵犯版权', studio),
  duplicate: words('the channel has the same video already', '频道中已有相同的视频', studio),
  inappropriate: words('it is against the Community Guidelines', '视频违反社区准则', studio),
  legal: words('there is a legal complaint about it', '视频涉及法律投诉', studio),
  length: words('it is longer than this channel may upload', '视频超过该频道允许的时长', studio),
  termsOfUse: words('it is against the terms of service', '视频违反服务条款', studio),
  trademark: words('it infringes a trademark', '视频侵犯商标权', studio),
  uploaderAccountClosed: closed,
  uploaderAccountSuspended: suspended,
  failed: words('it could not process the video', '无法处理该视频', file),
  rejected: words('it does not allow the video', '不允许该视频', studio),
  deleted: words('the video was deleted there', '该视频已在 YouTube 上删除', studio),
};

/**
 * Every reason with words of its own.
 * Source: https://developers.google.com/youtube/v3/docs/errors and /docs/videos, reference/youtube.md 4.3, 4.4.
 */
const reasons = new Map<string, Words>(
  [aboutVideo, aboutChannel, aboutExtras, aboutProcessing].flatMap((group) =>
    Object.entries(group),
  ),
);

/** The rest: never YouTube's own text, which may carry anything. */
const unknown = words('it does not accept this as it is', '不接受目前的内容', studio);

/** Every reason that has words of its own. @internal */
export const knownRefusals: readonly string[] = [...reasons.keys()];

const of = (reason: string): Words => reasons.get(reason) ?? unknown;

/** What YouTube's reason means, and what helps. */
export function refusalWordsEn(reason: string): FaultWords {
  const { why, next } = of(reason);
  return { message: `YouTube refused it: ${why.en}.`, next: next.en };
}

/** The same in Chinese. */
export function refusalWordsZh(reason: string): FaultWords {
  const { why, next } = of(reason);
  return { message: `YouTube 拒绝了请求：${why.zh}。`, next: next.zh };
}

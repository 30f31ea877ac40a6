import { limitProblemsEn, limitProblemsZh } from './limits.ts';
import { serverWalletProblemsEn, serverWalletProblemsZh } from './server-wallet.ts';
import { scopeProblemsEn, scopeProblemsZh } from './tokens.ts';

/** What can be wrong with one field of an input; each sentence follows the field's name and a colon. */
export const problemsEn = {
  ...scopeProblemsEn,
  ...serverWalletProblemsEn,
  ...limitProblemsEn,
  unknown_field: (p: { known: string }) => `there is no such field (the fields are: ${p.known})`,
  quote_or_prompt: () => 'give a quote from video_quote, or a prompt',
  fixed_by_quote: () => 'the quote already fixes this; leave it out',
  trend_or_idea: () => 'give a trend from trend_search, or an idea',
  platform_unknown: (p: { name: string; known: string }) => `"${p.name}" is none of ${p.known}`,
  platform_missing: (p: { known: string }) => `name at least one of ${p.known}`,
  below_views_min: () => 'must not be below views_min',
  watch_too_cheap: (p: { least: string }) =>
    `is too little for so many looks and platforms; at least ${p.least} is needed`,
  no_hashtag: () => 'has no letters or digits, so it cannot be a hashtag',
  several_channels: (p: { ids: string }) => `you have several; name one of ${p.ids}`,
  angle_brackets: () => 'must not contain < or >',
  too_many_characters: (p: { count: number; most: number }) =>
    `is ${p.count} characters, at most ${p.most} are allowed`,
  too_many_bytes: (p: { count: number; most: number }) =>
    `is ${p.count} bytes, at most ${p.most} are allowed`,
  too_many_together: (p: { count: number; most: number }) =>
    `are ${p.count} characters together, at most ${p.most} are allowed`,
  not_in_future: () => 'must be in the future',
  not_scheduled_unlisted: () => 'a scheduled video goes public; it cannot be unlisted',
  public_already: () => 'is for a video that nobody has seen yet; this one was visible already',
  no_lines: () => 'needs lines in the video: it was made without captions and without a voice',
  own_needs_picture: () =>
    'is needed with the thumbnail "own"; keep one with picture_keep and give its id',
  picture_for_own_only: () =>
    'goes with the thumbnail "own" only; leave it out, or choose that thumbnail',
  picture_elsewhere: () =>
    'is not a picture that was uploaded here; upload it in the chat and give its address',
  picture_too_many_bytes: (p: { most: string }) =>
    `is more than ${p.most}; make the picture smaller and upload it again`,
  picture_too_many_pixels: (p: { most: number }) =>
    `has more than ${p.most} pixels on a side; make the picture smaller and upload it again`,
  no_picture: () => 'is no picture that can be read; upload a JPEG, PNG or WebP',
  nothing_to_change: () => 'name at least one thing to change',
  time_zone_unknown: (p: { name: string }) =>
    `"${p.name}" is no time zone; use a name such as Asia/Shanghai or Europe/Berlin`,
  no_id: (p: { text: string }) => `"${p.text}" is neither an id nor a mention`,
  too_many: (p: { count: number; most: number }) => `are ${p.count}, at most ${p.most} are allowed`,
  no_text: () => 'holds characters that no text can have',
  approved_as_is: () => 'was approved as it is and cannot be chosen',
  given_twice: () => 'is given twice',
  not_json: (p: { reason: string }) =>
    `the second word must be JSON in single quotes, such as '{"keyword":"AI"}' (${p.reason})`,
  approve_or_decline: () => 'choose approve or decline',
  not_readable: (p: { reason: string }) => `the request cannot be read: ${p.reason}`,
};

export type Problems = typeof problemsEn;

export const problemsZh: Problems = {
  ...scopeProblemsZh,
  ...serverWalletProblemsZh,
  ...limitProblemsZh,
  unknown_field: (p) => `没有这个字段（可用字段：${p.known}）`,
  quote_or_prompt: () => '请给出 video_quote 的报价编号，或一段 Prompt',
  fixed_by_quote: () => '报价已确定此项，请去掉',
  trend_or_idea: () => '请给出 trend_search 的爆款编号，或一个想法',
  platform_unknown: (p) => `“${p.name}”不在 ${p.known} 之中`,
  platform_missing: (p) => `请至少写一个：${p.known}`,
  below_views_min: () => '不能小于 views_min',
  watch_too_cheap: (p) => `对这样的次数和平台来说太低，至少需要 ${p.least}`,
  no_hashtag: () => '没有字母、汉字或数字，无法作为话题标签',
  several_channels: (p) => `您有多个频道，请指定其一：${p.ids}`,
  angle_brackets: () => '不能包含 < 或 >',
  too_many_characters: (p) => `共 ${p.count} 个字符，最多 ${p.most} 个`,
  too_many_bytes: (p) => `共 ${p.count} 字节，最多 ${p.most} 字节`,
  too_many_together: (p) => `合计 ${p.count} 个字符，最多 ${p.most} 个`,
  not_in_future: () => '必须是将来的时间',
  not_scheduled_unlisted: () => '定时发布的视频会变为公开，不能设为不公开',
  public_already: () => '只适用于尚未公开过的视频；该视频已被他人看到',
  no_lines: () => '视频没有字幕或配音，无法生成字幕轨',
  own_needs_picture: () => '封面选“own”时需要图片；请先用 picture_keep 保存图片，再填写其编号',
  picture_for_own_only: () => '只用于封面“own”；请去掉，或改选该封面',
  picture_elsewhere: () => '不是在此处上传的图片；请在聊天中上传，再给出其地址',
  picture_too_many_bytes: (p) => `超过 ${p.most}；请缩小图片后重新上传`,
  picture_too_many_pixels: (p) => `有一边超过 ${p.most} 像素；请缩小图片后重新上传`,
  no_picture: () => '不是可读取的图片；请上传 JPEG、PNG 或 WebP',
  nothing_to_change: () => '请至少给出一项要更改的内容',
  time_zone_unknown: (p) => `“${p.name}”不是时区，请使用 Asia/Shanghai 这样的名称`,
  no_id: (p) => `“${p.text}”不是编号，也不是提及`,
  too_many: (p) => `共 ${p.count} 个，最多 ${p.most} 个`,
  no_text: () => '包含文本中不可能出现的字符',
  approved_as_is: () => '已按原样批准，不能更改',
  given_twice: () => '重复给出',
  not_json: (p) => `第二个参数必须是单引号中的 JSON，例如 '{"keyword":"AI"}'（${p.reason}）`,
  approve_or_decline: () => '请选择批准或拒绝',
  not_readable: (p) => `无法读取该请求：${p.reason}`,
};

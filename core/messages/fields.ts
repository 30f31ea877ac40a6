import type { Locale } from './catalogue.ts';
import { choices } from './field-choices.ts';

/** Words in which a chat shows commands; the English names are those of the operations themselves. */
type Word = { readonly name: string; readonly description: string };
type Both = Readonly<Record<Locale, string>>;

/** A field of an operation. */
export type FieldPlace = { readonly operation: string; readonly field: string };

type NounWords = { readonly zh: string; readonly description: Both };

/** `name` in Chinese, and what the group of commands is about. */
const nouns: Readonly<Record<string, NounWords>> = {
  trend: { zh: '爆款', description: { en: 'Videos that are taking off', zh: '正在走红的视频' } },
  watch: {
    zh: '监测',
    description: { en: 'Be told when something takes off', zh: '有视频走红时通知我' },
  },
  prompt: {
    zh: '提示词',
    description: { en: 'Prompts for new videos', zh: '新视频的提示词' },
  },
  model: { zh: '模型', description: { en: 'Models that make videos', zh: '制作视频的模型' } },
  video: { zh: '视频', description: { en: 'Make and manage videos', zh: '制作和管理视频' } },
  channel: { zh: '频道', description: { en: 'Your YouTube channels', zh: '我的 YouTube 频道' } },
  publication: {
    zh: '发布',
    description: { en: 'Publish videos to YouTube', zh: '把视频发布到 YouTube' },
  },
  stats: {
    zh: '数据',
    description: { en: 'Views, likes and comments', zh: '观看、点赞和评论' },
  },
  picture: {
    zh: '图片',
    description: { en: 'Pictures that you upload', zh: '我上传的图片' },
  },
  quota: { zh: '配额', description: { en: 'What you can still make', zh: '剩余配额及明细' } },
  plan: { zh: '套餐', description: { en: 'Plans, packs and payment', zh: '套餐、加量包和付款' } },
  account: { zh: '账户', description: { en: 'Your account', zh: '我的账户' } },
  token: {
    zh: '令牌',
    description: { en: 'Let other programs act for you', zh: '让其他程序代您操作' },
  },
  server: {
    zh: '服务器',
    description: { en: 'How Jilo behaves on this server', zh: 'Jilo 在本服务器的设置' },
  },
};

const verbs: Readonly<Record<string, string>> = {
  cancel: '取消',
  check: '检查',
  connect: '连接',
  create: '新建',
  delete: '删除',
  disconnect: '断开',
  export: '导出',
  fund: '转入',
  generate: '生成',
  history: '明细',
  keep: '保存',
  link: '关联',
  list: '列表',
  manage: '管理',
  merge: '合并',
  quote: '报价',
  receipt: '明细单',
  retry: '重试',
  revoke: '撤销',
  save: '收藏',
  search: '搜索',
  share: '分享',
  show: '查看',
  suggest: '推荐文案',
  update: '更改',
  upgrade: '升级',
  write: '撰写',
};

/** By field, or by operation and field where a field means something else there. */
const fields: Readonly<Record<string, Word>> = {
  before: { name: '早于', description: '只看此编号之前的变动' },
  captions: { name: '字幕', description: '是否为每个镜头显示一句字幕' },
  category: { name: '分类', description: 'YouTube 的分类编号；28 为科学技术' },
  channel: { name: '频道', description: '频道编号；只有一个频道时可不填' },
  channels: { name: '可用频道', description: '允许使用的频道，用逗号分隔；填 all 表示所有频道' },
  daily_usd: { name: '每日上限', description: '每天最多花费多少美元（0.05 到 5），由运营者承担' },
  days: { name: '时间范围', description: '只看最近多少天内发布的视频' },
  description: { name: '描述', description: '纯文本，最多 5000 字节，不含 < 和 >' },
  every_hours: { name: '间隔', description: '多久查看一次' },
  fit: { name: '适配方式', description: '模型不支持所选比例时，裁剪或加边' },
  format: { name: '格式', description: '供电子表格，或供程序使用' },
  idea: { name: '想法', description: '用自己的话描述想法' },
  keyword: { name: '关键词', description: '要查找的内容，例如“AI 工具”' },
  ledger_channel: { name: '账本频道', description: '公布服务器钱包每笔变动的频道；填 off 关闭' },
  leash: { name: '免询问额度', description: '模型每天可不经询问使用的配额；0 为每次都询问' },
  daily_cap: { name: '每日上限', description: '每天最多使用的配额：0 到 100000；off 为不限' },
  limit: { name: '数量', description: '列出多少条，最新在前' },
  link: { name: '链接', description: '关联账户的链接编号' },
  locale: { name: '语言', description: '所有回复使用的语言' },
  made_for_kids: { name: '面向儿童', description: '视频是否面向儿童' },
  min_score: { name: '最低爆款分', description: '达到此分才通知，0 到 100' },
  model: { name: '模型', description: '视频模型；用“模型 列表”比较' },
  month: { name: '月份', description: '只看这个月，例如 2026-11' },
  name: { name: '名称', description: '供哪个程序使用，例如“Claude”' },
  notices: { name: '通知', description: '完成、失败或需要您处理时是否发消息' },
  notify: { name: '通知订阅者', description: '是否通知频道的订阅者' },
  pays: { name: '付费方', description: '视频由各人自付，还是由服务器钱包支付' },
  picture: { name: '图片', description: '封面选“我的图片”时，图片的编号' },
  playlists: { name: '含播放列表', description: '是否一并列出各频道的播放列表' },
  playlist: { name: '播放列表', description: '播放列表的标题；频道没有时会新建' },
  access: { name: '权限', description: '仅上传，还是也可以修改' },
  pace: { name: '节奏', description: '镜头和动作的快慢' },
  platforms: { name: '平台', description: '用逗号分隔：tiktok、youtube、instagram' },
  privacy: { name: '可见性', description: '谁可以看到该视频' },
  product: { name: '套餐或加量包', description: '要购买的套餐或加量包' },
  prompt: { name: '提示词', description: '视频内容，10 到 500 个字符' },
  publication: { name: '发布', description: '发布的编号' },
  publish_at: {
    name: '公开时间',
    description: '自动公开的时间，例如 2026-12-01T20:00:00+08:00；在此之前为私享',
  },
  purpose: { name: '用途', description: '您用 Jilo 做什么' },
  quote: { name: '报价', description: '报价编号；有报价时不需要其他字段' },
  role_limits: {
    name: '限额',
    description: '各身份组每天可用的配额，例如 123456789012345678=5, everyone=1；none 为不设',
  },
  roles: { name: '可用身份组', description: '允许使用的身份组，用逗号分隔；填 all 表示所有人' },
  saved: { name: '收藏', description: '填“否”则取消收藏' },
  scopes: { name: '权限范围', description: '用逗号分隔：read、write、spend、publish' },
  search: { name: '搜索', description: '之前某次搜索的编号；列出当时的结果' },
  seconds: { name: '时长', description: '视频时长（秒）' },
  shape: { name: '画面比例', description: '不填则为竖屏 9:16；每个模型都支持，必要时裁剪或加边' },
  style: { name: '风格', description: '画面风格；自动则按提示词' },
  tags: { name: '标签', description: '用逗号分隔，合计最多 500 个字符' },
  thumbnail: { name: '封面', description: '播放前显示的图片' },
  time_zone: { name: '时区', description: '例如 Asia/Shanghai；决定“晚上 8 点”是什么时候' },
  token: { name: '令牌', description: '令牌编号，来自令牌列表' },
  title: { name: '标题', description: '最多 100 个字符，不含 < 和 >' },
  tone: { name: '色调', description: '画面色调；自动则按提示词' },
  trend: { name: '爆款', description: '爆款编号，来自搜索结果' },
  units: { name: '配额', description: '转入多少加量包配额，不可收回' },
  url: { name: '地址', description: '在聊天中上传的图片的地址' },
  variants: { name: '版本数', description: '同时制作几个版本供挑选，每个都消耗配额' },
  video: { name: '视频', description: '视频编号' },
  views_max: { name: '最高播放量', description: '略过播放量更高的视频' },
  views_min: { name: '最低播放量', description: '略过播放量更低的视频' },
  visibility: { name: '结果可见', description: '谁能看到结果' },
  voice: { name: '配音', description: '为每个镜头配一句旁白的声音' },
  wait_seconds: { name: '等待秒数', description: '最多等待多少秒（0 到 40），直到结束' },
  watch: { name: '监测', description: '监测编号，来自监测列表' },
  'publication_create.captions': {
    name: '字幕轨',
    description: '是否附上视频自己的台词，观众可开关',
  },
  'prompt_check.prompt': { name: '提示词', description: '要检查的文字，最多 500 个字符' },
  'server_update.locale': { name: '语言', description: '公开消息的语言；也可跟随提问者' },
  'stats_show.days': { name: '时间范围', description: '统计最近多少天的增长' },
  'stats_show.publication': { name: '发布', description: '只看这一个；不填则为全部' },
  'video_share.days': {
    name: '有效天数',
    description: '链接有效多少天，0 到 30；0 为停用所有链接',
  },
  'token_create.days': { name: '有效天数', description: '多少天后失效，1 到 365' },
  'token_list.limit': { name: '数量', description: '列出多少个，有效的在前' },
  'trend_list.saved': { name: '仅收藏', description: '只列出收藏的爆款' },
  'trend_show.watch': {
    name: '观看视频',
    description: '让模型观看视频本身；仅限 YouTube，耗时更长',
  },
  'trend_search.limit': { name: '数量', description: '排序多少个视频' },
  'video_list.before': { name: '早于', description: '只看早于此视频的视频，填视频编号' },
};

/** The words of a noun such as `video`. @throws Error for one without words. */
export const nounWords = (noun: string): NounWords => found(nouns[noun], noun);

/** The Chinese name of a verb such as `generate`. @throws Error for one without words. */
export const verbName = (verb: string): string => found(verbs[verb], verb);

/** The Chinese name and description of a field. @throws Error for one without words. */
export const fieldWords = ({ operation, field }: FieldPlace): Word =>
  found(fields[`${operation}.${field}`] ?? fields[field], `${operation}.${field}`);

/** How a value of a field is shown; a value without a label stands for itself. */
export function choiceLabel(
  { operation, field }: FieldPlace,
  value: string | number,
  locale: Locale,
): string {
  const labels = choices[`${operation}.${field}`] ?? choices[field];
  return labels?.[value]?.[locale] ?? String(value);
}

/** Whether every value of the field has a label of its own. @internal */
export const hasLabel = ({ operation, field }: FieldPlace, value: string | number): boolean =>
  (choices[`${operation}.${field}`] ?? choices[field])?.[value] !== undefined;

/** Every key of the tables, for finding words that nothing uses. @internal */
export const wordKeys = {
  nouns: Object.keys(nouns),
  verbs: Object.keys(verbs),
  fields: Object.keys(fields),
  choices: Object.keys(choices),
};

function found<T>(words: T | undefined, key: string): T {
  if (words === undefined) throw new Error(`core/messages/fields.ts has no words for ${key}`);
  return words;
}

/** What the page itself says, in the language of the person; Discord's own words where it has some. */

const en = {
  textChannels: 'Text channels',
  directMessages: 'Direct messages',
  place: 'A local Discord. Nothing leaves this machine.',
  placeShort: 'Local Discord',
  topic: (bot) => `Type / for commands, or write to @${bot} in your own words.`,
  topicDirect: 'Type / for commands, or say what you want.',
  welcomeChannel: (name) => `Welcome to #${name}!`,
  welcomeDirect: (name) => `This is the beginning of your direct messages with ${name}.`,
  welcomeThread: (name) => `${name}`,
  welcomeText: (bot) =>
    `${bot} finds videos that are taking off, makes a new one from the idea, and publishes it. Say what you want, or type / to see every command.`,
  tries: (bot, direct) => [
    { text: `${direct ? '' : `@${bot} `}Find what is trending about AI tools` },
    {
      text: `${direct ? '' : `@${bot} `}Find a hit about AI tools and make a 30 second vertical video of it`,
    },
    { command: '/video generate' },
  ],
  composer: (name) => `Message ${name}`,
  commandOptions: 'Command options',
  commands: 'Commands',
  people: 'People',
  suggestions: 'Suggestions',
  noCommands: 'No command begins like that',
  openCommands: 'Use a command',
  send: 'Send',
  messages: (name) => `Messages in ${name}`,
  optional: 'Optional',
  more: (count) => `+${count} more`,
  required: 'This option is required. Specify a value.',
  requiredField: 'This field is required.',
  chooseOne: 'Choose one of the suggestions.',
  integer: 'Enter a whole number.',
  number: 'Enter a number.',
  atLeast: (value) => `Must be at least ${value}.`,
  atMost: (value) => `Must be at most ${value}.`,
  atLeastCharacters: (count) => `Must be at least ${count} characters.`,
  atMostCharacters: (count) => `Must be at most ${count} characters.`,
  atLeastChoices: (count) => `Choose at least ${count}.`,
  atMostChoices: (count) => `Choose at most ${count}.`,
  loading: 'Loading…',
  nothingFound: 'No options match your search.',
  yes: 'True',
  no: 'False',
  app: 'APP',
  edited: '(edited)',
  thinking: 'is thinking…',
  sending: 'Sending command…',
  used: 'used',
  onlyYou: 'Only you can see this',
  dismiss: 'Dismiss message',
  notResponding: 'The application did not respond',
  failed: 'This interaction failed',
  sendingFailed: 'Something went wrong. Try again.',
  typing: (name) => `${name} is typing…`,
  reply: 'Reply',
  replyingTo: (name) => `Replying to ${name}`,
  cancelReply: 'Stop replying',
  createThread: 'Create thread',
  threadName: 'Thread name',
  create: 'Create',
  openThread: 'Open thread',
  deletedMessage: 'The message was deleted.',
  noMessage: 'That message is not here any more, or not for you.',
  message: 'message',
  attachmentOnly: 'Click to see the attachment',
  newMessages: 'New messages',
  jump: 'Jump to present',
  offline: 'Connection lost. Trying again…',
  refusalTitle: 'Discord would refuse this',
  refusals: (count) => (count === 1 ? '1 refusal' : `${count} refusals`),
  noRefusals: 'Nothing was refused.',
  close: 'Close',
  cancel: 'Cancel',
  submit: 'Submit',
  select: 'Make a selection',
  chooseFile: 'Choose a file',
  account: 'You and your language',
  language: 'Language',
  switchPerson: 'Who is speaking',
  addPerson: 'Add a person',
  personName: 'Name',
  add: 'Add',
  navigation: 'Channels',
  openNavigation: 'Show channels',
  today: (time) => `Today at ${time}`,
  yesterday: (time) => `Yesterday at ${time}`,
  spoiler: 'Spoiler, press to show',
  image: 'Image',
  video: 'Video',
  botOffline: 'The bot is not connected',
};

const zh = {
  textChannels: '文字频道',
  directMessages: '私信',
  place: '本机 Discord，一切都不会离开这台电脑。',
  placeShort: '本机 Discord',
  topic: (bot) => `输入 / 使用指令，或 @${bot} 直接说出你想要的。`,
  topicDirect: '输入 / 使用指令，或直接说出你想要的。',
  welcomeChannel: (name) => `欢迎来到 #${name}！`,
  welcomeDirect: (name) => `这是你与 ${name} 私信的开始。`,
  welcomeThread: (name) => `${name}`,
  welcomeText: (bot) =>
    `${bot} 会找出正在走红的视频，用它的点子做一条新的，再替你发布。直接说出你想要的，或输入 / 查看所有指令。`,
  tries: (bot, direct) => [
    { text: `${direct ? '' : `@${bot} `}找一个关于AI工具的爆款，做个30秒竖屏视频` },
    { text: `${direct ? '' : `@${bot} `}最近AI工具有什么爆款？` },
    { command: '/video generate' },
  ],
  composer: (name) => `给 ${name} 发消息`,
  commandOptions: '指令选项',
  commands: '指令',
  people: '成员',
  suggestions: '建议',
  noCommands: '没有这样开头的指令',
  openCommands: '使用指令',
  send: '发送',
  messages: (name) => `${name} 的消息`,
  optional: '可选',
  more: (count) => `还有 ${count} 项`,
  required: '此选项为必填项。请填写一个值。',
  requiredField: '此项必填。',
  chooseOne: '请从建议中选择一项。',
  integer: '请输入整数。',
  number: '请输入数字。',
  atLeast: (value) => `不能小于 ${value}。`,
  atMost: (value) => `不能大于 ${value}。`,
  atLeastCharacters: (count) => `至少 ${count} 个字符。`,
  atMostCharacters: (count) => `最多 ${count} 个字符。`,
  atLeastChoices: (count) => `至少选择 ${count} 项。`,
  atMostChoices: (count) => `最多选择 ${count} 项。`,
  loading: '加载中…',
  nothingFound: '没有符合的选项。',
  yes: '是',
  no: '否',
  app: '应用',
  edited: '（已编辑）',
  thinking: '正在思考…',
  sending: '正在发送指令…',
  used: '使用了',
  onlyYou: '仅你可见',
  dismiss: '忽略此消息',
  notResponding: '该应用程序未响应',
  failed: '此交互失败',
  sendingFailed: '出了点问题，请再试一次。',
  typing: (name) => `${name} 正在输入…`,
  reply: '回复',
  replyingTo: (name) => `正在回复 ${name}`,
  cancelReply: '取消回复',
  createThread: '创建子区',
  threadName: '子区名称',
  create: '创建',
  openThread: '打开子区',
  deletedMessage: '消息已删除。',
  noMessage: '这条消息已不在，或你无法查看。',
  message: '消息',
  attachmentOnly: '点击查看附件',
  newMessages: '新消息',
  jump: '跳到最新',
  offline: '连接已断开，正在重试…',
  refusalTitle: 'Discord 会拒绝这个请求',
  refusals: (count) => `${count} 个拒绝`,
  noRefusals: '没有被拒绝的请求。',
  close: '关闭',
  cancel: '取消',
  submit: '提交',
  select: '请选择',
  chooseFile: '选择文件',
  account: '你和你的语言',
  language: '语言',
  switchPerson: '当前说话的人',
  addPerson: '添加成员',
  personName: '名字',
  add: '添加',
  navigation: '频道',
  openNavigation: '显示频道',
  today: (time) => `今天 ${time}`,
  yesterday: (time) => `昨天 ${time}`,
  spoiler: '剧透，点击显示',
  image: '图片',
  video: '视频',
  botOffline: '机器人未连接',
};

/** The words of a Discord locale: Chinese for zh-*, English for all others. */
export function wordsOf(locale) {
  return locale?.startsWith('zh') ? zh : en;
}

const day = 86_400_000;
const startOfDay = (date) =>
  new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();

/** When a message was written, as Discord puts it beside the name. */
export function messageTime(iso, locale, now = new Date()) {
  const date = new Date(iso);
  const time = clockTime(iso, locale);
  const days = Math.round((startOfDay(now) - startOfDay(date)) / day);
  const words = wordsOf(locale);
  if (days === 0) return words.today(time);
  if (days === 1) return words.yesterday(time);
  return new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'short' }).format(date);
}

export function clockTime(iso, locale) {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).format(new Date(iso));
}

export function dayTitle(iso, locale) {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(new Date(iso));
}

export function fullTime(date, locale) {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short' }).format(date);
}

const styles = {
  t: { timeStyle: 'short' },
  T: { timeStyle: 'medium' },
  d: { dateStyle: 'short' },
  D: { dateStyle: 'long' },
  f: { dateStyle: 'long', timeStyle: 'short' },
  F: { dateStyle: 'full', timeStyle: 'short' },
  s: { dateStyle: 'short', timeStyle: 'short' },
  S: { dateStyle: 'short', timeStyle: 'medium' },
};

/** The text of a <t:seconds:style> mark. */
export function timestampText(seconds, style, locale, now = new Date()) {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return String(seconds);
  if (style === 'R') return relativeTime(date, locale, now);
  return new Intl.DateTimeFormat(locale, styles[style] ?? styles.f).format(date);
}

const units = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

function relativeTime(date, locale, now) {
  const seconds = Math.round((date.getTime() - now.getTime()) / 1000);
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? units.at(-1);
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(
    Math.trunc(seconds / size),
    unit,
  );
}

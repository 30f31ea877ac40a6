import type { DoctorWords } from './en.ts';

const list = (names: readonly string[]): string => names.join('、');

/** What the doctor says in Chinese. */
export const zh: DoctorWords = {
  states: { ok: '正常', missing: '缺少', failed: '故障', warning: '注意', sandbox: '沙盒' },
  switchesOff: '因此不可用：',
  howToGetIt: '怎么办：',
  goLive: '上线：',
  colon: '：',
  names: {
    settings: '设置',
    database: '数据库',
    storage: '存储',
    disk: '磁盘',
    codecs: '编解码',
    web: '公网地址',
    discord: 'Discord',
    fal: 'fal（视频）',
    runway: 'Runway（视频）',
    apify: 'Apify（爆款）',
    gemini: 'Gemini（文字）',
    youtube: 'YouTube',
    stripe: 'Stripe（套餐）',
    mail: '邮件（SMTP）',
    signIn: '登录（网页）',
    clock: '时钟',
  },
  allWell: (p) => `共检查 ${p.checks} 项，已配置的部分没有故障。`,
  someFailed: (p) => `${p.checks} 项检查中有 ${p.failed.length} 项故障：${list(p.failed)}。`,

  services: {
    discord: {
      off: '服务器和私信里的机器人。',
      get: 'Discord 开发者平台：New Application、Bot、Reset Token，然后设置 DISCORD_TOKEN 和 DISCORD_APPLICATION_ID。',
    },
    fal: {
      off: '除 Runway 以外所有模型的视频生成。',
      get: 'fal.ai 控制台的 Keys，账户里要有余额，然后设置 FAL_KEY 和 PUBLIC_URL。',
    },
    runway: {
      off: '模型 runway 的视频生成。',
      get: 'Runway 开发者后台的 API keys，账户里要有点数，然后设置 RUNWAYML_API_SECRET。',
    },
    apify: {
      off: '爆款搜索与关注。',
      get: 'Apify 控制台的 Settings, API & Integrations，然后设置 APIFY_TOKEN。',
    },
    gemini: {
      off: '与您对话的助手；解释、Prompt 和标题改由规则撰写。',
      get: 'Google AI Studio 的 Get API key，然后设置 GOOGLE_GENERATIVE_AI_API_KEY。',
    },
    youtube: {
      off: '连接频道与发布。',
      get: 'Google Cloud 控制台：启用 YouTube Data API v3，创建“Web application”类型的 OAuth 客户端，然后设置 GOOGLE_CLIENT_ID 和 GOOGLE_CLIENT_SECRET。',
    },
    stripe: {
      off: '付费套餐和加量包；所有人只有免费配额。',
      get: 'Stripe 控制台：API 密钥、webhook 端点和价格，见 docs/billing.md，然后设置 STRIPE_SECRET_KEY、STRIPE_WEBHOOK_SECRET 和 STRIPE_PRICE_*。',
    },
    mail: {
      off: '用邮箱地址注册、通过邮件设置新密码，以及账户变动的邮件通知。',
      get: '邮件服务商的 SMTP 信息：主机、端口、用户名和密码。然后设置 SMTP_URL（smtp://用户名:密码@主机:587）和 MAIL_FROM，后者必须是服务商允许您使用的发件地址。',
    },
  },
  sandbox: () => '本机上的模拟器。',
  notSet: (p) => `没有设置 ${list(p.names)}。`,
  halfSet: (p) => `只设置了一半：缺少 ${list(p.lacks)}，其余的因此没有使用。`,
  setRest: (p) => `请把 ${list(p.lacks)} 也设置好。`,
  keyAccepted: (p) => `${p.host} 接受这个密钥。`,
  refused: (p) => `${p.host} 不接受 ${list(p.names)}（${p.status}）。`,
  unusable: (p) => `${list(p.names)} 里有密钥不会有的字符。`,
  copyAgain: (p) => `请重新复制：${p.get}`,
  silent: (p) => `连接不到 ${p.host}（${p.code}）。`,
  lookAtNetwork: (p) => `请确认本机可以连接 ${p.host}：网络、DNS、代理、防火墙。`,
  busy: (p) => `${p.host} 正忙，没有检查密钥（429）。`,
  later: () => '请过几分钟再运行一次。',
  broken: (p) => `${p.host} 自身出错（${p.status}）。`,
  strange: (p) => `${p.host} 的回答出乎意料（${p.status}）。`,
  lookAtAddress: () => '请检查设置里的地址（..._URL）是否正确，或更新 Jilo。',
  tooSlow: (p) => `${p.seconds} 秒内没有结束。`,
  lookAtSlow: () => '请再运行一次；如果仍然如此，请检查网络和本机。',
  brokeOff: (p) => `检查中断（${p.code}）。`,

  settingsWrong: () => '请在 .env 或环境变量中更正；全部设置见 .env.example。',
  nothingStarts: () => '全部：这样的设置下 Jilo 无法启动。',
  production: () => '生产环境：没有任何模拟，JILO_SECRET 已设置。',
  development: (p) =>
    p.secret
      ? '非生产环境：没有密钥的服务由模拟器代替。JILO_SECRET 已设置。'
      : '非生产环境：没有密钥的服务由模拟器代替。密钥文件会在数据文件夹里创建一次。',
  publicButEmulated: () =>
    'PUBLIC_URL 对外开放，而 NODE_ENV 不是 production：缺少密钥的地方，别人遇到的是模拟器。',
  setProduction: () => '请设置 NODE_ENV=production 和 JILO_SECRET（openssl rand -base64 32）。',

  databaseFine: (p) => `Postgres ${p.version}，${p.migrations} 个迁移全部完成。`,
  databaseOff: () => '全部功能。',
  databaseSilent: (p) => `连接不到数据库（${p.code}）。`,
  lookAtDatabase: () => '请确认 Postgres 正在运行，DATABASE_URL 正确。',
  databaseOld: (p) => `Postgres ${p.version} 太旧。`,
  updateDatabase: () => '请使用 Postgres 15 以上。',
  behind: (p) => `${p.wanted} 个迁移只完成了 ${p.applied} 个。`,
  behindOff: () => '依赖这些迁移的功能，直到 Jilo 启动并完成迁移。',
  migrate: () => 'npm run migrate',
  ahead: (p) =>
    `数据库的结构（${p.applied} 个迁移）比这个 Jilo（${p.wanted} 个）新，Jilo 不会在它上面启动。`,
  updateJilo: () => '请启动更新的版本，或把备份恢复到新的数据库（docs/deploying.md）。',
  foreign: (p) =>
    `这个 Jilo 从未有过数据库的这种结构（第 ${p.migration} 个迁移不同），不会在它上面启动。`,
  useOtherDatabase: () => '请启动建立它的版本，或换用另一个 DATABASE_URL 或 JILO_DATA_DIR。',
  databaseClock: (p) => `数据库与本机的时钟相差 ${p.seconds} 秒。`,
  databaseClockOff: () => '排队、期限和限额会有同样的误差。',

  afterDatabase: () => '没有检查：要先修好数据库。',
  storageFine: (p) => `在 ${p.place} 写入、读出并删除了一个小文件。`,
  storageOff: () => '保存镜头、成片、图片和图表。',
  storageChanged: (p) => `${p.place} 读出的内容与写入的不同。`,
  storageRefused: (p) => `${p.place} 拒绝我们访问。`,
  storageSilent: (p) => `${p.place} 无法写入文件（${p.code}）。`,
  storageFull: (p) => `${p.place} 已满。`,
  lookAtStorage: () =>
    '请检查 STORAGE_URL、S3_ENDPOINT、S3_REGION 和密钥：需要读、写、删除的权限；若是文件夹，请检查其所有者和权限。',
  diskFine: (p) => `JILO_DATA_DIR 还有 ${p.gigabytes} GB 可用空间。`,
  diskLow: (p) => `JILO_DATA_DIR 只剩 ${p.gigabytes} GB 可用空间。`,
  diskOff: () => '空间用完时，视频拼接会等待。',
  diskMore: () =>
    '请腾出 5 GB 以上，或设置 VIDEO_RETENTION_DAYS，或把文件存到存储桶（STORAGE_URL）。',
  diskClosed: (p) => `JILO_DATA_DIR 无法写入（${p.code}）。`,
  diskOwn: () => '请让运行 Jilo 的用户拥有这个文件夹。',
  codecsFine: () => 'H.264 和 AAC 可以编码和解码。',
  codecsOff: () => '拼接成片、封面和字幕。',
  codecsWrong: () => 'H.264 或 AAC 无法编码。',
  codecsGet: () => '请在本机运行 npm ci；node-av 包里的 FFmpeg 必须适合本机的处理器和系统。',

  webLocal: (p) => `只有本机能访问 ${p.url}。`,
  webLocalOff: () =>
    '回调：fal 的结果要晚一分钟才能查到，Stripe 的付款要到当天夜里才知道；链接在别处打不开。',
  webSandboxOff: () => '链接在别的机器上打不开。',
  webGet: () => '需要一个指向 PORT 的 HTTPS 域名（反向代理或隧道），并把 PUBLIC_URL 设为它。',
  webPlain: (p) => `${p.url} 不是别人能访问的 HTTPS 地址。`,
  webFine: (p) => `从本机看，${p.url} 通向这个 Jilo。`,
  webOther: (p) => `${p.url} 通向一个 Jilo，但不是这个数据文件夹上的那个。`,
  webOtherGet: () => '如果多个 Jilo 共用一个数据库，这没有问题；否则请检查代理指向哪里。',
  webNotOurs: (p) => `在 ${p.url} 回答的不是 Jilo。`,
  webDown: (p) => `${p.url} 上的 Jilo 没有数据库。`,
  webSilent: (p) => `这里有 Jilo 在运行，但 ${p.url} 不通向它（${p.code}）。`,
  webNotRunning: (p) => `${p.url} 没有回答，这个数据文件夹上也没有运行中的 Jilo。`,
  webStart: () => '请先启动（npm start），再在旁边运行一次本命令。',
  webLead: () => '请检查 DNS、证书、防火墙，以及代理指向哪里。',

  clockFine: (p) => `与已回答的服务相差不到 ${p.seconds} 秒。`,
  clockNoOne: () => '没有询问任何外部服务，所以无从比较。',
  clockOff: (p) => `本机比 ${p.host} ${p.isAhead ? '快' : '慢'} ${p.seconds} 秒。`,
  clockSwitches: () => '时钟不一致时，fal 和 Stripe 的签名回调、S3 和登录会被拒绝。',
  clockGet: () => '请让本机从网络同步时间（timedatectl set-ntp true）。',

  runwayFine: (p) => `密钥有效，还有 ${p.credits} 点。`,
  runwayEmpty: () => '密钥有效，但没有点数。',
  runwayBuy: () => '请在 Runway 开发者后台购买点数。',
  apifyFine: (p) => `令牌有效：账户 ${p.user}，套餐 ${p.plan}。`,
  geminiFine: (p) => `密钥有效，可以使用 ${p.model}。`,
  geminiModel: (p) => `密钥有效，但没有可用的模型 ${p.model}。`,
  geminiSet: () => '请把 GEMINI_MODEL 设为 Google AI Studio 列出的模型。',
  falKeys: (p) => `从 ${p.host} 取不到核对回调签名的公钥。`,
  falKeysOff: () => 'fal 的回调；结果要晚一分钟才能查到。',
  discordFine: (p) => `机器人 ${p.name} 已加入 ${p.servers} 个服务器；它不需要特权 intent。`,
  discordNowhere: (p) => `机器人 ${p.name} 还没有加入任何服务器。`,
  discordInvite: (p) => `邀请它：${p.url}`,
  discordOtherId: () => 'DISCORD_APPLICATION_ID 与 DISCORD_TOKEN 所属的应用不一致。',
  discordSetId: (p) => `请设置 DISCORD_APPLICATION_ID=${p.id}`,
  discordEndpoint: () => '这个应用把交互发送到一个网址，命令因此到不了机器人。',
  discordClear: () =>
    '请在 Discord 开发者平台的 General Information 里清空“Interactions Endpoint URL”。',
  discordUsedUp: () => '今天 Discord 不再允许机器人建立新的连接。',
  discordWait: () => '请等到明天，并查明它为什么连接得这么频繁。',
  youtubeFine: () => 'Google 接受这个客户端，最近一个应当公开的视频已经公开。',
  youtubeClient: () => 'GOOGLE_CLIENT_ID 不是以 .apps.googleusercontent.com 结尾。',
  youtubeRedirect: (p) => `Google 不接受回调地址 ${p.url}：必须是带域名的 HTTPS，或本机。`,
  youtubeUnknown: (p) =>
    `Google 接受这个客户端（它的回调地址必须是 ${p.url}）。上传是否会被锁为私享，要上传一次才知道：YouTube 尚未审核的项目，所有上传都会被锁为私享。`,
  youtubeLocked: () =>
    'Google 接受这个客户端，但最近一个应当公开的视频被锁为私享：YouTube 尚未审核这个项目。',
  youtubeLockedOff: () => '公开和不公开列出的视频；上传会保持私享。',
  youtubeApply: () => '请申请审核：support.google.com/youtube/contact/yt_api_form，免费。',
  youtubeThumbnail: () => 'YouTube 拒绝了最近一张封面：频道没有使用自定义封面的权限。',
  youtubeThumbnailOff: () => '自定义封面；由 YouTube 自选一张。',
  youtubeVerify: () => '请频道所有者在 youtube.com/verify 验证手机号。',

  signInFine: (p) => `可以使用 ${p.provider} 登录；需在 ${p.provider} 登记重定向地址 ${p.url}。`,
  signInOff: (p) => `无法使用 ${p.provider} 登录。`,
  signInGet: {
    google: (p) =>
      `在 Google Cloud 控制台的 OAuth 客户端（Web application）中添加重定向地址 ${p.url}。请设置 GOOGLE_CLIENT_ID 和 GOOGLE_CLIENT_SECRET。`,
    discord: (p) =>
      `在 Discord 开发者后台的 OAuth2 页面添加重定向地址 ${p.url}，并点击 Reset Secret。请设置 DISCORD_APPLICATION_ID 和 DISCORD_CLIENT_SECRET。`,
  },

  mailFine: (p) =>
    p.signsIn ? `${p.host} 登录成功；没有发送邮件。` : `${p.host} 有回应；没有发送邮件。`,
  mailPlain: (p) => `${p.host} 没有可信的 TLS（${p.code}），因此不会向它发送任何内容。`,
  mailEncrypt: () =>
    '请使用支持 STARTTLS（smtp://）或 TLS（smtps://）的服务器，证书必须与 SMTP_URL 里的主机名一致；smtps:// 通常用 465 端口，smtp:// 用 587 端口。',

  stripeFine: (p) => `密钥有效（${p.mode}），${p.prices} 个价格都正确，webhook 端点正确。`,
  stripeModes: { live: '正式模式', test: '测试模式' },
  stripeTest: () => '生产环境里用的是测试模式的密钥：没有人真正付款。',
  stripeTestGet: () => '请设置正式模式的密钥、webhook 密钥和价格。',
  stripeNoPrice: (p) => `没有设置，因此不提供：${list(p.settings)}。`,
  stripePriceGone: (p) => `${p.setting}：Stripe 没有这个价格。`,
  stripePriceArchived: (p) => `${p.setting}：这个价格已归档。`,
  stripePriceMonthly: (p) => `${p.setting}：这个价格不是按月续费的。`,
  stripePriceOnce: (p) => `${p.setting}：这个价格不是一次性付款的。`,
  stripePricesOff: (p) => `购买 ${list(p.products)}。`,
  stripePricesGet: () =>
    '请在 Stripe 控制台的商品目录中为套餐建立按月价格，为加量包建立一次性价格，并把它们的 id 填入设置。',
  stripeNoHook: (p) => `没有通向 ${p.url} 的 webhook 端点。`,
  stripeHookDisabled: (p) => `webhook 端点 ${p.url} 已停用。`,
  stripeHookEvents: (p) => `webhook 端点缺少事件 ${list(p.events)}。`,
  stripeHookVersion: (p) => `webhook 端点的 API 版本是 ${p.is}，而不是 ${p.wanted}。`,
  stripeHookUnread: () => '这个密钥无权读取 webhook 端点，所以没有检查。',
  stripeHookLocal: () => '没有 PUBLIC_URL，Stripe 无法把付款告诉我们。',
  stripeHookOff: () => '付款的即时通知；要到当天夜里才知道。',
  stripeHookGet: (p) =>
    `Stripe 控制台的 Webhooks：启用端点 ${p.url}，API 版本 ${p.version}，事件见 docs/billing.md。`,
  stripeHookRead: () => '请给密钥读取 webhook 端点的权限，或自己对照 docs/billing.md 检查端点。',
};

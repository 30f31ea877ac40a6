import type { Catalogue } from './en.ts';
import { accountSaidZh } from './account.ts';
import {
  accountDeleteFaultsZh,
  accountDeletePreviewZh,
  accountDeleteSaidZh,
} from './account-delete.ts';
import { accountLinkFaultsZh, accountLinkPreviewZh, accountLinkSaidZh } from './account-link.ts';
import { explainedZh } from './explained.ts';
import { limitFaultsZh } from './limits.ts';
import { moderationZh } from './moderation.ts';
import { planFaultsZh, planIntervalZh, planPreviewZh, plansSaidZh } from './plans.ts';
import { problemsZh } from './problems.ts';
import { promptWrittenZh } from './prompt-written.ts';
import {
  allowanceUsedUpZh,
  extrasRefusedZh,
  publishingFaultsZh,
  publishingPreviewZh,
  publishingSaidZh,
} from './publishing.ts';
import { quotedZh } from './quoted.ts';
import {
  serverWalletFaultsZh,
  serverWalletPreviewZh,
  serverWalletSaidZh,
} from './server-wallet.ts';
import { searchFaultsZh, trendSearchZh } from './trend-search.ts';
import { shareSaidZh } from './share.ts';
import { state, thing } from './things-zh.ts';
import { tokenLimitZh, tokensSaidZh, tokenUseZh } from './tokens.ts';
import { watchesSaidZh, watchLimitZh } from './watch.ts';

/** The Simplified Chinese catalogue. */
export const zh: Catalogue = {
  problems: problemsZh,
  state,
  faults: {
    invalid_input: (p) => ({
      message: `输入不符合要求：${p.problems.zh}`,
      next: '请修改指出的字段后重新提交。',
    }),
    unknown_operation: (p) => ({
      message: `没有名为“${p.name}”的操作。`,
      next: `可用的操作有：${p.known}。`,
    }),
    not_found: (p) => ({
      message: `您的账户中没有${thing(p.what)}“${p.id}”。`,
      next: '请检查编号，或先列出已有内容。',
    }),
    approval_required: (p) => ({
      message: `此操作需要本人先批准：${p.title}`,
      next: p.link
        ? `请本人打开 ${p.link} 作出决定，然后原样再发送一次同样的请求。`
        : `请本人对批准 ${p.id} 作出决定，然后原样再发送一次同样的请求。`,
    }),
    approval_refused: () => ({
      message: '本人已拒绝，没有启动任何操作。',
      next: '请修改请求，或就此作罢。',
    }),
    approval_not_valid: () => ({
      message: '该批准无法使用：不存在、已过期、已用过，或针对的是其他内容。',
      next: '请重新发起操作以获得新的批准。',
    }),
    ...serverWalletFaultsZh,
    ...accountLinkFaultsZh,
    quote_expired: () => ({
      message: '报价已过期。',
      next: '请用 video_quote 重新报价，价格可能有变化。',
    }),
    content_refused: () => ({
      message: '服务商的安全规则拒绝了该请求。',
      next: '请换一种描述后重试。',
    }),
    prompt_refused: moderationZh.refused,
    provider_busy: (p) => ({
      message: `${p.provider} 正忙。`,
      next: '请稍后再试；已在进行的工作会自动继续。',
    }),
    provider_failed: (p) => ({
      message: `${p.provider} 未能完成。`,
      next: '请重试，或换一个模型或来源。',
    }),
    ...searchFaultsZh,
    watch_limit: watchLimitZh,
    token_limit: tokenLimitZh,
    ...limitFaultsZh,
    ...planFaultsZh,
    ...accountDeleteFaultsZh,
    provider_locked: (p) => ({
      message: `${p.provider} 目前不接受我们的账户。`,
      next: '需要运营者检查密钥和余额；您的请求没有问题。',
    }),
    service_missing: (p) => ({
      message: `本服务器未配置 ${p.service}。`,
      next: '需要运营者添加密钥，名称见 .env.example。',
    }),
    ...publishingFaultsZh,
    not_ready: (p) => ({
      message: `该${thing(p.what)}尚未就绪：当前为${state(p.status)}。`,
      next: '请等待就绪后再试。',
    }),
    already_over: (p) => ({
      message: `该${thing(p.what)}已经结束：当前为${state(p.status)}。`,
      next: '没有需要停止的内容。',
    }),
    cancel_first: () => ({
      message: '该视频仍在制作中。',
      next: '请先用 video_cancel 停止，或等待完成。',
    }),
    no_free_retry: (p) => ({
      message: `“${p.id}”没有免费重试：只有超时的视频有一次。`,
      next: '请用 video_quote 重新报价后再制作。',
    }),
    publication_running: (p) => ({
      message: `该视频正在为 ${p.publication} 上传。`,
      next: '请等待上传结束后再试。',
    }),
    server_missing: () => ({
      message: '这里不是聊天服务器，没有可用的设置。',
      next: '请在服务器的频道中操作。',
    }),
    server_manager_only: () => ({
      message: '只有服务器管理者可以更改设置。',
      next: '请联系拥有“管理服务器”权限的成员。',
    }),
    link_not_valid: () => ({ message: '该链接无效或已过期。', next: '请获取新的链接。' }),
    not_yours: () => ({
      message: '这张卡片属于其他人。',
      next: '请用命令或直接对我说话，开始您自己的操作。',
    }),
    button_outdated: () => ({
      message: '这个按钮来自旧版本。',
      next: '请用命令重新打开需要的内容。',
    }),
    channel_not_allowed: (p) => ({
      message: '本服务器只允许我在其他频道回应。',
      next: `请在 ${p.channels} 或私信中找我。`,
    }),
    role_not_allowed: () => ({
      message: '本服务器只允许部分身份组使用我。',
      next: '请联系服务器管理员，或私信我。',
    }),
    chat_closed: () => ({
      message: '我无法在那里发消息。',
      next: '请允许来自该服务器的私信，或让我能查看该频道并发言。',
    }),
    agent_limit: (p) => ({
      message: '您今天的智能助手用量已经用完。',
      next: `${p.resetsAt} 恢复。在此之前可以照常使用命令：${p.commands}。`,
    }),
    storage_full: () => ({
      message: '存储空间已满。',
      next: '需要运营者清理磁盘；之后等待中的工作会自动继续。',
    }),
    database_down: () => ({
      message: '无法连接数据库。',
      next: '需要运营者检查 DATABASE_URL 及其服务器，然后重试。',
    }),
    internal: (p) => ({
      message: `我们这边出错了。编号 ${p.reference}`,
      next: '请重试；若再次出现，请把编号告诉运营者。',
    }),
  },
  say: {
    ...accountSaidZh,
    ...accountDeleteSaidZh,
    server: (p) =>
      [
        p.channels === 0 ? '所有频道可用' : `${p.channels} 个频道可用`,
        p.roles === 0 ? '所有身份组可用' : `${p.roles} 个身份组可用`,
        `语言：${p.language}`,
        `结果可见：${p.visibility}`,
      ].join('；'),
    quota_history: (p) => `共 ${p.count} 笔变动，最新在前。`,
    model_list: (p) => `可用的视频模型有 ${p.count} 个。`,
    trend_search: trendSearchZh,
    trend_show: explainedZh,
    trend_save: (p) => (p.saved ? `已收藏“${p.title}”。` : `已取消收藏“${p.title}”。`),
    trend_list: (p) =>
      p.saved ? `已收藏 ${p.count} 个爆款，最新在前。` : `找到过 ${p.count} 个爆款，最新在前。`,
    ...watchesSaidZh,
    prompt_check: moderationZh.checked,
    prompt_write: promptWrittenZh,
    video_quote: quotedZh,
    video_generate: (p) =>
      `已开始制作 ${p.videos}，${p.isServer ? '服务器钱包' : ''}剩余配额 ${p.left}，通常需要几分钟。`,
    video_retry: (p) =>
      `已免费开始制作 ${p.video}，沿用 ${p.shots_total} 个镜头中的 ${p.shots_kept} 个。`,
    video_show: (p) =>
      p.why
        ? `${p.video}：${state(p.status)}。${p.why}`
        : `${p.video}：${state(p.status)}，${p.percent}%。`,
    video_cancel: (p) =>
      p.charged
        ? `${p.video} 已停止。服务商已开始制作，配额不退还。`
        : `${p.video} 已停止，没有扣除配额。`,
    video_delete: (p) => `${p.video} 及其文件已删除。`,
    video_list: (p) => `共 ${p.count} 个视频，最新在前。`,
    ...shareSaidZh,
    picture_keep: (p) => `图片已保存为 ${p.picture}（${p.width}×${p.height}）。`,
    ...publishingSaidZh(state),
    ...tokensSaidZh,
    ...plansSaidZh,
    ...serverWalletSaidZh,
    ...accountLinkSaidZh,
  },
  preview: {
    video_generate: (p) =>
      p.takes === 1
        ? `用 ${p.model} 制作 ${p.seconds} 秒视频`
        : `用 ${p.model} 制作 ${p.takes} 个版本的 ${p.seconds} 秒视频`,
    video_retry: () => '免费重新制作这个视频',
    shotsKept: (p) => `${p.total} 个中沿用 ${p.kept} 个`,
    video_cancel: () => '停止制作这个视频',
    video_delete: () => '永久删除这个视频',
    length: (p) => `${p.seconds} 秒，${p.shape}`,
    ...publishingPreviewZh,
    ...planPreviewZh,
    ...accountDeletePreviewZh,
    ...serverWalletPreviewZh,
    ...accountLinkPreviewZh,
  },
  refused: extrasRefusedZh,
  allowanceUsedUp: allowanceUsedUpZh,
  tokenUse: tokenUseZh,
  planInterval: planIntervalZh,
  words: {
    prompt: '提示词',
    model: '模型',
    length: '时长',
    shape: '画面比例',
    shots: '镜头',
    takes: '版本',
    free: '免费',
    quota: '配额',
    quotaHeld: '预留的配额',
    quotaAfter: '操作后剩余',
    providerCost: '服务商费用',
    unknown: '未知',
    title: '标题',
    description: '描述',
    tags: '标签',
    channel: '频道',
    privacy: '可见性',
    schedule: '公开时间',
    thumbnail: '封面',
    playlist: '播放列表',
    captions: '字幕',
    category: '分类',
    notify: '通知订阅者',
    madeForKids: '面向儿童',
    unchanged: '保持不变',
    yes: '是',
    no: '否',
    approve: '批准',
    decline: '拒绝',
    askedBy: '请求来自',
    validUntil: '有效至',
    approved: '已批准。请再次发送同样的请求，或回到聊天中。',
    declined: '已拒绝，没有启动任何操作。',
    channelConnected: '频道已连接',
    closePage: '可以关闭此页面。',
    notGranted: '未获得授权，没有连接任何频道。',
    timedOut: '服务商 15 分钟内没有返回结果。',
    freeRetry: '可以免费重新制作一次。',
    stopped: '已按要求停止。',
    planUntil: '有效期至',
    planAfter: '之后',
    quotaCharged: '配额已扣除。',
    quotaReturned: '没有扣除配额。',
    cancelCharged: '不退还：服务商已开始制作',
    cancelReturned: '将退还：服务商尚未开始',
    files: '文件',
    filesGone: '将被删除；已发布的内容保留在 YouTube',
    lockedPrivate: '该项目通过审核之前，YouTube 会将上传的视频保持为私享。',
  },
};

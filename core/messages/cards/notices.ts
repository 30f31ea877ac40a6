import type { Locale } from '../catalogue.ts';

const en = {
  video_ready: 'Your video is ready.',
  video_failed: 'Your video could not be made.',
  publication_live: 'Your video is on YouTube. Its card says who can see it.',
  publication_scheduled: 'Your video is on YouTube, and goes public at the time you chose.',
  publication_failed:
    'Your video was not published, or YouTube has not confirmed it. Its card has the reason.',
  publication_waiting: (p: { moment: string | null }) =>
    p.moment === null
      ? "YouTube's allowance for today is used up. Your upload goes on by itself."
      : `YouTube's allowance for today is used up. Your upload goes on by itself at ${p.moment}.`,
  channel_reconnect: (p: { channel: string | null }) =>
    p.channel === null
      ? 'YouTube no longer lets me into your channel. Connect it again; what waits for it goes on afterwards by itself.'
      : `YouTube no longer lets me into your channel **${p.channel}**. Connect it again; what waits for it goes on afterwards by itself.`,
  seeVideos: 'Find it with `/video list`.',
  seePublications: 'Find it with `/publication list`.',
  reconnect: 'Reconnect',
  turnOff: 'Turn these off',
  elsewhere: {
    video: 'Your video is being made',
    publication: 'Your video is being published',
    video_ready: 'Your video is ready. Open it in the server where you asked for it.',
    video_failed: 'Your video could not be made. The server where you asked for it has the reason.',
    video_cancelled: 'Your video was stopped.',
    publication_live: 'Your video is on YouTube.',
    publication_scheduled: 'Your video is on YouTube, and goes public at the time you chose.',
    publication_failed:
      'Your video was not published, or YouTube has not confirmed it. The server where you asked for it has the reason.',
    publication_cancelled: 'The upload of your video was stopped.',
    why: 'I may not write where you asked for this, so I keep you up to date here.',
  },
};

export type NoticeWords = typeof en;

const zh: NoticeWords = {
  video_ready: '视频已完成。',
  video_failed: '视频制作失败。',
  publication_live: '视频已发布到 YouTube，谁能看到请见卡片。',
  publication_scheduled: '视频已上传到 YouTube，将在您选择的时间公开。',
  publication_failed: '视频没有发布成功，或 YouTube 尚未确认。原因请见卡片。',
  publication_waiting: ({ moment }) =>
    moment === null
      ? 'YouTube 今天的额度已用完，您的上传会自动继续。'
      : `YouTube 今天的额度已用完，您的上传将于 ${moment} 自动继续。`,
  channel_reconnect: ({ channel }) =>
    channel === null
      ? '您的 YouTube 频道授权已失效。请重新连接，等待中的发布之后会自动继续。'
      : `您的 YouTube 频道 **${channel}** 授权已失效。请重新连接，等待中的发布之后会自动继续。`,
  seeVideos: '用 `/video list` 查看。',
  seePublications: '用 `/publication list` 查看。',
  reconnect: '重新连接',
  turnOff: '关闭此类通知',
  elsewhere: {
    video: '正在制作您的视频',
    publication: '正在发布您的视频',
    video_ready: '视频已完成。请在您发起请求的服务器中打开。',
    video_failed: '视频制作失败。原因请在您发起请求的服务器中查看。',
    video_cancelled: '视频已停止制作。',
    publication_live: '视频已发布到 YouTube。',
    publication_scheduled: '视频已上传到 YouTube，将在您选择的时间公开。',
    publication_failed: '视频没有发布成功，或 YouTube 尚未确认。原因请在您发起请求的服务器中查看。',
    publication_cancelled: '视频的上传已停止。',
    why: '我无法在您发起请求的地方发言，因此在这里通知您进展。',
  },
};

/** Words of notices, and of progress that is told away from where it was asked for. */
export const noticeWords: Record<Locale, NoticeWords> = { en, zh };

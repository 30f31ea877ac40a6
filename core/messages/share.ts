import type { Locale } from './catalogue.ts';

type Said = {
  readonly video: string;
  readonly link: string | null;
  readonly expires_at: string | null;
};

const dayOf = (at: string | null): string => at?.slice(0, 10) ?? '';

/** What the operation about share links answers. */
export const shareSaidEn = {
  video_share: (p: Said) =>
    p.link === null
      ? `Every share link of ${p.video} has ended.`
      : `Whoever has this link can watch the video until ${dayOf(p.expires_at)}: ${p.link}`,
};

export const shareSaidZh: typeof shareSaidEn = {
  video_share: (p) =>
    p.link === null
      ? `${p.video} 的所有分享链接均已停用。`
      : `拿到此链接的人在 ${dayOf(p.expires_at)} 前都可以观看：${p.link}`,
};

/** Words of the page that anybody sees who has a share link. */
const en = {
  title: 'A video made with Jilo',
  description: (p: { seconds: number }) => `A short film of ${p.seconds} seconds.`,
  film: 'Shared video',
  note: 'Somebody shared this video with you. It was made with Jilo.',
  until: 'This link works until',
  gone: {
    title: 'This video is no longer shared',
    body: 'The link has expired, or was taken back. Ask whoever sent it to you for a new one.',
  },
  unknown: {
    title: 'There is no shared video here',
    body: 'The link is not complete, or was changed on its way. Copy it again as a whole.',
  },
};

const zh: typeof en = {
  title: '用 Jilo 制作的视频',
  description: (p) => `时长 ${p.seconds} 秒的短片。`,
  film: '分享的视频',
  note: '有人与您分享了这个视频，它由 Jilo 制作。',
  until: '链接有效期至',
  gone: {
    title: '此视频已不再分享',
    body: '链接已过期或已被停用。请向发送链接的人索取新的链接。',
  },
  unknown: {
    title: '这里没有分享的视频',
    body: '链接不完整，或在传送中被更改。请重新复制完整的链接。',
  },
};

export const sharePageWords: Readonly<Record<Locale, typeof en>> = { en, zh };

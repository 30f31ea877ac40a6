import type { Locale } from './catalogue.ts';

type Line = { readonly label: string; readonly text: string };

/** Words of the pages before and after Google's, on which a channel is connected. */
const en = {
  question: (p: { name: string }) => `Connect a YouTube channel to @${p.name}?`,
  account: 'Jilo account',
  allows: {
    upload: [
      { label: 'Jilo may', text: 'upload videos that you have confirmed, as private' },
      { label: 'and see', text: 'the name, the videos and the playlists of the channel' },
      { label: 'It may not', text: 'change or show to others what is on the channel' },
    ],
    manage: [
      { label: 'Jilo may', text: 'upload videos that you have confirmed' },
      { label: 'and see', text: 'the name, the videos and the playlists of the channel' },
      {
        label: 'and change',
        text: 'who may see a video and when, its texts, preview picture, playlist and captions, each time after you have confirmed it',
      },
      {
        label: 'Google says',
        text: 'that this access could also delete videos and comments; Jilo never does that',
      },
    ],
  } satisfies Record<string, readonly Line[]>,
  goesTo: 'Goes on to',
  comesBackTo: 'Comes back to',
  onlyIfYours:
    'Go on only if this is your own Jilo account: whoever uses it can publish on the channel that you choose.',
  goOn: 'Continue to Google',
  openAgain:
    'A link is good once, for ten minutes, and in one browser. Open the link that Jilo gave you again and stay in that browser, or ask for a new one.',
  onlyUpload:
    'Changing videos was not allowed. Jilo can upload there, but everything stays private; connect the channel again and leave every box ticked to publish, schedule or caption.',
};

const zh: typeof en = {
  question: (p) => `将 YouTube 频道连接到 @${p.name}？`,
  account: 'Jilo 账户',
  allows: {
    upload: [
      { label: 'Jilo 可以', text: '上传您确认过的视频，均为私享' },
      { label: '并可查看', text: '频道的名称、视频和播放列表' },
      { label: '不可以', text: '更改频道上的内容，或将其公开给他人' },
    ],
    manage: [
      { label: 'Jilo 可以', text: '上传您确认过的视频' },
      { label: '并可查看', text: '频道的名称、视频和播放列表' },
      {
        label: '并可更改',
        text: '视频的可见范围和公开时间、文字、封面、播放列表和字幕，每次都先经您确认',
      },
      {
        label: 'Google 会提示',
        text: '此权限也能删除视频和评论；Jilo 从不这样做',
      },
    ],
  },
  goesTo: '接下来前往',
  comesBackTo: '完成后返回',
  onlyIfYours: '请确认这是您自己的 Jilo 账户：使用该账户的人可以在您选择的频道上发布视频。',
  goOn: '前往 Google',
  openAgain:
    '链接只能使用一次，十分钟内有效，且必须在同一个浏览器中完成。请重新打开 Jilo 给您的链接并在该浏览器中继续，或者获取新的链接。',
  onlyUpload:
    '未授权更改视频。Jilo 可以上传到该频道，但所有视频都保持私享；如需公开、定时发布或添加字幕，请重新连接频道并保留所有勾选。',
};

export const connectPageWords: Readonly<Record<Locale, typeof en>> = { en, zh };

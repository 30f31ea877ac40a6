const platforms = { tiktok: 'TikTok', youtube: 'YouTube', instagram: 'Instagram' } as const;
type Platform = keyof typeof platforms;

const en = {
  video: (p: { state: string; seconds: number }) => `Your video of ${p.seconds} s (${p.state})`,
  poster: (p: { title: string }) => `Still of: ${p.title}`,
  posterOf: 'A still of your video',
  publication: (p: { state: string }) => `Your publication on YouTube (${p.state})`,
  trend: (p: { platform: Platform; keyword: string }) =>
    `${platforms[p.platform]} trend for "${p.keyword}"`,
  ledger: 'Quota: newest movements',
  ledgerOf: 'What quota was granted, held, spent and given back, newest first',
  month: (p: { month: string }) => `Quota: movements of ${p.month}`,
  monthOf: 'What quota was granted, held, spent and given back in that month, newest first',
};

const zh: typeof en = {
  video: (p) => `您的 ${p.seconds} 秒视频（${p.state}）`,
  poster: (p) => `视频画面：${p.title}`,
  posterOf: '您的视频中的一幅画面',
  publication: (p) => `您在 YouTube 上的发布（${p.state}）`,
  trend: (p) => `${platforms[p.platform]} 爆款，搜索“${p.keyword}”`,
  ledger: '配额：最近变动',
  ledgerOf: '配额的发放、预留、使用和退回，最新在前',
  month: (p) => `配额：${p.month} 的变动`,
  monthOf: '该月配额的发放、预留、使用和退回，最新在前',
};

/** What the resources of MCP are called, by language. */
export const resourceWords = { en, zh };

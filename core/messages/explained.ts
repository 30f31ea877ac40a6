/** What is said of a trend that was explained. */
type Explained = {
  readonly title: string;
  readonly score: number;
  readonly attraction: string;
  /** Why the video itself was not watched though it was asked for, in words. */
  readonly unwatched: string | null;
};

const unwatchedEn = {
  youtube_only: 'Only videos on YouTube can be watched; this is from its title and numbers.',
  not_watched: 'The video could not be watched; this is from its title and numbers.',
};

const unwatchedZh: typeof unwatchedEn = {
  youtube_only: '只有 YouTube 视频可以观看；以上根据标题和数据得出。',
  not_watched: '未能观看视频；以上根据标题和数据得出。',
};

/** Why a video was not watched though it was asked for. */
export const unwatchedWords = { en: unwatchedEn, zh: unwatchedZh };

/** A trend in a few sentences. */
export const explainedEn = ({ title, score, attraction, unwatched }: Explained): string =>
  [`"${title}" scores ${score} of 100. ${attraction}`, unwatched].filter(Boolean).join(' ');

export const explainedZh = ({ title, score, attraction, unwatched }: Explained): string =>
  [`“${title}”得分 ${score}/100。${attraction}`, unwatched].filter(Boolean).join('');

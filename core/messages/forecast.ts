/** What was foretold of a published video, and what came of it. */
type Forecast = {
  readonly score: number;
  readonly views_after_72h: number | null;
  readonly read_after_hours: number | null;
};

/** How well scores have foretold views; `correlation` is from -1 to 1. */
type Grade = { readonly graded: number; readonly correlation: number };

const formatEn = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const formatZh = new Intl.NumberFormat('zh-CN', { maximumFractionDigits: 1 });

/** One or two sentences; the second one once the views are known. */
function forecastEn({ score, views_after_72h: views, read_after_hours }: Forecast): string {
  const said = `Score of the idea: ${formatEn.format(score)} of 100.`;
  if (views === null) return said;
  const counted = `${formatEn.format(views)} ${views === 1 ? 'view' : 'views'}`;
  return `${said} After ${read_after_hours ?? 72} hours: ${counted}.`;
}

function forecastZh({ score, views_after_72h: views, read_after_hours }: Forecast): string {
  const said = `创意得分：${formatZh.format(score)}（满分 100）。`;
  if (views === null) return said;
  return `${said}${read_after_hours ?? 72} 小时后：${formatZh.format(views)} 次观看。`;
}

export const forecastGradeEn = ({ graded, correlation }: Grade): string =>
  `Score and views of ${graded} published videos: rank correlation ${correlation} (1: same order, 0: unrelated, -1: reversed).`;

export const forecastGradeZh = ({ graded, correlation }: Grade): string =>
  `${graded} 个已发布视频的得分与播放量：等级相关系数 ${correlation}（1 为顺序一致，0 为无关，-1 为顺序相反）。`;

/** What is said about a forecast, by language. */
export const forecastWords = { en: forecastEn, zh: forecastZh };

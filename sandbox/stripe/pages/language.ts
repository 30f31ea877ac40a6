/** The languages of the pages. */
export type Language = 'en' | 'zh';

const languageOf = (tag: string): Language | null => {
  const main = tag.trim().toLowerCase().split('-')[0];
  return main === 'zh' || main === 'en' ? main : null;
};

/** The language that was asked for, or with `auto` and anything else the browser's first that there is. */
export function chooseLanguage(locale: string | null, accepted: string | undefined): Language {
  const wished = languageOf(locale ?? 'auto');
  if (wished) return wished;
  const ranked = (accepted ?? '')
    .split(',')
    .map((entry) => {
      const [tag = '', ...settings] = entry.split(';');
      const quality = settings.find((setting) => setting.trim().startsWith('q='));
      return { tag, quality: quality === undefined ? 1 : Number(quality.trim().slice(2)) };
    })
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality);
  for (const { tag } of ranked) {
    const language = languageOf(tag);
    if (language) return language;
  }
  return 'en';
}

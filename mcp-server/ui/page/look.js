const languages = { en: 'en', zh: 'zh-CN' };
let locale = 'en';

/** The words of this language out of a table by language. */
export const inLocale = (tables) => tables[locale];

/** The language as browsers write it, for numbers and dates. */
export const languageTag = () => languages[locale];

/** Takes over what the host says about language, theme and the colours of its own. */
export function setLook({ locale: wanted, theme, styles, safeAreaInsets }) {
  const root = document.documentElement;
  locale = /^zh\b/iu.test(wanted ?? navigator.language) ? 'zh' : 'en';
  root.lang = languageTag();
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  else delete root.dataset.theme;
  for (const [name, value] of Object.entries(styles?.variables ?? {}))
    if (/^--[a-z0-9-]+$/u.test(name) && typeof value === 'string')
      root.style.setProperty(name, value);
  for (const side of ['top', 'right', 'bottom', 'left']) {
    const inset = Number(safeAreaInsets?.[side] ?? 0);
    document.body.style.setProperty(`padding-${side}`, `${inset > 0 ? inset : 0}px`);
  }
}

/** Writes the words of a table into every element that names one. */
export function sayWords(tables) {
  const words = inLocale(tables);
  for (const element of document.querySelectorAll('[data-say]'))
    element.textContent = words[element.dataset.say];
  for (const element of document.querySelectorAll('[data-label]'))
    element.setAttribute('aria-label', words[element.dataset.label]);
  document.title = words.heading;
}

import type { Locale } from '../messages/catalogue.ts';

type Category = { readonly id: string; readonly name: Readonly<Record<Locale, string>> };

/**
 * The categories that a video can be given; YouTube's other ones are not assignable.
 * Source: videoCategories.list with regionCode US, `assignable`
 * (https://developers.google.com/youtube/v3/docs/videoCategories/list).
 */
export const categories: readonly Category[] = [
  { id: '1', name: { en: 'Film & Animation', zh: '电影和动画' } },
  { id: '2', name: { en: 'Autos & Vehicles', zh: '汽车' } },
  { id: '10', name: { en: 'Music', zh: '音乐' } },
  { id: '15', name: { en: 'Pets & Animals', zh: '宠物和动物' } },
  { id: '17', name: { en: 'Sports', zh: '体育' } },
  { id: '19', name: { en: 'Travel & Events', zh: '旅游和活动' } },
  { id: '20', name: { en: 'Gaming', zh: '游戏' } },
  { id: '22', name: { en: 'People & Blogs', zh: '人物和博客' } },
  { id: '23', name: { en: 'Comedy', zh: '喜剧' } },
  { id: '24', name: { en: 'Entertainment', zh: '娱乐' } },
  { id: '25', name: { en: 'News & Politics', zh: '新闻和政治' } },
  { id: '26', name: { en: 'Howto & Style', zh: '生活技巧和时尚' } },
  { id: '27', name: { en: 'Education', zh: '教育' } },
  { id: '28', name: { en: 'Science & Technology', zh: '科学和技术' } },
  { id: '29', name: { en: 'Nonprofits & Activism', zh: '公益和社会活动' } },
];

/** What a video gets that nobody has chosen for: Science & Technology. */
export const defaultCategory = '28';

/** What people call a category; one that is not assignable stands for itself. */
export const categoryName = (id: string, locale: Locale): string =>
  categories.find((one) => one.id === id)?.name[locale] ?? id;

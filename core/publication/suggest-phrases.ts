import type { Locale } from '../messages/catalogue.ts';
import type { Shape } from '../video/models.ts';
import type { SuggestBrief } from './suggest-brief.ts';
import { withSmallArticle } from './suggest-text.ts';
import type { Topic } from './suggest-topic.ts';

type Said = Pick<SuggestBrief, 'seconds' | 'shots' | 'shape' | 'look' | 'topic' | 'subjects'>;

/** What is said where a prompt tells nothing, or nothing that may be repeated. */
export const genericTopic: Readonly<Record<Locale, Topic>> = {
  en: { name: 'A small story in pictures', opening: 'a small story told in pictures' },
  zh: { name: '一个用画面讲的小故事', opening: '一个用画面来讲的小故事' },
};

/** The label of the place for links; the line below it is for the person to fill in. */
export const linksArea: Readonly<Record<Locale, string>> = {
  en: '🔗 Links:\n•',
  zh: '🔗 相关链接：\n•',
};

const shapeWords: Readonly<Record<Locale, Readonly<Record<Shape, string>>>> = {
  en: { '9:16': 'vertical', '16:9': 'widescreen', '1:1': 'square' },
  zh: { '9:16': '竖屏', '16:9': '横屏', '1:1': '方形' },
};

/**
 * Three titles around a topic. What stands around it has 49 to 58 characters in English and 49 to 82
 * in Chinese, so that any topic makes a title of 50 to 100.
 */
export const titlePhrases: Readonly<Record<Locale, (said: Said) => readonly string[]>> = {
  en: ({ topic: { name }, seconds, shots }) => [
    shots > 1
      ? `${name}: ${seconds} seconds, ${shots} shots, from the first picture to the last`
      : `${name}: ${seconds} seconds in one single shot, from start to finish`,
    `${name}: which of these moments would you want to see again?`,
    `Have you seen it like this? ${seconds} seconds of AI video: ${withSmallArticle(name)}`,
  ],
  zh: ({ topic: { name }, seconds, shots }) => [
    shots > 1
      ? `${name}：用 ${seconds} 秒、${shots} 个镜头讲完一个小故事，从第一个画面看到最后一个画面，每个镜头里都有值得停下来看的细节`
      : `${name}：${seconds} 秒一镜到底，没有剪辑也没有停顿，从第一个画面一直看到最后一个画面，所有的细节都藏在这一个镜头里`,
    `${name}：如果只能记住其中一个画面，你会选哪一个？看完这支 ${seconds} 秒的 AI 短片，欢迎到评论区写下你的答案`,
    `你见过这样拍出来的画面吗？这是一支 ${seconds} 秒的 AI 短片，由一句简单的文字想法变成会动的画面，主题是：${name}`,
  ],
};

/** What a title is continued with that is too short or has neither number nor question. */
export const titleTails: Readonly<Record<Locale, (said: Said) => readonly string[]>> = {
  en: ({ topic: { name }, seconds }) => [
    ` | ${seconds} seconds`,
    ` | A ${seconds}-second AI short`,
    ` | A ${seconds}-second AI short, from start to finish`,
    ` | ${name}`,
    ` | ${name}, ${seconds} seconds`,
    ` | ${name}: a ${seconds}-second AI short`,
    ` | ${name}: a ${seconds}-second AI short, from start to finish`,
  ],
  zh: ({ topic: { name }, seconds }) => [
    `｜${seconds} 秒短片`,
    `｜一支 ${seconds} 秒的 AI 短片`,
    `｜一支 ${seconds} 秒的 AI 短片，从第一个画面看到最后一个画面`,
    `｜${name}`,
    `｜${name}，${seconds} 秒短片`,
    `｜${name}：一支 ${seconds} 秒的 AI 短片`,
    `｜${name}：一支 ${seconds} 秒的 AI 短片，从第一个画面看到最后一个画面`,
    `｜${name}：一支 ${seconds} 秒的 AI 短片，从第一个画面看到最后一个画面，细节都藏在镜头里，值得多看一遍`,
  ],
};

/** The plain introduction that a description begins with, without the mark at its end. */
export const introduction: Readonly<Record<Locale, (said: Said, opening: string) => string>> = {
  en: ({ seconds, shape }, opening) =>
    `A ${seconds}-second ${shapeWords.en[shape]} short: ${opening}`,
  zh: ({ seconds, shape }, opening) =>
    `这是一支 ${seconds} 秒的${shapeWords.zh[shape]}短片：${opening}`,
};

/**
 * Sentences that are true of every video that is made here, most telling first. Without those that
 * need a look or keywords they have 270 characters at least.
 */
export const bodyPhrases: Readonly<Record<Locale, (said: Said) => readonly string[]>> = {
  en: ({ shots, look, subjects }) => [
    shots > 1
      ? `The story is told in ${shots} shots, and each of them shows something new.`
      : 'It is one single shot, so the whole scene unfolds without a cut.',
    ...(look ? [`The look: ${look}.`] : []),
    'The pictures were made with AI from a short written idea, without a camera.',
    ...(subjects.length > 1 ? [`Topics: ${subjects.slice(0, 4).join(', ')}.`] : []),
    'Which moment would you like to see again? Tell me in the comments.',
    'If you enjoyed it, save it for later or send it to somebody who would like it too.',
    'What should the next video be about? Ideas are welcome.',
    'Small details are easiest to see in full screen.',
  ],
  zh: ({ shots, look, subjects }) => [
    shots > 1
      ? `全片由 ${shots} 个镜头组成，每个镜头都有新的画面，前后连起来就是一个完整的小故事。`
      : '全片一镜到底，没有剪辑，画面从第一秒一直延续到最后一秒，请放松心情慢慢看。',
    ...(look ? [`画面风格：${look}。`] : []),
    '所有画面都由 AI 根据一段简短的文字想法生成，没有使用实拍素材，请当作一次影像想象来欣赏。',
    ...(subjects.length > 1 ? [`主题词：${subjects.slice(0, 4).join('、')}。`] : []),
    '看完之后，你最想重看的是哪一个瞬间？欢迎在评论区写下来，也说说如果换成你会怎么拍。',
    '如果第一遍没有看清，可以再播放一遍，留意背景里的光线和变化，也许会有新的发现。',
    '喜欢的话，可以先收藏起来，有空的时候再看，也可以分享给有同样爱好的朋友。',
    '下一支短片想看什么题材，同样欢迎留言，一句话的想法就足够了。',
    '建议全屏观看，把屏幕调亮一点，画面里的细节会更清楚。',
    '创意很简单，剩下的就交给镜头、光线和节奏，希望这段画面能让你停下来歇一会儿。',
  ],
};

/** Tags that are true of every video that is made here. */
export const commonTags: Readonly<Record<Locale, readonly string[]>> = {
  en: [
    'AI video',
    'short video',
    'shorts',
    'AI short film',
    'AI generated video',
    'short film',
    'visual story',
    'AI art',
    'text to video',
    'AI animation',
    'video art',
    'creative short',
  ],
  zh: [
    'AI视频',
    '短视频',
    'shorts',
    'AI短片',
    'AI生成视频',
    '创意短片',
    '画面故事',
    'AI艺术',
    '文生视频',
    'AI动画',
    '影像创作',
    '原创短片',
  ],
};

/** Hashtags of the same kind. */
export const commonHashtags: Readonly<Record<Locale, readonly string[]>> = {
  en: ['AIvideo', 'shorts', 'shortfilm'],
  zh: ['AI视频', '短视频', '创意短片'],
};

import type { Language, Material } from './material.ts';

/** What a prompt says when an earlier version may not stand: other scenes, in other words. */
const versions: Readonly<Record<Language, readonly (readonly string[])[]>> = {
  en: [
    [
      'Wide aerial view at dusk: a lone figure walks toward {t}, lanterns flicker along the path.',
      'The camera descends past rooftops and settles behind a shoulder, handheld, breathing with each step.',
      'Sparks leap from {a}, rain beads on a windowpane, teal shadows against copper light.',
      'A sudden gust scatters paper across the lens, then everything hangs in silence around {b}.',
    ],
    [
      'Overhead macro shot: fingertips arrange {t} on linen, petals and salt scattered nearby.',
      'A whip pan crosses a crowded workshop where laughter, flour and sawdust fill the air.',
      'Split lighting, emerald walls, a kettle steams behind {a} while the camera rolls sideways.',
      'Someone lifts {b} toward the sun and the image dissolves into white.',
    ],
  ],
  zh: [
    [
      '黄昏航拍：一个人影沿着灯笼小路走向{t}，风吹动衣角。',
      '镜头越过屋顶落到肩后，手持跟拍，随脚步轻轻起伏。',
      '{a}溅起火星，雨珠挂在玻璃窗上，青色阴影衬着铜色的光。',
      '忽然一阵风把纸片吹过镜头，一切围绕{b}安静下来。',
      '街角的孩子停下奔跑，抬头望着第一盏亮起的灯。',
    ],
    [
      '俯拍微距：指尖在亚麻布上摆放{t}，花瓣与海盐散落一旁。',
      '甩镜头穿过热闹的作坊，笑声、面粉和木屑飘满空中。',
      '分割布光，墨绿的墙，水壶在{a}后面冒着蒸汽，镜头横向滚动。',
      '有人把{b}举向太阳，画面溶进一片白色。',
      '老式收音机旁边，一只猫伸了个懒腰，跳下木桌离开。',
    ],
  ],
};

const rewriteMark = /\bthis is rewrite (?<number>\d)/iu;

/** How often the request says that it was written before; 0 for the first version. */
export const rewriteOf = (instructions: string): number =>
  Number(rewriteMark.exec(instructions)?.groups?.['number'] ?? 0);

/** The sentences of a rewrite. */
export function promptPhrases(language: Language, rewrite: number): readonly string[] {
  const all = versions[language];
  return all[(rewrite - 1) % all.length] ?? [];
}

/** A rewrite names the topic in words of its own; what a person has wished for keeps theirs. */
export function withOwnTopic(material: Material): Material {
  const { keywords, language, text } = material;
  if (/<\w+[^<>]*\bwish\b/u.test(text) || keywords.length === 0) return material;
  const topic = keywords.slice(0, 2).join(language === 'zh' ? '与' : ' and ');
  return { ...material, topic };
}

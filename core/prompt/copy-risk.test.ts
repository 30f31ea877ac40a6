import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';

import { copiedRuns, copyRisk, copyRiskLimit } from './copy-risk.ts';
import { loadReader } from './read-text.ts';

const read = await loadReader();

const riskOf = (prompt: string, ...source: readonly string[]): number =>
  copyRisk(
    read(prompt),
    source.map((text) => read(text)),
  );

/** How a prompt came about: `copied` also for what was only touched up. */
type Label = 'copied' | 'rephrased' | 'same topic';

type Source = { readonly title: string; readonly description: string };

/** Written for this test: a source, and three prompts for each. */
const pairs: readonly (readonly [Source, Readonly<Record<Label, readonly string[]>>])[] = [
  [
    {
      title: 'Grandma tries sushi for the first time and cannot stop laughing',
      description: 'She is 82 and has never left her village before this trip. #grandma #sushi',
    },
    {
      copied: [
        'Grandma tries sushi for the first time and cannot stop laughing. Warm close-up, soft window light, the camera pushes in slowly on her face, gentle rhythm, natural colours.',
        'Handheld shot: grandma tasted sushi for the very first time and could not stop to laugh. Soft light, shallow depth of field, a warm kitchen, a slow push-in.',
      ],
      rephrased: [
        'An elderly woman at a wooden table lifts a piece of raw fish with chopsticks, freezes, then bursts into giggles. Handheld close-up, warm window light, the camera drifts to the empty plate.',
      ],
      'same topic': [
        'A chef shapes sushi with wet hands in a tiny Tokyo bar at night. Macro shots of rice and tuna, steam, red lanterns reflected on the counter, slow pan to a waiting guest.',
      ],
    },
  ],
  [
    {
      title: 'I spent 24 hours building the world’s smallest working coffee machine',
      description:
        'The boiler is the size of a fingernail and the pump took me nine attempts. Follow for more tiny machines.',
    },
    {
      copied: [
        'A maker spent 24 hours building the world’s smallest working coffee machine, its boiler the size of a fingernail, filmed in macro with golden light.',
        'Macro video: the boiler is the size of a fingernail and the pump took nine attempts. Bright workshop light, tweezers in close-up, slow orbit.',
      ],
      rephrased: [
        'Tweezers lower a brass tube no longer than a match into place; a single drop of espresso falls into a thimble. Macro lens, warm bench lamp, time-lapse from dusk to dawn.',
      ],
      'same topic': [
        'A barista pulls an espresso on an old lever coffee machine in a quiet bar at sunrise. Steam curls through golden light, close-up of the crema, slow tilt to the street outside.',
      ],
    },
  ],
  [
    {
      title: 'Taylor Swift Eras Tour: the rain show nobody will ever forget',
      description: 'Front row, no umbrella, three hours of pure joy in Foxborough.',
    },
    {
      copied: [
        'The rain show nobody will ever forget: front row, no umbrella, three hours of pure joy. Wide stadium shot, blue light, slow motion drops.',
      ],
      rephrased: [
        'Thousands sing under a downpour, ponchos glitter in stage beams, a girl lifts her soaked face and smiles. Crane shot over the crowd, slow motion drops, violet light.',
      ],
      'same topic': [
        'Fans trade bracelets outside the Taylor Swift Eras Tour before the gates open. Handheld close-ups of beads and glitter, late sun, laughter, a drone rises over the car park.',
        'Taylor Swift Eras Tour: a father sews his daughter’s sequin dress the night before. Warm lamp, macro of the needle, morning light on her spinning in the hall.',
      ],
    },
  ],
  [
    {
      title: '5 mistakes everyone makes when watering indoor plants',
      description:
        'Most people pour water on the leaves instead of the soil, and number four kills your monstera overnight.',
    },
    {
      copied: [
        '5 mistakes everyone makes when watering indoor plants, shown in five close-ups with bright light and a brisk rhythm, clean background, final shot of a healthy leaf.',
        'Close-up, soft light: people pour water onto leaves instead of soil, and mistake number four kills a monstera overnight. Slow camera, dark tones.',
      ],
      rephrased: [
        'A drooping fern sits in a puddle; a finger tests dry earth, a can tips gently at the roots, new green unfurls in time-lapse. Daylight from the left, macro, calm pace.',
      ],
      'same topic': [
        'A jungle of indoor plants takes over a small apartment, room by room. Time-lapse, morning light through blinds, the camera glides along vines to a cat asleep in a pot.',
      ],
    },
  ],
  [
    {
      title: 'Street food in Bangkok: the fastest wok I have ever seen',
      description:
        'He cooks forty plates an hour and never looks at the pan once. Flames, noise, and the best basil chicken in town.',
    },
    {
      copied: [
        'He cooks forty plates an hour and never looks at the pan once. Flames, noise, neon light, handheld tracking shot through a crowded night market.',
      ],
      rephrased: [
        'Fire leaps as a cook flips rice blindfolded by smoke, plates fly along a steel counter, customers cheer. Whip pans, neon glow, sizzling close-ups, quick cuts on the beat.',
      ],
      'same topic': [
        'A grandmother grinds chili paste for her street food cart in Bangkok at dawn. Macro on the mortar, steam, a monk passes in orange, the camera follows the cart to the canal.',
      ],
    },
  ],
  [
    {
      title: 'My dog waited at the door every day for two years until this happened',
      description: 'A soldier comes home early and surprises his golden retriever. Bring tissues.',
    },
    {
      copied: [
        'A dog waited at the door every day for two years until this happened: a soldier comes home early and surprises his golden retriever. Warm light, slow motion.',
      ],
      rephrased: [
        'An old hound lies in a hallway as seasons change in the window behind; boots appear, ears lift, and it leaps into open arms. Low angle, amber light, tender pace.',
      ],
      'same topic': [
        'A golden retriever learns to surf beside its owner on small waves at noon. Waterproof camera low over the foam, spray in the sunlight, a proud shake of wet fur to finish.',
      ],
    },
  ],
  [
    {
      title: 'Restoring a rusty 1950s knife to a mirror finish',
      description:
        'Found in a barn, soaked in vinegar, sanded through eleven grits and polished for six hours. No talking.',
    },
    {
      copied: [
        'A rusty 1950s knife found in a barn, soaked in vinegar, sanded through eleven grits and polished for six hours. Macro, dark background, soft light.',
        'Restoring one rusty 1950s knife to a perfect mirror finish. Macro close-up, sparks, cool light, slow camera.',
      ],
      rephrased: [
        'Orange flakes fall from a neglected blade as abrasive paper hisses; steel brightens stroke by stroke until a face reflects in it. Macro, single lamp, unhurried cuts.',
      ],
      'same topic': [
        'A Japanese smith hammers a glowing knife blade on the anvil before sunrise. Sparks in slow motion, deep shadows, the camera circles him and rests on the quenching bath.',
      ],
    },
  ],
  [
    {
      title: '千万不要在火锅里放这个东西，全家人都后悔了',
      description: '第一次见到锅底自己沸腾成绿色，服务员看到以后直接愣住了。#火锅 #美食',
    },
    {
      copied: [
        '千万不要在火锅里放这个东西，全家人都后悔了。镜头缓慢推进，暖色灯光，热气升腾，特写大家惊讶的表情。',
        '锅底自己沸腾成绿色，服务员看到以后直接愣住，特写镜头，暖光，节奏紧凑，最后定格在一双筷子上。',
      ],
      rephrased: [
        '翻滚的红汤忽然变色，一家老小举着筷子面面相觑，蒸汽遮住了惊讶的脸。手持镜头绕桌一圈，暖黄灯光，结尾定格在空碗上。',
      ],
      'same topic': [
        '雪夜的小巷里，一家火锅店的窗户蒙着白雾，老板切着薄薄的羊肉片。微距拍刀工，暖光透出窗外，镜头缓缓拉远。',
      ],
    },
  ],
  [
    {
      title: '坚持早起三十天，我的生活发生了翻天覆地的变化',
      description: '从凌晨两点睡觉到清晨五点起床，体重掉了八斤，工作效率提高一倍。',
    },
    {
      copied: [
        '坚持早起三十天，生活发生了翻天覆地的变化：从凌晨两点睡觉到清晨五点起床，镜头跟随，晨光柔和。',
      ],
      rephrased: [
        '闹钟在黑暗中亮起，年轻人赤脚拉开窗帘，城市还在沉睡；日历一页页翻过，镜子里的脸越来越精神。延时摄影，冷光转暖。',
      ],
      'same topic': [
        '早起的渔民推船下海，海鸥围着桅杆盘旋，太阳跃出海平面。航拍展现整片海湾，金色光线铺满水面，镜头最后落在收网的手上。',
      ],
    },
  ],
  [
    {
      title: '外婆第一次坐飞机，看到云朵的那一刻哭了',
      description: '她一辈子没有离开过大山，攒了三年的钱只为了看一眼大海。',
    },
    {
      copied: [
        '外婆第一次坐飞机，看到云朵的那一刻哭了。特写镜头，柔和光线，画面温暖，镜头缓缓推进到她的眼睛。',
        '一辈子没有离开过大山的外婆，攒了三年的钱只为了看一眼大海，镜头跟拍，晨光，暖色调。',
      ],
      rephrased: [
        '满头银发的老人把额头贴在舷窗上，白茫茫的天空映进眼底，泪水顺着皱纹滑落，邻座小女孩悄悄递来手帕。浅景深，暖色逆光。',
      ],
      'same topic': [
        '飞机舱内，一个小男孩把纸飞机举到窗前，与真正的机翼重叠在一起。逆光剪影，镜头由窗外云海缓缓拉回，光斑浮动。',
      ],
    },
  ],
  [
    {
      title: '三分钟学会拉花，咖啡师不会告诉你的秘密',
      description: '奶泡温度控制在六十五度，手腕放松，从中心开始倒入，最后轻轻一提就是完美的心形。',
    },
    {
      copied: [
        '奶泡温度控制在六十五度，手腕放松，从中心开始倒入，最后轻轻一提就是完美的心形。微距镜头，暖光。',
        '三分钟学会拉花，揭开咖啡师不会告诉你的秘密，特写镜头缓慢推进，光线明亮，画面干净。',
      ],
      rephrased: [
        '白色牛奶落进深褐色漩涡，瓷杯微微倾斜，一片叶子在液面上慢慢舒展，阳光穿过吧台的玻璃。俯拍微距，节奏舒缓，无声收尾。',
      ],
      'same topic': [
        '凌晨的咖啡师独自擦拭吧台，窗外雨落在霓虹招牌上，老唱片缓缓转动。手持镜头跟随背影，蓝紫光影，结尾一盏灯熄灭。',
      ],
    },
  ],
  [
    {
      title: '九寨沟国家公园秋天有多美，航拍告诉你',
      description: '五花海的水像打翻的颜料盘，每走一步都舍不得眨眼，建议十月中旬来。',
    },
    {
      copied: [
        '五花海的水像打翻的颜料盘，每走一步都舍不得眨眼。航拍镜头缓慢推进，秋日暖光，色彩浓郁，画面干净。',
      ],
      rephrased: [
        '无人机贴着湖面滑行，水下倒木静卧，青蓝与橙红交织，一片落叶在空中打着旋儿触到水面，涟漪推开整座山的影子。',
      ],
      'same topic': [
        '清晨的九寨沟国家公园，一只白鹭掠过雾中的栈道，护林员背着竹篓慢慢走远。镜头固定，逆光，鸟鸣渐起。',
      ],
    },
  ],
  [
    {
      title: '当理发师遇到自然卷小朋友，结果笑翻全场',
      description: '剪到一半小朋友睡着了，脑袋一点一点像小鸡啄米，理发师只好跪着剪完。',
    },
    {
      copied: [
        '剪到一半小朋友睡着了，脑袋一点一点像小鸡啄米，理发师只好跪着剪完，特写镜头，光线明亮，节奏轻快。',
        '當理髮師遇到自然捲小朋友，結果笑翻全場。特寫鏡頭，光線柔和，畫面溫暖，鏡頭緩緩推進。',
      ],
      rephrased: [
        '蓬松的卷发里探出一张圆脸，孩子困得东倒西歪，师傅屈膝追着摇晃的头顶，剪刀轻响，妈妈捂嘴忍笑。低角度跟拍，午后光线。',
      ],
      'same topic': [
        '乡间集市上，老理发师磨着剃刀，镜子挂在槐树下，客人闭着眼听收音机。微距拍泡沫与刀锋，树影在画面里晃动。',
      ],
    },
  ],
  [
    {
      title: '花三十块改造出租屋，房东看完都惊呆了',
      description: '二手市场淘来的旧窗帘，加上一卷墙纸和几盏小灯，整个房间焕然一新。',
    },
    {
      copied: [
        '用三十块改造出租屋，房东看完全都惊呆了：二手市场淘来旧窗帘，一卷墙纸和几盏小灯，房间焕然一新，镜头推进，暖光。',
      ],
      rephrased: [
        '斑驳的墙面一寸寸变成奶油色，灯串亮起，旧木箱成了书桌，推门的中年人愣在门口。定点延时，色温由冷转暖。',
      ],
      'same topic': [
        '出租屋的阳台上，几个年轻人围着小桌吃西瓜，风扇吱呀转动，远处高楼亮起灯火。固定机位，蓝调时刻，镜头缓缓上摇。',
      ],
    },
  ],
];

type Case = {
  readonly label: Label;
  readonly prompt: string;
  readonly title: string;
  readonly description: string;
};
const cases: readonly Case[] = pairs.flatMap(([source, prompts]) => [
  ...prompts.copied.map((prompt): Case => ({ ...source, label: 'copied', prompt })),
  ...prompts.rephrased.map((prompt): Case => ({ ...source, label: 'rephrased', prompt })),
  ...prompts['same topic'].map((prompt): Case => ({ ...source, label: 'same topic', prompt })),
]);
const isChinese = ({ prompt }: Case): boolean => /\p{Script=Han}/u.test(prompt);
const labelled = (label: Label) => cases.filter((one) => one.label === label);
const risksOf = (some: readonly Case[]): number[] =>
  some.map(({ prompt, title, description }) => riskOf(prompt, title, description));

describe('the labelled pairs', () => {
  test('are enough, in both languages', () => {
    for (const label of ['copied', 'rephrased', 'same topic'] as const) {
      expect(labelled(label).filter(isChinese).length).toBeGreaterThanOrEqual(7);
      expect(labelled(label).filter((one) => !isChinese(one)).length).toBeGreaterThanOrEqual(7);
    }
    expect(cases.length).toBeGreaterThanOrEqual(50);
  });

  test.each(cases)('$label: $prompt', ({ label, prompt, title, description }) => {
    const isOver = riskOf(prompt, title, description) >= copyRiskLimit;
    expect(isOver).toBe(label === 'copied');
  });

  test('leave a gap around the limit', () => {
    const others = [...risksOf(labelled('rephrased')), ...risksOf(labelled('same topic'))];
    expect(Math.max(...others)).toBeCloseTo(0.4, 2);
    expect(Math.min(...risksOf(labelled('copied')))).toBeCloseTo(0.5, 2);
    expect(copyRiskLimit).toBe(0.45);
  });

  test('of one subject have less in common with the source of another', () => {
    const [first] = cases;
    const elsewhere = cases.filter(({ title }) => title !== first?.title);
    for (const { prompt } of elsewhere)
      expect(riskOf(prompt, first?.title ?? '', first?.description ?? '')).toBeLessThan(0.3);
  });
});

describe('what counts', () => {
  test.each([
    ['one word of a name', 'A boat in the rain under neon', 'My boat', 0.1],
    ['two words in a row', 'The latte art of a fox in the rain', 'Latte art', 0.2],
    ['three', 'A paper boat sails under old bridges', 'Our paper boat sails', 0.3],
    [
      'three of them apart from each other',
      'Boats, then kites, then trains',
      'Kites and boats and trains',
      0.15,
    ],
    [
      'words of film alone',
      'Cinematic close-up in soft light, cat asleep',
      'Cinematic close-up in soft light',
      0,
    ],
    ['characters that join', '红的了着和与及绿', '蓝的了着和与及黄', 0],
    [
      'words that join',
      'It is what it is for all of them and a cat',
      'It is what it is for all of us and a dog',
      0,
    ],
  ])('%s', (_, prompt, source, risk) => {
    expect(
      riskOf(`${prompt}. Lanterns drift over quiet harbours while gulls circle masts.`, source),
    ).toBeCloseTo(risk, 5);
  });

  test('a short sentence as a whole, but not a name', () => {
    const rest = 'Lanterns drift over quiet harbours while gulls circle masts at dusk.';
    expect(riskOf(`${rest} What is the capital of Brazil?`, 'What is the capital of Brazil?')).toBe(
      1,
    );
    expect(riskOf(`${rest} Sagrada Familia.`, 'Sagrada Familia')).toBeCloseTo(0.2, 5);
  });

  test('passages that are spread over the prompt add up', () => {
    const source =
      'Tiny robots paint murals. Old sailors knit red scarves. Wild foxes guard empty castles.';
    const one = riskOf(
      'Tiny robots paint murals beside many colourful strangers eating mangoes',
      source,
    );
    const all = riskOf(
      'Tiny robots paint murals, old sailors knit red scarves, foxes guard empty castles',
      source,
    );
    expect(all).toBeGreaterThan(one + 0.3);
  });

  test('no passage goes from one text into the next', () => {
    const prompt = 'Purple tigers juggle melons beneath frozen waterfalls forever';
    expect(riskOf(prompt, 'Purple tigers juggle melons beneath frozen waterfalls')).toBeGreaterThan(
      0.6,
    );
    expect(riskOf(prompt, 'Purple tigers juggle', 'melons beneath frozen waterfalls')).toBeLessThan(
      0.62,
    );
    expect(riskOf('tigers juggle melons, kites', 'tigers juggle', 'melons kites')).toBeLessThan(
      0.45,
    );
  });

  test('the runs that were copied are named, without what is only a name', () => {
    const prompt = read(
      'Close-up: grandma tries sushi for the first time. A paper boat at dusk. 全家人都後悔了，光線柔和。',
    );
    const source = ['Grandma tries sushi for the first time!', 'Paper boat', '全家人都后悔了'].map(
      (text) => read(text),
    );
    expect(copiedRuns(prompt, source)).toEqual([
      'grandma tries sushi for the first time',
      '全家人都后悔了',
    ]);
    expect(copiedRuns(prompt, [])).toEqual([]);
  });

  test('at most six runs are named', () => {
    const sentences = [
      'ash birch cedar',
      'daisy elm fern',
      'grape hazel iris',
      'juniper kale lily',
      'maple nettle oak',
      'palm quince rose',
      'sage thyme umbel',
    ];
    expect(
      copiedRuns(
        read(sentences.join('. ')),
        sentences.map((text) => read(text)),
      ),
    ).toHaveLength(6);
  });
});

const english = fc.constantFrom(
  ...'boat lantern kettle fox harbour violin ladder mango bridge the of camera slow light first and'.split(
    ' ',
  ),
);
const chinese = fc.constantFrom(...Array.from('纸船灯笼狐狸港口的了镜头特写阳光猫狗山水火锅'));
const sentence = fc.oneof(
  fc.array(english, { minLength: 1, maxLength: 14 }).map((words) => `${words.join(' ')}.`),
  fc
    .array(chinese, { minLength: 1, maxLength: 24 })
    .map((characters) => `${characters.join('')}。`),
  fc.string({ maxLength: 60, unit: 'binary' }),
);
const text = fc.array(sentence, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(' '));
const texts = fc.array(text, { maxLength: 3 });
const wide = (words: string): string =>
  words.replaceAll(/[!-~]/gu, (sign) => String.fromCodePoint((sign.codePointAt(0) ?? 0) + 0xfee0));

describe('for any texts', () => {
  property.prop([text, texts])('it is from 0 to 1', (prompt, source) => {
    const risk = riskOf(prompt, ...source);
    expect(risk).toBeGreaterThanOrEqual(0);
    expect(risk).toBeLessThanOrEqual(1);
  });

  property.prop([text, texts])(
    'a text is a copy of itself, whatever stands beside it',
    (prompt, others) => {
      const { tokens } = read(prompt);
      fc.pre(tokens.length > 0);
      const risk = riskOf(prompt, ...others, prompt);
      expect(risk).toBeGreaterThanOrEqual(copyRiskLimit);
      // Of one word again and again it is not clear which stands for which.
      const hasRepeats = new Set(tokens.map((token) => token.text)).size < tokens.length;
      expect(hasRepeats ? 1 : risk).toBe(1);
    },
  );

  property.prop([fc.array(english, { maxLength: 20 }), fc.array(chinese, { maxLength: 20 })])(
    'what shares no word is no copy',
    (words, characters) => {
      expect(riskOf(words.join(' '), characters.join(''))).toBe(0);
      expect(riskOf(characters.join(''), words.join(' '))).toBe(0);
      expect(riskOf(words.join(' '))).toBe(0);
    },
  );

  property.prop([text, texts, text])('more source never makes it less', (prompt, source, more) => {
    expect(riskOf(prompt, ...source, more)).toBeGreaterThanOrEqual(riskOf(prompt, ...source));
  });

  property.prop([text, texts])('the order of the texts does not matter', (prompt, source) => {
    expect(riskOf(prompt, ...source.toReversed())).toBe(riskOf(prompt, ...source));
  });

  property.prop([
    fc.array(english, { minLength: 1, maxLength: 30 }),
    fc.array(english, { maxLength: 30 }),
  ])('case, width and commas do not matter', (words, others) => {
    const risk = riskOf(words.join(' '), others.join(' '));
    expect(riskOf(words.join(' ').toUpperCase(), others.join(' '))).toBe(risk);
    expect(riskOf(wide(words.join(' ')), others.join(' '))).toBe(risk);
    expect(riskOf(words.join(', '), others.join(' — '))).toBe(risk);
  });

  test('traditional characters do not matter', () => {
    const traditional = '當理髮師遇到自然捲小朋友，結果笑翻全場';
    expect(riskOf(traditional, '当理发师遇到自然卷小朋友，结果笑翻全场')).toBe(1);
  });
});

test('long texts take little time', () => {
  const prompt = '字里行间的东西典藏着九寨沟'.repeat(38).slice(0, 500);
  const source = '火锅里的东西字典里九寨沟也有'.repeat(220).slice(0, 3000);
  expect(riskOf(prompt, source, source)).toBeGreaterThan(0);
});

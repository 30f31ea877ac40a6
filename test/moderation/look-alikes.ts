/** Words and phrases that hold, or look like, something else. */
export const lookAlikes: readonly string[] = [
  ...`Scunthorpe United, Penistone, Cockermouth, Clitheroe, Lightwater, Essex, Sussex, Middlesex, Dickens,
  Hancock, Hitchcock film night, Moby Dick, Titicaca, Uranus, Montenegro, Niger river, Matsushita, Arsenal,
  bass player, classic assembly, assassin bug, cassette tape, passage, grass, embassy ball, compass,
  cocktail, cockatoo, peacock, cockpit, cockroach in a jar, shuttlecock, hotchpotch, Japanese tea ceremony,
  analysis, analogue, canal boat, banal talk, cumin, cumulus, document, accumulate, circumstance, cucumber,
  therapist, grape, drape, scrape, rapeseed field, skyscraper, trapeze, title, titmouse, constitution, blue tits,
  shiitake, push it real good, sextant, sextet, unisex shirt, sussex, sexton beetle, bumblebee, button, butter,
  rebuttal, swank, snigger, raccoon, tycoon, cocoon, spice, auspicious, chinking glasses, country, scum,
  penguin, pencil, peninsula, happiness, open issue, pussy willow, pussycat toy, hello kitty, dam, damson,
  hoe in the garden, shoe, whoever, mishit, shovel, kill the lights, killer whale, killing it on stage,
  breast of chicken, breaststroke, naked mole rat, naked eye astronomy, bath bomb, photobomb, bomb cyclone,
  water gun fight, glue gun crafts, shooting stars, shoot a video, crash diet coke, drug store cosmetics,
  weed whacker, seaweed salad, high school graduation, nude lipstick, sex education, virgin olive oil,
  bloody mary, blood orange juice, dead sea mud, suicide prevention week, cotton gin, hot dog, wiener dog`
    .split(',')
    .map((text) => text.trim().replaceAll(/\s+/gu, ' ')),
  ...`鸡胸肉 乳牛 奶牛 乳制品 胸有成竹 毒舌点评 杀青宴 爆款视频 爆米花 炸鸡 杀手锏 病毒科普 水枪大战 玩具枪 射击运动
  枪乌贼 射手座 裸眼3D 裸色高跟鞋 裸感底妆 性感红唇 性价比 高性能跑车 中性笔 女性创业者 男性护肤 两性健康科普 性教育课
  情色彩斑斓 五颜六色 角色情感 红色情人节礼盒 白色情侣装 做爱心早餐 做爱好的自己 坚强女干部 上海外交官 路口交警
  交通大学 下体育课 成人教育 成人礼 处女座 卵石滩 鸭子戏水 野鸡脖子菜 激情演唱会 月经科普 屁股针 包皮饺子 后庭院
  抽插花瓶 打飞机票 高潮迭起的剧情 副歌高潮 靠背椅 白痴级好用 笨蛋美人 老二哈士奇 小鸡鸡蛋饼 大鸡排 赌气的孩子 博彩众长
  大麻花 大麻哈鱼 冰毒辣椒 毒蘑菇图鉴 炸街穿搭 杀疯了的折扣 秒杀价 吊打同行的画质 黑鬼脸面具 洗脱衣物 可可爱爱 子弹时间特效
  手枪腿训练 象牙白墙面 无码头的小岛 长曝光摄影 白人参 曝光补偿教程 跑分对比评测 游戏首充攻略`.split(
    /\s+/u,
  ),
];

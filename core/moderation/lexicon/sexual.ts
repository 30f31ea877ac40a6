import type { TermTable } from './table.ts';

const ages = Array.from({ length: 17 }, (_, index) => index + 1);
const numerals = '一 二 三 四 五 六 七 八 九 十 十一 十二 十三 十四 十五 十六 十七'.split(' ');
const numbers = `
      one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
      sixteen seventeen`.split(' ');

const agesInEnglish = [...ages.map(String), ...numbers].flatMap((age) => [
  `${age} year old`,
  `${age} years old`,
  `${age} yo`,
  `aged ${age}`,
  `age ${age}`,
  `age of ${age}`,
]);

export const sexualTerms = {
  minor: {
    en: [
      `
      underage*, minors, child, children, kid, kids, toddler*, infant*, babies, preteen*,
      pre teen*, teen, teens, teenage*, schoolgirl*, schoolboy*, school girl*, school boy*,
      little girl*, little boy*, young girl*, young boy*, high school girl*, middle school*,
      elementary school*, primary school*, tween*`,
      ...agesInEnglish,
      ...ages.map((age) => `${age}yo`),
    ].join(','),
    zh: [
      `
      未成年 幼女 幼童 幼儿 儿童 小孩 孩子 小学生 初中生 高中生 中学生 女中学生 萝莉 正太
      女童 男童 婴儿 宝宝 小女孩 小男孩 女学生 学生妹 青少年 幼幼 小学女生 初中女生 高中女生
      小学男生 幼儿园 小朋友 小姑娘 中学女生 九岁女 女娃`,
      ...ages.map((age) => `${age}岁`),
      ...numerals.map((age) => `${age}岁`),
    ].join(' '),
  },
  /** May be of age, and is taken as a child next to what is plainly sexual. */
  youth: { en: 'young teen*, barely legal, lolita*', zh: '少女 美少女 少年' },
  child_abuse: {
    en: `
      loli, lolis, lolicon*, shota, shotacon*, jailbait, jail bait, child porn*, kiddie porn*,
      paedophil*, pedophil*, pthc`,
    zh: '恋童 炼铜 幼交 萝莉控色情 幼女色情 儿童色情',
  },
  /** Says by itself that the video is pornographic. */
  explicit: {
    en: `
      adult film*, adult video*, adult movie*, adult content, make love, makes love,
      making love, made love, lap dance*, lapdance*, strips naked, strip naked,
      stripping naked, love scene uncensored, steamy love scene*, having intercourse,
      sex doll*, nude livestream, sex worker*, one night stand, sexually explicit, softcore,
      soft core, sexting, gets laid, sleep with each other naked,
      hidden camera in the shower, *porn*, p0rn*, hentai, blowjob*, blow job*, handjob*,
      hand job*, rimjob*, cumshot*, creampie, gangbang*, gang bang*, orgy, orgies,
      threesome*, having sex, have sex, has sex, had sex, sex scene*, sex tape*, sex act*,
      sex video*, sex film*, sex clip*, sex show*, sexual intercourse, lesbian sex, gay sex,
      anal sex, oral sex, group sex, hardcore sex, explicit sex*, making love naked, x rated,
      xxx, fuck each other, they fuck, fucks, fuck scene*, fucking on, fucking in a,
      fucking in the, fucking each, cunnilingus, fellatio, deepthroat*, bukkake, milf,
      striptease*, strip tease*, touching herself, touches herself, camgirl*, cam girl*,
      upskirt*, sex toy*, dildo*, full frontal, seduc* a guest, erotic dance, erotic hentai,
      erotic massage, onlyfans nude*, nudes leak*, wild sex, rough sex, sex on the,
      sex in the, sex with, sex against, happy ending massage, massage with happy ending,
      legs spread, legs wide open, kissing and licking, licking each other, topless dance,
      ride him naked, sensual blow, pole dance naked, amateur porn, swingers party,
      bondage sex, foursome, sex slave*, wet t shirt contest, naughty nurse, strip poker`,
    zh: `
      交欢 欢爱 云雨之欢 激情戏 福利姬 床上激战 娇喘 呻吟声 鱼水之欢 春宫 裸戏 裸睡直播
      成人内容 成人直播 黄播 色诱 性虐 调教女 开车视频福利 走光 私密部位 滚床单 车震 野战激情
      泡妞上床 色情 情色 做爱 性爱 性交 口交 肛交 乳交 床戏 自慰 手淫 一丝不挂 脱衣舞 三级片
      无码 裸聊 约炮 一夜情 性服务 裙底 露点 私处 下体特写 强奸 轮奸 迷奸 卖淫 嫖娼 招嫖 黄片
      黄色视频 黄色网站 成人片 成人视频 成人网站 成人电影 A片 AV女优 av女优 av片 淫荡 淫乱
      淫秽 群交 性奴 肉棒 乱伦 援交 啪啪啪 打飞机 叫床 射精特写 黄色片 涩情 黄涩 裸撩
      黄色小说 文爱 瑟情 色晴 黄视频 裸贷 大尺度写真 大尺度视频 性喘息 翻云覆雨 巫山云雨
      擦边视频 擦边直播 越露越好 啪啪声 性虐待 潮吹 一丝不着 激情床 滚到床上 肉欲 春药
      性爱派对 约会炮 制服诱惑 湿身诱惑 脱光诱惑 口爆 骚货`,
  },
  /** Of the body: told from a lesson or a doctor only by its surroundings. */
  intimate: {
    en: `
      boobs, moan*, crotch, groin, buttocks, masturbat*, genital*, penis*, vagina*, vulva*,
      erection*, ejaculat*, orgasm*, clitoris, intercourse, breast, breasts, cleavage`,
    zh: '胸部 下体 臀部 乳房 乳头 呻吟 阴茎 阴道 阴唇 勃起 射精 外阴 龟头 性器 性高潮 女人高潮 高潮脸',
  },
  nudity: {
    en: `
      with nothing on, nothing on but, strips completely, strips for, strips in front,
      girls stripping, girl stripping, model stripping, woman stripping, stripping naked,
      stripping in, stripped naked, breasts fully, breasts visible, breasts exposed,
      exposed breast*, bare chested woman, removes her bra, takes off her bra,
      takes off her top, drops her towel, drops her robe, see through dress, birthday suit,
      skinny dip*, bare bottom, bare skin only, clothes off, nude, nudes, nudity, naked,
      topless woman, topless women, topless girl*, topless model*, topless dancer*,
      woman topless, she is topless, undress*, unclothed, no clothes, without clothes,
      takes off all, take off all, took off all, taking off all, takes off her clothes,
      takes off his clothes, takes off their clothes, bare breast*, nipple*,
      sexy girl touching, fully exposed, nudist*, completely bare, stark naked, naked body,
      naked bodies, in the nude, nothing underneath, only her skin`,
    zh: `
      什么都没有穿 身上什么都没有 什么都没穿 解开衣服 没有穿衣服 露出胸部 胸部完全 胸部露出
      露胸 露乳 露臀 袒胸 脱掉衣服 脱掉所有 脱下内衣 解开内衣 脱衣服 裸上身 真空上阵 衣不蔽体
      裸体 全裸 裸照 裸身 裸女 赤裸 脱光 脱衣 裸模 裸露身体 半裸 不穿衣服 没穿衣服 全身无遮挡
      光着身子 裸舞 裸奔 大尺度 赤身 浴巾滑落 出浴 一件件脱 脱得精光 脱到 脱得只剩 真空出镜
      裸露全身`,
  },
  suggestive: {
    en: `
      sexy, erotic*, sensual*, seduc*, lingerie, twerk*, horny, kinky, sexual*, sex,
      bikini pose*`,
    zh: '性感 挑逗 撩人 情趣内衣 丝袜诱惑 性诱惑 诱惑舞蹈 诱惑写真 诱惑视频 色诱',
  },
  underwear: { en: 'underwear, panties, thong*, lingerie', zh: '内衣 内裤 丁字裤 情趣' },
  sex_topic: { en: 'sex, sexual*', zh: '性行为 性关系 性侵 猥亵 开苞' },
  /** Turns a bare body into a scene: whom or how one sees. */
  person: {
    en: `
      strangers, lovers, the camera, camera stays, back room, visible, woman, women, girl*,
      man, men, boy*, people, person, couple*, actor*, actress*, wife, husband, model*,
      everyone, she, he, her, his, dancer*, teacher, neighbour*, neighbor*, girlfriend,
      boyfriend, celebrit*, singer*, photo*, uncensored, explicit, fully, secretary, nurse*,
      maid*, boss, stepmom*, blonde*, brunette*, babe*, chick, lesbian*, student*, waitress*,
      roommate*, breasts, breast, huge breasts`,
    zh: `
      男女 女孩子 姑娘 镜头不 少女 她 他俩 遮挡 美女 女人 男人 女孩 女生 女主 演员 情侣 主播
      模特 少妇 人妻 老师 同事 明星 他们 身体 视频 写真 合集 镜头 秘书 老板 护士 学姐 妹子
      小姐姐 御姐 夫妻 空姐 女友 女神 闺蜜 女子 男子 舞者 大叔 学妹 辣妹 老婆 网红`,
  },
  bed: {
    en: 'hotel, bed, sofa, couple, naked, actors',
    zh: '酒店 床 情侣 无码 真实画面 全过程 洗澡 浴室 床上 更衣室 一整夜 女厕',
  },
  /** Stands for a word, but also for something harmless. */
  veiled: { en: 'fuck, fucked, fucking', zh: '做ai 啪啪 开房 啪 zuoai 喘息声 偷窥 激战' },
} as const satisfies TermTable;

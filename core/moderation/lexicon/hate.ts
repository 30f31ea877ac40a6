import type { TermTable } from './table.ts';

export const hateTerms = {
  slur: {
    en: `
      nigger*, nigga*, faggot*, kike*, wetback*, towelhead*, raghead*, sandnigger*, chink,
      chinks, gook, gooks, tranny, trannies, jigaboo*, beaner*, pikey, spic, spics, coon,
      coons, darkie*, zipperhead*, untermensch*, shemale*`,
    zh: '黑鬼 尼哥 支那猪 阿三 棒子国 绿教 死基佬 娘炮去死 蝈蝻 支那贱 高丽棒子 小日本鬼子去死 黑皮猪 劣等民族 劣等种族 劣等人',
  },
  group: {
    en: `
      indians, africans, indian people, african people, arab*, pakistanis, koreans,
      japanese people, vietnamese, asian people, foreigners, women are, girls are only,
      old people, fat people, autistic*, the disabled, the poor, homeless people, catholics,
      buddhists, the french, poles, ukrainians, russians, palestinians, israelis, zionist*,
      jew, jews, jewish, muslim*, blacks, black people, asians, chinese people, gays,
      gay people, homosexual*, lesbians, trans people, transgender*, immigrant*, migrants,
      refugee*, mexicans, arabs, women, disabled people, gypsies, roma people, christians,
      hindus, white people, latinos`,
    zh: `
      新疆人 安徽人 广东人 四川人 江西人 潮汕人 女人 女性 男人都 胖子都 穷人 老外 美国人
      俄罗斯人 非裔 亚裔 华人 台湾人 香港人 大陆人 基督徒 变性人 跨性别 拉丁裔 越南人
      菲律宾人 少数民族 农民工 女司机 残障 智障人士 黑人 犹太人 穆斯林 同性恋 移民 难民
      河南人 东北人 上海人 外地人 某地人 日本人 中国人 印度人 韩国人 回族 维吾尔 藏人 残疾人
      女人都 农村人 乡下人 白人 非洲人 女权 亚洲人 欧洲人 苗族 藏族 上访户 老年人 单亲家庭
      聋哑人 盲人 自闭症`,
  },
  dehumanise: {
    en: `
      control everything, must be removed, dirty animals, only good for, savages,
      less intelligent, low iq, not human, kill them, get rid of, burn down, lazy thieves,
      all thieves, all rapists, are rapists, sterili*, should be shot, hang them,
      stupid by nature, vermin, exterminat*, inferior*, subhuman*, sub human*, cockroach*,
      wiped out, gas the, kill all, should die, must die, deserve to die, hate them,
      should hate, kick them out, kick out, scum, parasite*, are terrorists, are criminals,
      are animals, enslave*, burn them, lynch*, are a disease, a disease that, smell and,
      they smell, are dirty, dirty people, are pigs, like pigs, are rats, like rats,
      are a plague, are monkeys, like monkeys, are apes, like apes, they stink, are filthy,
      filthy people, are invaders, go back to your, wipe them out, wipe out all,
      belong in the kitchen, belong in a zoo, kill every, do not belong, don t belong,
      burn their, criminals by nature, by nature, do not deserve to live, not deserve,
      are garbage, are trash, are parasites, ruin our country, out of our country,
      are all thieves, should be banned from`,
    zh: `
      低等 只配 猪狗不如 见一个打一个 畜生 人渣 都是垃圾 都是贼 下贱 不配活 贱种 打死他们
      杀光 滚出去 不是人 脏臭 臭死 都是罪犯 全是骗子 素质低 该死 赶尽杀绝 劣等 滚出 变态 去死
      低贱 奴役 灭绝 都是骗子 都是小偷 小偷骗子 都是恐怖分子 仇恨他们 下等 滚回 是猴子 像猴子
      肮脏的民族 又脏又 是蟑螂 像蟑螂 是害虫 是寄生虫 被消灭 消灭他们 应该消灭 消灭干净
      病毒传播者 传播者 不配 都是累赘 祸害 滚出中国 该被 全部赶走 赶出去 都有罪 天生`,
  },
  supremacy: {
    en: `
      nazi*, neonazi*, neo nazi*, white power, white suprem*, kkk, ku klux*, hitler*,
      swastika*, third reich, ethnic cleansing, holocaust, race war, master race,
      burning cross`,
    zh: '纳粹 希特勒 白人至上 种族清洗 种族灭绝 三K党 燃烧的十字架 新纳粹 军国主义 大屠杀',
  },
  acclaim: {
    en: `
      heroic, hero*, glorious*, glorif*, prais*, great, support, celebrat*, proud*, rise again,
      was right, join, never happened, hoax, shown as`,
    zh: '歌颂 支持 致敬 赞美 宣传片 伟大 英雄 光荣 万岁 加入 不存在 谎言 崇拜',
  },
  attack: {
    en: `
      private photos, revenge porn, shame her, shame him, name and workplace, ugliest,
      pathetic, worthless, spread rumours, spread rumors, blackmail*, humiliat*, expose, dox,
      doxx*, doxing, bully, harass*, insult*, mock my, kill himself, kill herself,
      kill yourself, call her a, call him a, calls him a, calls her a, loser, look fat,
      look stupid, fat and stupid, laughs at her, laughs at him, laugh at her, laugh at him,
      her house on a map, revenge on, ruin her life, ruin his life, make fun of,
      laugh at fat, leak her, leak his, leak the private, leak private, leak my ex*,
      leak nudes, post the face, post her, post his face, filthy pig, everyone should bully,
      who rejected me, as a pig, as a clown, name and shame, get her fired, get him fired,
      ruin her, ruin him, fake account of`,
    zh: `
      智障 私密照 公开羞辱 泄露 公开她 公开他 丑八怪 恶心他 死肥 肥猪 傻子 脑残 单位和名字
      配上她的名字 社死 挂人 羞辱 曝光 人肉 网暴 霸凌 辱骂 骂他 骂她 一起骂 去死 围攻 嘲笑他
      嘲笑她 全班嘲笑 骚扰 贱人 废物 丑化 抹黑 公开处刑 挂出来 全网骂 挂网上 让全网 让大家骂
      搞臭 骂死 喷死 毁掉她 毁了他`,
  },
  target: {
    en: `
      from our school, in our school, in 8b, our school, workplace, where she lives,
      where he lives, her address, his address, my landlord, my stepmother, my roommates,
      my girlfriend, my husband, my wife, the girl next door, my classmate*, my ex*, my ex s,
      my coworker*, my co worker*, my colleague*, my boss, my neighbour*, my neighbor*,
      my teacher*, my sister, my brother, this streamer, new kid, our class, my class,
      from my school, my school, home address, phone number, full name, coworker, classmate*,
      streamer, that girl from, my roommate, the girl who, the guy who, who rejected me,
      and address, mrs, mr brown, that kid, our teacher, my professor`,
    zh: `
      我们班 我班 全校 住哪 家里地址 婆婆 房东 甲方 领导 前妻 前夫 他家 她家 前女友 前男友
      前任 同学 同事 邻居 老师 女主播 主播 举报我 家庭住址 住址 身份证 室友 老板 班里 班上
      这个女 住址和电话 她的名字 他的名字 同事小 欠我钱 照片和身份证 拒绝我 闺蜜 死对头 教练
      班主任 客户 舍友`,
  },
} as const satisfies TermTable;

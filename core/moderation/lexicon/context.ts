import type { TermTable } from './table.ts';

/** What the sentence is about; it decides how a doubtful word is meant. */
export const contextTerms = {
  medical: {
    en: `
      doctor*, medical*, anatomy, surgery, surgeon*, hospital*, nurse*, health*, cancer*,
      disease prevention, patient*, therap*, symptom*, textbook*, reproductive, exam explained,
      clinic*, infection*, vaccin*, effects of, brain, condom*, contracepti*, pregnan*,
      first aid, dysfunction`,
    zh: '医生 医学 医院 科普 健康 手术 护理 癌 症状 治疗 避孕 感染 急救 患者 预防 疫苗 细胞 生理 解剖 育儿',
  },
  prevention: {
    en: `
      prevent*, awareness, helpline*, hotline*, campaign*, against drug*, against violence,
      against bully*, against cyber*, against hate, fight against, stop bully*, stop the,
      stop violence, never send, warning sign*, protect*, public service, psa, recognis*,
      recogniz*, not alone, get help, find help, talk to a friend, say no, support group*,
      survivor*, recover*, quit, quitting, harmful, harms, harm of, danger* of, dangers,
      how to avoid, avoid, scam alert, safety, sex education, consent, education*, lesson*,
      remember*, memorial*, victims of, ruins, addiction, rehab*, charity, detect*,
      how to spot, spot a, rescue*, stopped, fought, anti bully*, anti drug*, anti gambl*,
      anti fraud, anti hate`,
    zh: `
      预防 防范 拒绝 远离 公益 禁毒 反诈 防诈骗 防骗 骗局 识别 求助 热线 陪伴 安全教育
      自我保护 警示 禁止 反对 反恐 演练 抵制 打击 揭秘骗局 保护 不要 关爱 守护 警惕 性教育
      揭露 你并不孤单 危害 伤害 戒 远离毒品 教育 救援 哀悼 遇难 原理 风险`,
  },
  news: {
    en: `
      news, reporter*, report, reports, documentar*, police, court, trial, journalis*, anchor,
      archive*, investigat*, interview*, arrest*, seiz*, headline*`,
    zh: '新闻 记者 报道 纪录片 警方 警察 法院 宣判 破获 采访 侦破 抓获 播报 专项行动 团伙 特大',
  },
  history: {
    en: `
      histor*, war, medieval, ancient, museum*, holocaust, anne frank, century, revolution*,
      archaeolog*, prohibition, world war, empire, roman, caesar, slavery, civil rights,
      came to power, explainer, explains the, peace park, remembrance, past`,
    zh: '历史 战争 古代 博物馆 考古 遗址 公祭 老兵 抗战 抗日 集中营 幸存者 唐朝 清朝 遇难者 死难者 纪念 回忆 史 林则徐 虎门 和平',
  },
  art: {
    en: `
      museum*, gallery, galleries, painting*, sculpture*, statue*, marble, life drawing,
      art school, rubens, botticelli, michelangelo*, louvre, renaissance, charcoal, venus,
      classical`,
    zh: '雕塑 油画 美术馆 博物馆 卢浮宫 素描 画室 文艺复兴 壁画 雕像 大理石 人体艺术课 维纳斯 大卫像 美术 写生',
  },
  product: {
    en: `
      lipstick*, heels, palette*, makeup, make up, cake*, eyeshadow, shade, shades, collection,
      nail polish, foundation, shoe*, dress, tights, bra, colour, color`,
    zh: '口红 底妆 美妆 高跟鞋 眼影 穿搭 腮红 产品 香水 彩妆 粉底',
  },
  sport: {
    en: `
      gym, workout*, training, exercise*, yoga, stretch*, fitness, swimmer*, bungee, coach,
      athlete*, muscle*, physio*`,
    zh: '健身 训练 拉伸 瑜伽 运动 蹦极 肌肉 教练 塑形 游泳 体操 康复',
  },
  play: {
    en: `
      game, games, gaming, gameplay, video game*, toy, toys, paintball, movie trailer,
      thriller, noir, fantasy, zombie*, comic*, cartoon tank, samurai, chess, arcade, western,
      theatre, theatrical, lego, minecraft, fortnite, heist, film trailer, movie, film scene,
      prop gun*`,
    zh: '游戏 玩具 吃鸡 武侠 丧尸 电竞 剧组 悬疑 侦探 特工 短剧 三国 拆除 排爆 王者荣耀 奇幻 史诗 剧本杀 狼人杀 电影 影视 道具 动作片 预告片',
  },
} as const satisfies TermTable;

/** Phrases in which a doubtful word is harmless: what lies inside one of them does not count. */
export const harmlessTerms = {
  harmless: {
    en: `
      fake news, food porn*, foodporn, sex education, sexual health, sexually transmitted,
      sexual abuse, sexual harassment, sexual violence, sexual assault, same sex marriage,
      opposite sex, sex chromosome*, nude lipstick*, nude heels, nude makeup, nude shade*,
      nude palette*, nude colour*, nude color*, nude tone*, nude nail*, marble nude,
      nude painting*, naked cake*, naked eye, naked palette*, naked mole rat*, naked juice,
      naked truth, naked bike, naked statue*, bath bomb*, photo bomb*, photobomb*,
      bomb cyclone, seed bomb*, glitter bomb*, smoke bomb*, cocoa bomb*, chocolate bomb*,
      cherry bomb*, bomb disposal, bomb squad, atomic bomb*, the bomb, water gun*, nerf gun*,
      toy gun*, glue gun*, heat gun*, massage gun*, nail gun*, spray gun*, gun safety,
      top gun, gun metal, gunmetal, rapeseed*, faggots and peas, faggots and mash,
      chink of light, chinks of light, chinks in the armour, spic and span, spick and span,
      raccoon*, drugstore*, drug store*, prescription drugs, weed whacker*, weed control,
      pull* weeds, seaweed*, escort vehicle*, police escort*, ford escort, casino royale,
      bloody mary*, coon cat*, maine coon*, gore tex, al gore, gore vidal, guts to,
      have the guts, had the guts, no guts no glory, kill the lights, kill the engine,
      kill the vibe, kill the noise, kill all bugs, kill all germs, kill all bacteria,
      kill the germs, dick van dyke, tender breast*, chicken breast*, breast of,
      turkey breast*, duck breast*, orgy of colour*, orgy of color*, heroin chic,
      make love not war, red breast*, robin breast*, breast stroke, breast pocket*,
      opium perfume, dynamite shrimp, sugar bomb, flavour bomb*, flavor bomb*, f bomb,
      sex on the beach, sex and the city, naked bike ride*`,
    zh: `
      抽插花 黑鬼脸 下体育 杀毒 炸弹鸡翅 水枪 玩具枪 热熔胶枪 筋膜枪 喷枪 挂烫机 枪乌贼 胶枪
      大麻哈鱼 火麻 女干部 做爱心 做爱好 做爱吃 做爱国 做爱玩 做爱笑 做爱的人 口交通 路口交
      窗口交 门口交 港口交 接口交 出口交 进口交 人口交 入口交 裸感 裸色 裸妆 裸眼 裸露的岩
      裸露岩 性感红唇 性感口红 感性感 浪漫色情 红色情 白色情人 黄色情 绿色情 蓝色情 粉色情
      金色情 彩色情 特色情 角色情 景色情 秋色情 春色情人节 颜色情 夜色情 紫色情 黑色情 本色情
      暖色情 冷色情 单色情 古色情 情色彩 激情色彩 热情色 爱情色 心情色 感情色彩 抒情色 无码头
      成人片刻 成人教育 成人礼 黄片糖 大赌场景 露点心 露点评 强奸商 坚强奸 乳牛 乳酪
      一起跳楼梯 跳楼机 跳楼价 跳楼大甩卖 绝食材 烧炭烤 木炭烧 自杀式降价 自残影 屠杀纪念
      博彩云 外围女排 冰毒辣 恐怖袭来 圣战争 自爆卡车 自爆步兵 裸体雕塑 裸体雕像 裸体画
      裸体素描 青少年宫 跑分测试 跑分对比 跑分成绩 跑分软件 手机跑分 性能跑分 显卡跑分 洗钱包
      传销量 假证据 假币收藏 办证件照 白人参 曝光时间 曝光度 曝光参数 曝光补偿 双重曝光
      长曝光 过度曝光 曝光量 曝光率 新品曝光 爆头条 内脏健康 动物内脏 猪内脏 内脏美食
      尸体解剖 阿三哥 同志 网上赌气 大麻花 大麻辣 大麻将 大麻袋 大麻薯 大麻油 大麻园 制毒理
      气枪打靶 脱衣服洗澡 脱光环 射精准 毒气球 汽枪 打飞机票 打飞机场 半裸露 洗脱衣 子弹时间
      子弹头 子弹笔记 子弹列车 子弹短信 可可爱爱 象牙白 象牙塔 手枪腿 机关枪式 洗手枪
      高压水枪 洗车水枪 色情绪 一夜情人 中性感`,
  },
} as const satisfies TermTable;

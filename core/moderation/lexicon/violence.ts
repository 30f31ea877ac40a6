import type { TermTable } from './table.ts';

export const violenceTerms = {
  /** Says by itself that cruelty is shown. */
  atrocity: {
    en: `
      eats his insides, eats her insides, eats * guts, blood fountain*, blood spurts,
      blood gush*, rip* * throat, rips out his heart, cut off his head, hacked to pieces,
      hacked to death, beaten to death, kick* * puppy, kick* * dog, kick* * cat,
      puppy to death, kitten to death, drown* * kitten*, ripped apart alive, human flesh,
      throat slit, skull crushed, crushed skull, bones snap, flesh torn, snuff film*,
      snuff video*, snuff movie*, gorefest, skinned alive, skin* * alive, flayed alive,
      burned alive, burnt alive, guts everywhere, brains everywhere, heads exploding,
      head explod*, limbs severed, severed limb*, severed head*, disembowel*, animal cruelty,
      cat on fire, dog on fire, torture porn, rotting corpses pile, bloodbath close up,
      skins his victim*, skins her victim*, skinning a, head cut off, heads cut off,
      cuts off his head, cuts off her head, organs fall out, organs spill*,
      blood pumping from, tears * rabbit apart, tears him apart, tears her apart,
      rips him apart, severed arm*, severed leg*, severed finger*, intestines spill*,
      blood splatter*, burning people alive, gouged out, gouges out, gouging out`,
    zh: `
      砍断手 砍断脚 鲜血狂喷 活埋 掐死 人头落地 血柱 生吃活 吃人肉 人肉宴 血淋淋 头颅被
      挖出内脏 挖出心脏 撕碎身体 撕成碎片 活生生踩 打死小动物 摔死 肠穿肚烂 砍下头 血肉横飞
      尸横遍野 碎尸 肢解 分尸 活剥 剥皮人 人皮 开膛破肚 脑浆四溅 血肉模糊 残肢断臂 残肢 虐猫
      虐狗 虐杀 凌迟 血腥逼真 极度血腥 血流成河 活活烧死 五马分尸 挖眼 砍成两半 血溅 活体解剖
      尸块 屠杀现场 尸骨遍地 抽筋剥皮 断头 鲜血飞溅 血喷 喷血 割下头`,
  },
  cruelty: {
    en: `
      stabbing, murder* a, murders, lynch*, strangl*, corpse, kills her, kills him,
      killing people, gunned down, shot in the head, behead*, decapitat*, dismember*,
      tortur*, stab* to death, stabbed, impal*, mutilat*, guts, intestine*, entrails, gore,
      corpse*, massacre*, slaughter* people, throat slit, slits * throat, fingernails pulled,
      scream* victim*, execute prisoner*, executes prisoner*, execute a prisoner,
      executed prisoner*, publicly executed, execution of a prisoner, execution video*,
      chainsaw rips, chainsaw massacre, chainsaw through, sawn off, saw off, saws off,
      chopped off, chops off, eaten alive, buried alive, torn apart, cannibal*, severed`,
    zh: `
      勒死 枪杀 杀人 砍人 捅人 惨死 挖眼睛 断手 断肢 鞭打 吊死 电刑 斩首 砍头 爆头 处决 酷刑
      虐待 拔指甲 内脏 肠子 脑浆 割喉 尸体 屠杀 枪决 凶杀 捅死 砍死 劈成两半 砍断 锯断 踩死
      剥皮`,
  },
  graphic: {
    en: `
      hyper realistic, screams, sprays, spurting, agony, pool of blood, in detail, blood,
      bloody, blood spray*, close up*, closeup*, graphic*, realistic*, extreme detail,
      screaming, scream*, everywhere, gore, gory, victim*, slow motion, again and again,
      one by one, compilation, uncensored, detailed flesh, flesh, wet sounds, very bloody,
      bleed*, neck`,
    zh: `
      写实 连连 喷 血泊 痛苦表情 高清无删 凄厉 特写 鲜血 血腥 逼真 全过程 惨叫 一地 喷涌 四溅
      慢动作 合集 重现 外露 血淋淋 残忍 怼脸 满墙 满地 尖叫 血`,
  },
  suicide: {
    en: `
      die in their sleep, die in your sleep, die without pain, die painlessly, want to die,
      jump* off the bridge, jump* off a bridge, jumping off the, jump* off a roof,
      jump* off the roof, take their own life, take her own life, take his own life,
      better off dead, pills to take, swallow pills, overdos*, burning charcoal, hurt myself,
      starv* themselves, purging, anorexi*, suicide, kill yourself, killing yourself,
      kill themselves, kill himself, kill herself, end your life, end their lives,
      end my life, ending it all, take your own life, self harm*, selfharm*, cut* her wrist*,
      cut* his wrist*, cut* your wrist*, cutting yourself, slit* * wrist*, starv* yourself,
      pro ana, proana, thinspo*, hang yourself, overdose on purpose, ways to die,
      take to die, pills to die, want to be dead, cuts her arms, cuts his arms, cut her arms,
      cutting her arms, cuts herself, cuts himself, hang herself, hang himself, rope to hang,
      hanging yourself, slash* her wrist*, end it all, leave this world quietly,
      jump* in front of a train`,
    zh: `
      吃药死 死得没有痛苦 没有痛苦地死 手腕上划 划手腕 安眠药 不想活 活着没意思 一死了之 了断
      寻死 吞药 跳桥 跳河 结束自己 去死吧 割脉 割手 自我伤害 自杀 自残 割腕 跳楼 轻生 自尽
      上吊 催吐 绝食 自缢 服毒 离开这个世界 结束生命 了结自己 安静离开 离开人世 跳轨 了此残生
      一走了之的办法 割手臂 划手臂 拿刀片划`,
  },
  encourage: {
    en: `
      which pills, only way, poetic, show teens, show people, learn how, no pain,
      without pain, peaceful, best, why you should, challenge, teach*, how to, way to,
      ways to, method*, tutorial*, tips, step by step, painless*, quick*, encourag*,
      beautiful, freeing, romantic, hide the cuts, guide, to be thin, telling, tell, easy,
      instruction*, try it, it helps, captioned, do it, comfort*`,
    zh: `
      教人 怎么样 没有痛苦 不疼 治愈 挑战 学会 轻松 最快 怎样 安静地 美丽 最好的选择 教程
      方法 步骤 无痛 唯美 鼓励 解脱 一起 相约 浪漫 教你 如何 教学 指南 不被发现 教女生 怎么
      大家尝试 办法 舒服 拍给大家看 试试`,
  },
  weapon: {
    en: `
      deadly gas, pressure cooker bomb*, chlorine gas, chloroform, detonator*, gunpowder,
      tnt, semtex, shotgun*, machine gun*, assault rifle*, ar 15, ak 47, pipe gun*, zip gun*,
      tear gas, pipe bomb*, molotov*, grenade*, ghost gun*, gun, guns, firearm*, rifle*,
      pistol*, handgun*, ammunition, silencer*, nerve gas, poison gas, toxic gas,
      nerve agent*, sarin, ricin, anthrax, cyanide, napalm, thermite, landmine*, ied,
      bioweapon*, chemical weapon*, mustard gas, make poison, poison someone, poison recipe,
      bomb, bombs, bomb making, explosives, an explosive, homemade explosive*,
      explosive device*, explosive with, stick* of dynamite, to full auto`,
    zh: `
      做炸弹 造枪 仿真枪 弓弩 电击枪 汽油弹 爆炸装置 土雷 TNT 硝化甘油 自制火箭弹 炸药包 炸弹
      炸药 枪支 手枪 步枪 子弹 弹药 毒气 燃烧瓶 雷管 火药 手雷 手榴弹 毒药 生化武器 氰化 土枪
      猎枪 炸弹包 管制刀具 消音器 气枪 爆炸物 硝酸甘油 硝化棉 土制手枪 钢珠枪 火铳 燃烧弹
      汽油炸弹`,
  },
  drug: {
    en: `
      xanax, oxy, oxycodone, oxycontin, adderall, codeine, dmt, peyote, shrooms, poppers,
      cannabis, narcotic*, without prescription, meth, methamphetamine*, crystal meth,
      fentanyl, cocaine, crack cocaine, heroin, lsd, mdma, ketamine, ghb, drugs, weed,
      marijuana, opium, magic mushrooms, amphetamine*, roofies, date rape drug*, ecstasy pill*,
      order ecstasy`,
    zh: `
      大麻烟 安非他命 吗啡 杜冷丁 冰壶 溜冰毒 上头电子烟 邮票毒品 止咳水 神仙水 开心水 毒邮票
      种大麻 冰毒 海洛因 大麻 毒品 摇头丸 可卡因 鸦片 K粉 k粉 麻古 迷药 催情水 蒙汗药 听话水
      笑气 罂粟 芬太尼 毒粉`,
  },
  make: {
    en: `
      ingredient*, experiment*, walkthrough, chemistry of, turn household, from household,
      household, mix*, assemble*, blueprint*, how to make, how to build, how to create,
      how to cook, how to grow, how to assemble, how to produce, how to synthesi*,
      how to extract*, how to convert, how to mix, how to print, making, cooking, building,
      recipe*, tutorial*, guide*, instruction*, step by step, step-by-step, homemade,
      home made, diy, 3d print*, synthesi*, extracting, at home, in your kitchen,
      explain how to, manufactur*, full process, make a gun, make a bomb, build a bomb,
      build a gun, gun out of, cook crack, cook up, in a microwave, in the garage,
      from scratch, lab demo`,
    zh: `
      清单 材料 收成 从种子到 做炸弹 做毒 造枪 DIY diy 实验 秘方 化学合成 手把手 制作 自制
      教程 配方 步骤 方法 如何 怎么 教你 教大家 提炼 合成 组装 制造 种植 提纯 土制 在家就能
      流程 教学 怎样 改装 怎么配 配制 实验室教学 怎么弄 造一把 拆解改造 全过程`,
  },
  terrorism: {
    en: `
      al shabaab, terror cell*, car bomb*, truck attack*, hostage video*, shooting spree,
      mass murder*, unabomber, breivik, isil, daesh, hamas, isis, islamic state, al qaeda,
      alqaeda, terror attack*, terrorist attack*, terrorist*, terrorism, jihad*, hijacker*,
      mass shoot*, school shoot*, school shooter*, church shoot*, christchurch shoot*,
      suicide bomb*, bin laden, caliphate, massacre, boko haram, columbine, the shooter was,
      soldier of the caliphate, soldiers of the caliphate, holy warrior*, mass shooter*,
      bomber*, the taliban, death cult, holy war, extremist*`,
    zh: `
      制造恐袭 圣战士 人质斩首 汽车炸弹 独狼袭击 无差别杀人 恐怖头目 极端组织 恐怖袭击 恐袭
      恐怖组织 恐怖分子 恐怖主义 ISIS isis 伊斯兰国 圣战 基地组织 本拉登 枪击案 校园枪击
      人肉炸弹 自杀式袭击 劫机 东突 自爆袭击 自爆式 基地组织成员 塔利班 爆炸袭击者`,
  },
  glorify: {
    en: `
      was right, brothers in arms, memorial edit, become a, calling you, fight for, rise up,
      sacrifice, edit, cinematic trailer, learn to, glorif*, glorious*, hero*, prais*,
      tribute*, join, recruit*, legend*, martyr*, celebrat*, victory, how to plan, plan a,
      call to arms, inspiring, epic, propaganda, support, great again, infidel*, saint*,
      is your duty, your duty, brothers, join us, swear allegiance, worth dying for`,
    zh: `
      成为 献身 信仰 热血 学习怎么 学会 怎么 圣洁 天堂 榜样 膜拜 粉丝向 歌颂 致敬 招募 加入
      英雄 烈士 赞美 号召 策划 传奇 颂扬 赞歌 异教徒 宣传片 支持 伟大 光荣 效仿 壮举 训练营
      招新 兄弟们 效忠 使命 值得`,
  },
} as const satisfies TermTable;

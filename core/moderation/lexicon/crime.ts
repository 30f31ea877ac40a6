import type { TermTable } from './table.ts';

export const crimeTerms = {
  contraband: {
    en: `
      xanax, oxy, prescription pills, diploma mill, slots, lucky spin, jackpot app, roulette,
      blackjack app, poker site*, clone credit card*, cloned card*, stolen data,
      hacked netflix, snake oil cure, human traffick*, endangered animal*, tiger bone*,
      bootleg, fake passport*, fake id*, fake ids, fake driving licen*, fake diploma*,
      fake licen*, forged passport*, counterfeit*, fake money, fake banknote*,
      stolen credit*, stolen card*, credit card numbers, card numbers with, hacked account*,
      stolen phone*, untraceable gun*, ghost gun*, online casino*, casino*, betting,
      sports bet*, gambling, slot machine*, free bets, ponzi*, pyramid scheme*, escort*,
      call girl*, prostitut*, brothel*, human organs, kidney for sale, hitman,
      elephant ivory, driver s license, driving license without, without exam,
      real looking documents, gummies, sports betting tip*, betting tip*, vip betting,
      bank logins, gift card codes, replica watches, fake rolex, fake designer, exam answers`,
    zh: `
      增值税发票 代开 葡京 新葡京 首充 学信网 老虎机平台 下注 押注 体彩内幕 私彩 棋牌
      真人荷官 百家乐平台 外挂盗号 银行卡出租 出租银行卡 收卡 电话卡收购 穿山甲 虎骨 人体器官
      走私 高利贷 裸贷 套现 解封账号 刷单 无抵押秒批 假烟 假药 假酒 赌场 赌博 博彩 六合彩
      百家乐 时时彩 彩票内幕 菠菜平台 菠菜网 假身份证 假护照 假证 假钞 假币 假发票
      银行卡四件套 四件套 跑分 洗钱 代孕 卖肾 办证 高仿假 老虎机 网赌 赌钱 外围女 小姐上门
      特殊服务 窃听器 黑客盗号 赌球 办学历 办理学历 学历学位证 办毕业证 代办毕业证 买文凭
      象牙制品 走私象牙 荷官 发牌 假烟假酒 投资平台 一天返 高仿 假包 A货 考试答案 代写论文
      翻墙账号 银行账户`,
  },
  trade: {
    en: `
      deposit now, bonus, telegram, without prescription, cash out, learn to, win big, dm us,
      whatsapp, contact us, wholesale, free trial, join now, buy, buying, sell, selling,
      sale, for sale, order, delivery, ad, ads, advert*, promo, promot*, price*, cheap,
      commercial, sign up, guaranteed, free spins, free bets, discreet, shipping, message us,
      book a, tonight, service, dealer, text us, win rate, vip group, shipped to your door,
      to your door, we deliver, join our, best price, without exam`,
    zh: `
      联系我 票点 送百分百 首充 上线啦 押金 可查 办理 无抵押 秒批 来钱快 私信 扫码 下载APP
      招代理 提现 充值 存一百 包过 一手货源 推广 出售 代办 广告 同城 货到付款 加微信 注册
      彩金 包赢 稳赢 稳赚 价格表 闪送 低价 返利 客服 平台 代购 现货 验钞机 宣传 送彩 批发
      一喝就倒 日结 内幕 扫码领 拉新 量大从优 出一批 返 有奖 秒到 上门 低佣 领888`,
  },
  /** Firearms appear in many films; only who offers them sells them. */
  deal: {
    en: `
      for sale, buy, selling, sell, dealer, no licence, no license, no background check,
      ship to`,
    zh: '出售 代购 批发 联系客服 闪送 无需证件 现货 货到付款 一手货源 加微信',
  },
  fraud: {
    en: `
      clone credit card*, clone cards, 100 dollars into, turn * dollars into,
      cash out at atm*, secret crypto system, risk free profit*, double your investment,
      triple your money, scam tutorial, fake lottery, romance scam script, pump and dump,
      cheat on the exam for you, launder*, double your bitcoin, double your money,
      guaranteed returns, guaranteed wins, guaranteed win*, passes every test,
      get rich quick guaranteed, stolen credit card*, fake passport*, steal the money,
      hack someone, hack * bank account*, steal passwords, phishing kit*, carding tutorial,
      hack into someone*, zero risk profit*, zero risk crypto, 100% win rate, 100 win rate,
      license without exam, real looking documents`,
    zh: `
      先交押金 日赚五百 日赚 零风险高回报 代开增值税 发票票点 学信网可查 首充送 内幕消息稳赚
      月入十万不用 三天回本 翻倍收益 刷单返利 洗钱教程 骗术教学 诈骗话术 包过保录 保本高收益
      稳赢不输 稳赚不赔 拉人头 先垫付 垫付后返利 包赢 刷单兼职 日赚千元 七天翻倍 注册送彩金
      盗取银行 盗号教程 杀猪盘教程 传销 资金盘 代开发票 代考 验钞机可过 一天返 拉新有奖
      拉新返 稳赚不亏 日返 保证回本 线上荷官 线上发牌`,
  },
  fake: {
    en: `
      swap * face*, face into, face in a, fake broadcast, swap her face, swap his face,
      put her face, put his face, clone the voice, voice clone*, ai generated nude*,
      looks genuine, look genuine, deepfake*, deep fake*, face swap*, faceswap*, face on a,
      face onto, nudify*, undress this photo, undress * photo, undress her with, ai undress*,
      fake news clip, fake video*, fake clip*, fake confession*, realistic fake,
      leaked footage, make it look like leaked, make it look real`,
    zh: `
      脸换到 把脸换 脸合成 声音克隆 假新闻 伪造视频 换脸 AI脱衣 ai脱衣 一键脱衣 伪造 脸P到
      脸p到 P到 p到 给女同事脱衣 深度伪造 假视频 合成假 假新闻视频 像真的一样 做得像真的 冒充`,
  },
  deceit: {
    en: `
      declares war, sex scene, so people, go viral as real, fool, voters, confess*,
      took bribes, bribe*, as real as possible, teacher with ai, murder, believe it is real,
      famous actress, photo of my, admits, admitted, staged, announces, resigns, cheats`,
    zh: `
      带节奏 发到网上 恐慌 成人片 辞职 被捕 当真 造谣 认罪 承认 欺骗 以假乱真 丑闻 女同事 裸
      出轨 受贿 宣布 破产 去世 离婚 承诺`,
  },
  /** Says that people shall take an invention for real. */
  mislead: {
    en: `
      fool voters, fool people, looks genuine, look genuine, as real as possible,
      so people panic, fake broadcast, make people believe, took bribes, fake news clip,
      leaked footage, election was staged, looks leaked`,
    zh: `
      带节奏 欺骗网友 以假乱真 骗过网友 骗流量 引发恐慌 误导公众 误导网友 当真新闻 假新闻
      像真的一样 做得像真的 伪造`,
  },
  public_figure: {
    en: `
      mayor*, senator*, king charles, pope, the queen, prince harry, messi, ronaldo,
      tom cruise, tom hanks, margot robbie, kylie jenner, president*, prime minister*,
      celebrit*, famous singer*, famous actress*, famous actor*, pop star*, taylor swift,
      emma watson, scarlett johansson, elon musk, donald trump, trump, joe biden, biden, obama,
      kim kardashian, billie eilish, ariana grande, angelina jolie, gal gadot, putin, zendaya,
      beyonce, rihanna, justin bieber`,
    zh: `
      市长 省长 部长 领导人 刘德华 章子怡 杨颖 王力宏 吴亦凡 蔡徐坤 王一博 热巴 周杰伦
      国家领导人 女明星 男明星 明星 总统 主席 总理 杨幂 马云 马斯克 迪丽热巴 刘亦菲 范冰冰
      杨紫 赵丽颖 特朗普 拜登 鹿晗 肖战 泰勒斯威夫特 女星 女演员`,
  },
} as const satisfies TermTable;

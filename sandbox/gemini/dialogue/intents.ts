/** A question that one call answers, beside the video that is being worked on. */
export type Ask =
  | 'quota'
  | 'history'
  | 'models'
  | 'videos'
  | 'status'
  | 'publication'
  | 'explain'
  | 'channels'
  | 'connect'
  | 'account'
  | 'saved'
  | 'save'
  | 'unsave'
  | 'publications'
  | 'language'
  | 'delete_video'
  | 'cancel_video'
  | 'titles'
  | 'check_prompt'
  | 'retry_video'
  | 'watch'
  | 'watches'
  | 'reword';

/** What a message is when it is nothing but a word between people. */
export type Talk = 'greeting' | 'thanks' | 'help' | 'yes' | 'no' | 'cancel' | 'again';

const asks: readonly (readonly [Ask, RegExp])[] = [
  [
    'retry_video',
    /免费(?:的)?(?:重试|重做|重新(?:做|制作|生成))|(?:用|使用)(?:那次|掉)?免费(?:的)?(?:机会|次数)|重试(?:它|这个|那个|视频|vid_)|\bfree retry\b|\bretry\s+(?:it|that|this|my|the|for free|vid_\w+)|\b(?:again|once more) for free\b/iu,
  ],
  [
    'reword',
    /换(?:一?[个种])?说法|改写(?:一下)?$|(?:用)?(?:更)?安全(?:一点)?的?(?:说法|写法|版本)|\bre-?(?:phrase|word)\b|\bsafer (?:wording|version|words)\b|\bin other words\b/iu,
  ],
  [
    'history',
    /(?:配额|额度).*(?:历史|明细|流水|记录)|历史记录|消耗记录|(?:用|花)到哪|\bhistory\b|\bmovements?\b|\bwhere did (?:my|the) (?:quota|credits?)\b/iu,
  ],
  [
    'quota',
    /(?:剩|余|有|查|看).{0,6}(?:配额|额度|余额)|(?:配额|额度|余额).{0,6}(?:剩|多少|几|够|查)|还剩多少|\b(?:how (?:much|many)|what(?:['’]s| is)|show|check|any|my).{0,16}\b(?:quota|credits?|balance)\b|\bquota\b.{0,12}\b(?:left|remain\w*|have)\b|^(?:quota|配额|额度)$/iu,
  ],
  [
    'models',
    /(?:哪些|什么|几[个种]|哪个).{0,4}模型|模型.{0,3}(?:有哪些|列表|对比|区别)|换个模型|\b(?:what|which|list|show|compare|other|another).{0,20}\bmodels?\b|\bmodels\b.{0,12}\bavailable\b/iu,
  ],
  [
    'connect',
    /(?:连接|绑定|关联|授权|接入|连上).{0,8}(?:频道|youtube|油管|账[号户])|(?:频道|youtube|油管).{0,4}(?:连接|绑定|授权)|\b(?:re)?connect\b|\blink (?:my|a|the) (?:you ?tube|channel)\b|\badd (?:a|my) (?:you ?tube )?channel\b/iu,
  ],
  [
    'channels',
    /(?:哪些|什么|几个|看看?|列出|查看).{0,4}频道|频道(?:列表|有哪些)|^我的频道$|\b(?:list|show|which|what|see).{0,12}\bchannels?\b|^my channels?$/iu,
  ],
  [
    'account',
    /我是谁|我的账[户号]|账户信息|\bwho am i\b|\bmy account\b|\baccount (?:info|details)\b/iu,
  ],
  [
    'language',
    /(?:语言|界面).{0,8}(?:英文|英语|中文|汉语)|(?:改|换|切换)(?:成|为|用|到)?(?:英文|英语|中文|汉语)$|(?:用|说|讲)(?:英文|英语|中文|汉语)(?:回答|回复|聊|说|吧|$)|\blanguage\b.{0,16}\b(?:english|chinese)\b|\b(?:speak|(?:answer|reply|talk|write)(?: to me)? in|switch to) (?:english|chinese)\b/iu,
  ],
  [
    'publications',
    /发布(?:的)?(?:记录|列表|历史)|(?:我|都)(?:的|已经)?发布(?:过|了)(?:的|哪些|什么)|\bmy publications\b|\b(?:list|show|see|which|what)\b.{0,16}\bpublications\b|\bwhat have i published\b/iu,
  ],
  [
    'delete_video',
    /删除|删掉|删了|\b(?:delete|erase)\b|\bremove (?:it|this|that|the|my)\b(?!.*\bsaved\b)/iu,
  ],
  [
    'videos',
    /我的(?:所有|全部)?视频|视频列表|(?:做过|生成过)(?:的|哪些|什么)|\b(?:list|show|see).{0,10}\bmy (?:last |latest |own )?videos\b|^my videos$|\bwhat have i made\b/iu,
  ],
  ['unsave', /取消收藏|不(?:再)?收藏|\bun-?save\b|\b(?:remove|drop)\b.{0,24}\bsaved\b/iu],
  [
    'saved',
    /收藏(?:夹|列表|的(?:爆款|视频|趋势))|(?:我|已)(?:收藏|保存)的|\bsaved (?:trends|videos)\b|\bmy (?:saved )?trends\b/iu,
  ],
  [
    'save',
    /(?:收藏|保存).{0,4}(?:这|那|它|第|下来|trd)|把?.{0,6}(?:收藏|保存)(?:起来|下来|一下)|^(?:请|帮我|把)?\s*收藏(?:吧)?$|\b(?:save|bookmark)(?:\s+(?:it|this|that|the|number|#|trd)|(?: please)?$)/iu,
  ],
  [
    'cancel_video',
    /(?:取消|停止|停掉|中止).{0,6}(?:视频|生成|制作|任务|vid_)|\b(?:cancel|stop|abort)\b.{0,16}\b(?:video|generation|rendering|making|vid_\w+)/iu,
  ],
  [
    'titles',
    /(?:起|想|推荐|写|给|建议).{0,8}(?:标题|文案)|标题(?:建议|推荐)|\bsuggest.{0,20}\b(?:titles?|description|tags|texts?)\b|\btitles? (?:for|ideas)\b/iu,
  ],
  [
    'publication',
    /(?:发布|上传|发).{0,4}(?:状态|进度|成功了|好了|了[吗没])|\bpub_\w+|\bis it (?:live|published|online|up)\b|\b(?:publication|upload) (?:status|progress)\b/iu,
  ],
  [
    'explain',
    /为(?:什么|啥|何).{0,12}(?:火|爆|红|受欢迎|流行)|(?:火|爆|走红)的?原因|(?:解释|分析|讲讲|说说|拆解).{0,6}(?:这|那|第|它|爆款|趋势|trd)|凭什么火|(?:深入|深度)(?:地)?(?:分析|解读|看看)|\bwhy\b.{0,40}\b(?:viral|popular|trending|taking off|work(?:s|ing)?|hot|so (?:big|well)|success\w*|trend)\b|\b(?:explain|analy[sz]e|break down)\b|\bwhat makes\b|\bwhy (?:that|this|the)\b/iu,
  ],
  [
    'status',
    /(?:做|生成|弄|搞|准备|视频)?(?:好|完成?)了?[吗没]|进度|状态|怎么样了|到哪(?:一步|儿)?了|还要多久|多久能好|\bis (?:it|my video|the video|that) (?:ready|done|finished)\b|\bstatus\b|\bprogress\b|\bhow(?:['’]s| is) (?:it|my video|the video)\b|\bready yet\b|\bhow far\b|\bhow(?:['’]s| is| are)?\b.{0,12}\b(?:doing|going|coming along|getting on)\b/iu,
  ],
];

/** The questions in a clause; the first that fits counts, except that several clauses ask several. */
export const readAsk = (clause: string): Ask | null =>
  asks.find(([, pattern]) => pattern.test(clause))?.[0] ?? null;

const verbs = {
  find: /找|搜|发现|有(?:什么|哪些|没有).{0,14}(?:爆款|火|热门)|(?:看看|查查|查一下).{0,20}(?:爆款|火|热门|趋势)|(?:爆款|热门|趋势)(?:视频|短视频)?(?:吧|吗)?$|什么.{0,10}(?:最火|很火|爆火)|\b(?:find|search|discover|look (?:for|up)|hunt)\b|\bwhat(?:['’]s| is| are)?\b.{0,20}\b(?:trending|hot|viral|popular|taking off)\b|\b(?:show|get|give) me\b.{0,30}\b(?:trend\w*|viral|popular|hot|top)\b|\btrending\b.{0,30}\b(?:videos?|shorts|clips)\b|^trends? (?:about|on|in|for)\b/iu,
  make: /做(?!什么|过|好|完|了)|制作|生成(?!过)|(?<!翻|抖)拍(?!照)|创作|来一?[个条段](?!爆款)|搞一?[个条]|弄一?[个条]|想要一?[个条段]?.{0,30}视频|\b(?:make|create|generate|produce|film|shoot|animate|render|craft)\b(?! sure)|\b(?:i(?:['’]d like| want| need)|give me)\b.{0,24}\b(?:video|clip|short|reel)\b|\bturn (?:it|this|that|the \w+) into\b|^(?:a |an )?(?:\w+[- ]){0,4}(?:video|clip) (?:of|about)\b/iu,
  publish:
    /发布|上传|投稿|(?<![出爆开头理沙触激引研颁沸批])发(?!现|生|展|明|型|光|烧|动|热|芽|霉|夹|给我|我(?:链接|看))|\b(?:publish|upload|release)\b|(?:^|\b(?:and|then|to|please|also|you|just|now) )post\b|\bpost (?:it|this|that|the|them|my|vid_\w+)\b|\bput (?:it|this|that|the video)?.{0,12}\bon (?:my|the|you ?tube)\b|\bschedule (?:it|this|that|the)\b|\b(?:to|on) my (?:you ?tube )?channel\b|到我的(?:youtube|油管)?频道/iu,
  unpublish:
    /(?:不(?:用|要|必|想|需要)?|别|先别|先不)(?:再|着急)?(?:急着)?(?:发(?!现)|上传)|\b(?:don['’]?t|do not|no need to|without|not) (?:to )?(?:publish|post|upload)(?:ing)?\b/iu,
  writePrompt:
    /(?:写|想|来|给我)(?:一?[个条段])?.{0,14}(?:提示词|prompt)|\b(?:write|draft|give me|suggest)\b.{0,24}\bprompt\b/iu,
  price:
    /多少钱|什么价|报(?:个|一下)?价|(?:要|需要|得)?(?:花|用|消耗)(?:费)?多少|(?:要|需要|得)多少(?:配额|额度|钱)|\b(?:how much|cost|price|quote)\b/iu,
  similar:
    /同款|类似|一样的|这样的|那样的|照着|模仿|参考(?:这|那|它|第)|\b(?:like|similar to|based on|inspired by|from) (?:it|this|that|the (?:first|second|third|last|best|top)|these|those|one of|number|#)|\bone like\b|\bsimilar one\b/iu,
  correct:
    /不对|不是(?!吗)|改[成为用]|改一下|换[成个]?|要的是|应该是|还是(?!没)|\bactually\b|^no\b|\binstead\b|\bchange\b|\bmake (?:it|that)\b|\brather\b|\bswitch\b|\bnot\b|\bonly\b|只要/iu,
} as const;

export type Verb = keyof typeof verbs;

export const says = (verb: Verb, clause: string): boolean => verbs[verb].test(clause);

const talks: readonly (readonly [Talk, RegExp])[] = [
  [
    'again',
    /^(?:请|please )?(?:再试(?:一[次下])?|重试|再来一[次遍]|重新(?:来|生成|做)(?:一[次遍])?|(?:please )?(?:try|do it|run it) again|retry|once more)(?:吧|please)?$/iu,
  ],
  [
    'cancel',
    /^(?:那|那就|还是|全部|都|先)?(?:算了|取消(?:吧|掉|了)?|不要了|不用了|不做了|别做了|停|放弃)(?:吧)?|^(?:ok |no |please )*(?:never ?mind|forget (?:it|about it|that)|cancel(?: (?:it|that|this|everything|all))?|stop(?: it)?|drop it|leave it)(?: please)?$/iu,
  ],
  [
    'help',
    /帮助|(?:能|会|可以)(?:做|干|帮我?(?:做|干)?)(?:些|点)?(?:什么|啥)|怎么(?:用|玩|开始|使用)|\bwhat can you do\b|^(?:help|\/help)(?: me)?$|\bhow (?:does (?:this|it) work|do i (?:start|use|begin))\b/iu,
  ],
  [
    'thanks',
    /谢谢|感谢|多谢|辛苦了|\bthank(?:s| you)\b|\bthx\b|^(?:太棒了|真棒|厉害|great|awesome|perfect|nice|cool|wow)$/iu,
  ],
  [
    'greeting',
    /^(?:hi|hello|hey|yo|hiya|你好呀?|您好|嗨|哈[喽啰]|在吗|早上好|上午好|下午好|晚上好|早|good (?:morning|evening|afternoon|day))(?: (?:there|jilo))?$/iu,
  ],
  ['no', /^(?:不|不用|不要|不是|no|nope|nah|no thanks|not now)(?:了|吧)?$/iu],
  [
    'yes',
    /^(?:我(?:已经|都|现在)?(?:授权|同意|批准|确认)(?:了|过|你|它)*|i (?:(?:have|already|hereby) )*(?:confirm|approve|agree|authori[sz]e)d?(?: (?:it|this|that|to it|everything))*(?: already)?|(?:confirm|approve)d?\s*[:=]\s*true|start(?: it)? now|start it)$/iu,
  ],
  [
    'yes',
    /^(?:(?:那就?)?(?:好|行|可以|没问题|确认|确定|同意|是|对|嗯+|要|来吧|开始|继续|发|做|发布|就这样|就它|ok(?:ay)?|yes|yep|yeah|yup|sure|go(?: ahead| on| for it)?|do it|confirm(?:ed)?|please do|continue|sounds good|let['’]?s (?:go|do it)|approved?|of course|make it so)(?:的|吧|啊|呀|了|滴| please)*[\s,，]*){1,3}$/iu,
  ],
];

export function readTalk(clause: string): Talk | null {
  const bare = clause.replace(/[\s!！。.~～?？,，]+$/gu, '').trim();
  return talks.find(([, pattern]) => pattern.test(bare))?.[0] ?? null;
}

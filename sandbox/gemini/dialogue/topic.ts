const politeZh =
  /^(?:请|麻烦|直接|帮我|帮忙|替我|给我|我想要?看?|我要|想要?|要|能不能|可不可以|可以|能|你|您|再|然后|接着|并且?|那么?|就|顺便|先|用(?=它|做|来|生成|制作|\s)|根据它|基于它|照着它|不对|不是|应该是|改成|改为|换成|换个话题|换一?个|把它?|最后|之后|最近|现在|今天|近期|目前|一下|有没有|有什么|有哪些|什么|，|,|\s)+/u;
const verbZh =
  /^(?:帮我)?(?:查找|搜索|寻找|发现|看看|找找?|搜|查查?|制作|生成|创作|拍摄?|做|来|弄|搞|剪|写)(?:一下|成)?(?:出|点|下|些|几[个条]|(?:一|两|[2-9\d]+)?\s*[个条段支部些则篇])?/u;
const tailZh =
  /(?:的|类|相关|方面)*\s*(?:最火的?|很火的?|爆火的?|火的?)?\s*(?:爆款|热门|趋势|火)?\s*(?:的)?(?:短?视频|短片|片子|影片|动画|内容|作品|提示词|prompt|片)?\s*(?:比较|最|很)?(?:火|热门)?(?:吧|呗|啊|呢|吗|好吗|来?看看|出来|给我)?$/iu;
const aboutZh =
  /(?:关于|有关|讲|以|主题(?:是|为|：|:)|内容(?:是|为|：|:)|题材(?:是|为)|话题(?:是|为))\s*(?<topic>.+)$/u;
const fillerZh =
  /^(?:同款|直接|啊|哦|呃|类似|一样|这样|那样|它|这个|那个|视频|短视频|的|一?个|一?条|新|新的|你|我|这|那|条|定|在|吧|最火|最好|第|个|跟它|和它|像|话题|主题|模型|时长|画面|风格|版本?|爆款|热门|好|成|换|改|用|要|从|上|在|只|不|别|里|\s|，)*$/u;

const politeEn =
  /^(?:please|can you|could you|would you|will you|i want(?: you)?(?: to)?|i(?:['’]d| would) like(?: you)?(?: to)?|i need(?: you)?(?: to)?|let['’]?s|help me(?: to)?|now|then|and|also|hey|hi|hello|jilo|just|ok(?:ay)?|so|no|nope|actually|instead|maybe|go|,|\s)+\b/iu;
const verbEn =
  /^(?:find(?: out)?|search(?: for)?|look (?:for|up)|discover|show|get|give|make|create|generate|produce|film|shoot|animate|render|craft|write|draft|turn (?:it|this|that) into|change (?:it|that) to|make it|what(?:['’]s| is| are)?)\b\s*/iu;
const leadEn =
  /^(?:me|us|for me|it|that|this|to be)?\s*(?:\b(?:a|an|the|some|any|one|few|\d{1,2}|please)\b\s*)*/iu;
const gradeEn =
  /^(?:(?:really|very|short|quick|new|good|great|nice|cool|cinematic|viral|trending|popular|hot|hottest|top|best|latest|recent|current)\b[\s,-]*)+/iu;
const nounEn =
  /\b(?:videos?|clips?|shorts?|reels?|films?|movies?|animations?|trends?|ones?|prompt|something|viral hits?|hits?)\b/iu;
const aboutEn = new RegExp(
  `(?:${nounEn.source}\\s*|^)(?:that (?:is|are) )?(?:about|of|on|showing|featuring|where|in which|for|with|that shows?|related to|around|in|:)\\s+(?<topic>.+)$`,
  'iu',
);
const trendingIn =
  /\b(?:trending|hot|viral|popular|taking off|going on)\b(?: right now| now| today)?\s*(?:in|with|for|about|on|around)\s+(?<topic>.+)$/iu;
const fillerEn =
  /^(?:it|this|that|one|ones|a|an|the|of|on|to|for|with|in|and|me|my|please|video|videos|clip|short|new|same|similar|like|from|based|inspired|by|first|second|third|best|top|right|now|today|only|not|just|no|actually|instead|rather|again|trend|trending|viral|popular|hot|is|are|be|what|what's|model|switch|change|make|use|using|something|else|another|prompt|version|shape|format|long|length|idea|there|here|so|at|by|platforms?|search|find|look|i|want|need|would|let|go|should|s|\s|[,.!?'’])*$/iu;

/** What a clause about finding or making is about; null when it names nothing. */
export function readTopic(clause: string): string | null {
  const text = clause.replace(/\s+/gu, ' ').trim();
  const topic = /\p{Script=Han}/u.test(text) ? topicZh(text) : topicEn(text);
  const clean = topic
    .replace(/^[\s,，.。:：、"“”'「」《》\-的]+|[\s,，.。:：、!！?？"“”'「」《》-]+$/gu, '')
    .trim();
  const isFiller = fillerZh.test(clean) || fillerEn.test(clean);
  return isFiller || (clean.length < 2 && !isNamedAlone(clean, text)) ? null : clean.slice(0, 400);
}

/** One Chinese character is a subject where it is all there is, or stands before what it is to be. */
const isNamedAlone = (word: string, text: string): boolean =>
  /^\p{Script=Han}$/u.test(word) &&
  (text === word ||
    text.includes(`关于${word}`) ||
    new RegExp(`${word}的?(?:短?视频|爆款|话题|主题|短片|动画)`, 'u').test(text));

function topicZh(text: string): string {
  const bare = text.replace(politeZh, '').replace(verbZh, '').trim().replace(politeZh, '');
  const about = aboutZh.exec(bare)?.groups?.['topic'];
  const told =
    /^(?:一?[个条段支])?\s*(?:短?视频|短片|片子)\s*[，,:：]?\s*(?:内容是|里面?是|关于|讲的?是?)?\s*(?<topic>.{2,})$/u.exec(
      bare,
    );
  const body = about ?? told?.groups?.['topic'] ?? bare;
  return body
    .replace(tailZh, '')
    .replace(/^(?:一?[个条段支])?的?/u, '')
    .replace(/(?:的|为主题|为题材|主题|题材|类|相关)$/u, '')
    .replace(/^(?:热门|爆款|很火)的?(?=.{2})/u, '')
    .replace(/(?<=\p{Script=Han})\s+(?=\p{Script=Han})/gu, '');
}

function topicEn(text: string): string {
  const trending = trendingIn.exec(text)?.groups?.['topic'];
  if (trending !== undefined) return trending;
  const bare = text
    .replace(politeEn, '')
    .replace(verbEn, '')
    .replace(leadEn, '')
    .replace(gradeEn, '');
  const about = aboutEn.exec(bare)?.groups?.['topic'];
  const body = about ?? bare.replace(new RegExp(`\\s*${nounEn.source}\\s*$`, 'iu'), '');
  return body
    .replace(/\s+(?:for me|please|instead|thanks|right now|today|now|to my|to the|on my|on)$/iu, '')
    .replace(/^(?:a |an |the )(?=(?:viral|trending) )/iu, '');
}

const wishes = [
  /\b(?:tell|notify|alert|message|let) me(?: know)?\s+(?:when|whenever|if|as soon as|once)\b.{0,40}?\b(?:about|on|with|of)\s+(?<topic>.{1,60}?)\s+(?:breaks? out|takes? off|goes viral|is (?:trending|taking off)|blows up|gets (?:big|popular))/iu,
  /\b(?:keep (?:an eye|watch) on|watch out for|start watching|set up a watch (?:for|on|about)|watch the (?:topic|keyword))\s+["“]?(?<topic>[^"”.!?]{1,60})/iu,
  /(?:监测|盯着|盯住|关注)(?:一下|着)?(?:关于|主题|话题)?[「“"]?(?<topic>(?!列表|有哪些|了?什么)[^」”"，。！？,.!?]{1,30})/u,
  /(?:如果|一?有|等|当|只要)?(?:关于)?(?<topic>[^，。,.]{1,30}?)(?:的视频|方面)?(?:有爆款|出爆款|火了|走红|爆火)了?(?:的话|时|就|，|,|\s)*(?:请)?(?:告诉|通知|提醒)我/u,
];

const lists =
  /\bmy watches\b|\bwhat (?:are you|do you) watch(?:ing)?\b|\b(?:list|show)\b.{0,10}\bwatches\b|(?:我的|有哪些|哪些|列出).{0,4}监测|监测(?:列表|有哪些|了?什么)/iu;

/** Whether a message asks to be told from now on, and about what; `topic` is null for what is watched already. */
export function readWatch(message: string): { readonly topic: string | null } | null {
  if (lists.test(message)) return { topic: null };
  for (const wish of wishes) {
    const topic = wish.exec(message)?.groups?.['topic']?.trim();
    if (topic) return { topic };
  }
  return null;
}

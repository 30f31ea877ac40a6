const question = [
  String.raw`(?:这个?|我的|下面的?)?(?:视频)?(?:提示词|prompt|想法|创意)\s*(?:能用|可以用|能不能用|可不可以用|合规|没问题|行不行|会不会被(?:拒|拦))(?:吗|么)?`,
  String.raw`(?:帮我)?检查(?:一下)?(?:这个|我的)?(?:提示词|prompt)`,
  String.raw`\b(?:is|would) (?:this|that|my|the) (?:video )?(?:prompt|idea) (?:be )?(?:ok(?:ay)?|allowed|fine|safe|usable)`,
  String.raw`\bcan i use (?:this|that|my|the) (?:prompt|idea)`,
  String.raw`\b(?:please )?check (?:this|that|my|the) prompt`,
].join('|');
const asked = new RegExp(question, 'iu');
const withText = new RegExp(`(?:${question})[^:：]{0,20}[:：]\\s*(?<text>[\\s\\S]{3,500})$`, 'iu');
const quotedText = /["“「](?<text>[^"”」]{3,500})["”」]/u;

/** Whether a message asks if a prompt may be used; `text` is null where the last one is meant. */
export function readCheck(message: string): { readonly text: string | null } | null {
  if (!asked.test(message)) return null;
  const found = withText.exec(message) ?? quotedText.exec(message);
  const text = found?.groups?.['text']?.replaceAll(/^["“「]|["”」?？]+$/gu, '').trim();
  return { text: text === undefined || text === '' ? null : text };
}

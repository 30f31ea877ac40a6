/** Where one wish of a sentence ends and the next begins. */
const borders = new RegExp(
  [
    String.raw`[，。；！？;!?\n]+`,
    String.raw`,(?!\d{3}\b)`,
    String.raw`\.(?=\s|$)`,
    String.raw`(?:然后|接着|之后再|并且|最后|顺便)`,
    String.raw`(?:再|并|就)(?=做|发|用|把|帮|给|生成|上传)`,
    String.raw`(?<=\p{Script=Han})(?=(?:做|拍|生成)(?:一?[个条段支]|成)|(?:发布?|上传)到)`,
    String.raw`\b(?:and )?then\b|\bafter that\b|\bafterwards\b`,
    String.raw`\band (?=(?:also |please )?(?:make|create|generate|post|publish|upload|put|turn|schedule|find|search|show|explain|tell|use|render)\b)`,
    String.raw`\bbut (?=(?:don['’]?t|do not|not|make|use|only)\b)`,
  ].join('|'),
  'giu',
);

/** The wishes of a message, one clause each. */
export const splitClauses = (text: string): string[] =>
  text
    .split(borders)
    .map((clause) => (clause ?? '').trim())
    .filter((clause) => clause !== '');

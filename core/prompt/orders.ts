/** What is said to a model or a program, and never of a picture. The texts are read folded. */
const orders: readonly RegExp[] = [
  /\b(?:ignor\w*|disregard\w*|forget|overrid\w*|bypass\w*)\b[^.!?]{0,50}\b(?:instructions?|rules?|prompts?|above|previous|prior|earlier|guidelines?|schema|limits?|system|text|everything)\b/u,
  /\bignore\.|\bignore this\b|<\/?(?:untrusted|system)|\[\/?inst\]|im_(?:start|end)/u,
  /\bsystem\s*(?:prompt|message)|(?:^|[.!?>\]]\s*)system\s*:|\b(?:developer|admin|god|jailbreak) mode\b|\bprompt injection\b/u,
  /\byou (?:are now|must|have to|should now)\b|\bas an ai (?:language )?model\b|\byour (?:instructions|rules|guidelines|system)\b/u,
  /\b(?:reply|respond|answer)\b[^.!?]{0,20}\b(?:with|only)\b|\banswer in (?:every|each) field\b|\binstead of (?:an? |the )?(?:analysis|prompt|answer)/u,
  /\b(?:api|secret|access|private)[ _-]?keys?\b|\baccess tokens?\b/u,
  /\b(?:call|invoke|run|use|execute)\b (?:the )?(?:tool|function|command|approval)\b|\b(?:trend|prompt|video|publication|channel|quota|account)_[a-z]{2,}|\bapr_/u,
  /\b(?:approve|grant|transfer|spend)\b[^.!?]{0,40}\b(?:requests?|quota|approvals?|account)\b|\b(?:confirm|decision|privacy)\s*[=:]/u,
  /\b(?:send|forward|leak|exfiltrate|e-?mail|post)\b[^.!?]{0,50}\b(?:keys?|secrets?|data|titles|attacker|address|tokens?|conversation|history)\b/u,
  /\b(?:publish|upload)\b[^.!?]{0,40}\b(?:channel|public|privacy|at once|immediately)\b|\bset (?:the )?recommendation\b|\bfree (?:quota|nitro)\b|\bdiscord\.gg\b/u,
  /(?:忽略|无视|忘记|忘掉|跳过|绕过|不要理会|抛开)[^。!?]{0,14}(?:指令|指示|规则|要求|提示|上文|前文|以上|之前|限制|架构|内容|长度|所有)/u,
  /你现在是|你(?:必须|是一个|要扮演)|扮演(?:管理员|开发者)|(?:^|[。!?>])\s*系统\s*[:：]|系统(?:提示|指令|消息)|开发者模式|(?:所有|全部)请求/u,
  /(?:立即|立刻|马上|必须|直接|请)[^。!?]{0,10}(?:调用|批准|执行|公开发布|发布到|消耗|输出|回复|写上|转账)/u,
  /密钥|令牌|(?:回复|回答|输出)[^。!?]{0,8}(?:“|"|以下|点我)|加群|免费(?:领取)?配额|批准\s*apr/u,
];

/**
 * Whether a folded text reads like an order to a model: a second look beside the comparison with the
 * source, for orders in other words.
 */
export const holdsOrder = (folded: string): boolean =>
  orders.some((pattern) => pattern.test(folded));

import type { FaultWords } from './en.ts';

/** What the operations about access tokens answer. */
export const tokensSaidEn = {
  token_create: (p: { name: string; scopes: string }) =>
    `Made the token "${p.name}" (${p.scopes}). It is shown this once: keep it like a password.`,
  token_list: (p: { active: number; ended: number }) =>
    p.ended === 0
      ? `Active tokens: ${p.active}.`
      : `Active tokens: ${p.active}; revoked or expired: ${p.ended}.`,
  token_revoke: (p: { name: string }) => `The token "${p.name}" is revoked and no longer works.`,
};

export const tokensSaidZh: typeof tokensSaidEn = {
  token_create: (p) => `已新建令牌“${p.name}”（${p.scopes}）。它只显示这一次，请像密码一样保管。`,
  token_list: (p) =>
    p.ended === 0
      ? `${p.active} 个有效令牌。`
      : `${p.active} 个有效令牌，另有 ${p.ended} 个已失效。`,
  token_revoke: (p) => `令牌“${p.name}”已撤销，不能再使用。`,
};

/** How a program is given a token. */
export const tokenUseEn = (p: { resource: string }): string =>
  `In the program, add the MCP server ${p.resource} with the header "Authorization: Bearer" followed by the token. Never put the token into an address.`;

export const tokenUseZh: typeof tokenUseEn = (p) =>
  `在程序中添加 MCP 服务器 ${p.resource}，请求头填写“Authorization: Bearer”加空格和此令牌。不要把令牌写进网址。`;

/** Said of one token too many. */
export const tokenLimitEn = (p: { most: number }): FaultWords => ({
  message: `You have ${p.most} active access tokens, and that is the most.`,
  next: 'Revoke one with token_revoke first; token_list shows them.',
});

export const tokenLimitZh: typeof tokenLimitEn = (p) => ({
  message: `有效的访问令牌已有 ${p.most} 个，达到上限。`,
  next: '请先用 token_revoke 撤销一个；用 token_list 查看全部。',
});

/** What can be wrong with the scopes of a token. */
export const scopeProblemsEn = {
  scope_unknown: (p: { name: string; known: string }) => `"${p.name}" is none of ${p.known}`,
  scope_missing: (p: { known: string }) => `name at least one of ${p.known}`,
};

export const scopeProblemsZh: typeof scopeProblemsEn = {
  scope_unknown: (p) => `“${p.name}”不在 ${p.known} 之中`,
  scope_missing: (p) => `请至少写一个：${p.known}`,
};

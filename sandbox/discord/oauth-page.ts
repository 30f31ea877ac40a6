import { randomBytes } from 'node:crypto';

import type { EmulatorAnswer } from '../http.ts';
import type { PersonState } from './world.ts';

const style = `
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:24px;background:#5865f2;color:#2e3338;
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans SC",sans-serif}
main{width:100%;max-width:440px;background:#fff;border-radius:12px;padding:28px}
.note{display:inline-block;margin:0 0 20px;padding:4px 12px;border-radius:99px;background:#fef7e0;color:#664d03;font-size:13px}
h1{margin:0 0 8px;font-size:22px;line-height:1.25;overflow-wrap:anywhere}
p,ul{margin:0 0 16px;color:#4e5058;overflow-wrap:anywhere}
ul{padding-left:20px}
fieldset{border:0;margin:0 0 20px;padding:0}
legend{padding:0;margin-bottom:8px;font-weight:600;font-size:14px}
label{display:flex;gap:12px;align-items:flex-start;padding:12px;border:1px solid #d4d7dc;border-radius:8px;margin-bottom:8px;cursor:pointer}
label:has(:checked){border-color:#5865f2;background:#eef0ff}
label:focus-within,button:focus-visible{outline:2px solid #5865f2;outline-offset:2px}
label small{display:block;color:#4e5058;overflow-wrap:anywhere}
input{margin:4px 0 0;accent-color:#5865f2}
.actions{display:flex;gap:12px;justify-content:space-between}
button{font:inherit;font-weight:500;padding:10px 24px;border-radius:8px;border:0;background:transparent;color:#2e3338;cursor:pointer}
button.primary{background:#5865f2;color:#fff}
code{font-size:13px}
@media (prefers-color-scheme:dark){body{background:#1e1f22;color:#f2f3f5}main{background:#313338}p,ul,label small{color:#c4c9ce}
label{border-color:#4e5058}label:has(:checked){background:#3c4270;border-color:#8891f2}button{color:#f2f3f5}.note{background:#4a3b00;color:#ffe8a3}}`;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? sign);

/** `goesTo` is the origin that the form leads to in the end, which its policy has to let through. */
function page(status: number, title: string, body: string, goesTo = ''): EmulatorAnswer {
  const nonce = randomBytes(16).toString('base64');
  const policy = [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    'img-src data:',
    "base-uri 'none'",
    `form-action 'self' ${goesTo}`.trim(),
    "frame-ancestors 'none'",
  ];
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': policy.join('; '),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
    },
    body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" href="data:,"><title>${escapeHtml(title)} - Discord (sandbox)</title><style nonce="${nonce}">${style}</style></head><body><main><div class="note">Sandbox: nothing here reaches Discord</div>${body}</main></body></html>`,
  };
}

const scopeWords: Readonly<Record<string, string>> = {
  identify: 'Access your username, avatar, and banner',
  email: 'Access your email address',
};

type AuthorizePage = {
  readonly action: string;
  readonly application: string;
  readonly redirect: URL;
  readonly scopes: readonly string[];
  readonly people: readonly PersonState[];
  /** Everything of the request that must come back with the decision. */
  readonly hidden: Readonly<Record<string, string>>;
};

/** The screen on which one of the people lets an application know who they are. */
export function renderAuthorize(asked: AuthorizePage): EmulatorAnswer {
  const { action, application, redirect, scopes, people, hidden } = asked;
  const inputs = Object.entries(hidden).map(
    ([name, value]) =>
      `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  );
  const choices = people.map(({ user, name, email, emailVerified }, index) => {
    const detail = `${email ?? 'no e-mail address'}${emailVerified ? '' : ' (not verified)'}`;
    return `<label><input type="radio" name="account" value="${escapeHtml(user.id)}"${index === 0 ? ' checked' : ''}><span>${escapeHtml(name)}<small>${escapeHtml(detail)}</small></span></label>`;
  });
  const rights = scopes.map((scope) => `<li>${escapeHtml(scopeWords[scope] ?? scope)}</li>`);
  return page(
    200,
    'Authorize access to your account',
    `<h1>${escapeHtml(application)} wants to access your Discord account</h1>
<form method="post" action="${escapeHtml(action)}">${inputs.join('')}
<fieldset><legend>Signed in as</legend>${choices.join('')}</fieldset>
<p>This will allow ${escapeHtml(application)} to:</p><ul>${rights.join('')}</ul>
<p>Once you authorize, you will be taken to <code>${escapeHtml(redirect.origin)}</code></p>
<div class="actions"><button name="decision" value="cancel">Cancel</button><button class="primary" name="decision" value="allow">Authorize</button></div>
</form>`,
    redirect.origin,
  );
}

/** Discord's page for a request that it does not accept; the person is never sent back. */
export const renderAuthorizeRefusal = (detail: string): EmulatorAnswer =>
  page(400, 'Error', `<h1>Invalid request</h1><p>${escapeHtml(detail)}</p>`);

import { escapeHtml } from './answers.ts';
import { isIdentityScope } from './openid.ts';
import type { SandboxPerson } from './people.ts';
import type { SandboxChannel } from './state.ts';

const scopeWords: Readonly<Record<string, string>> = {
  'https://www.googleapis.com/auth/youtube.upload': 'Manage your YouTube videos (upload)',
  'https://www.googleapis.com/auth/youtube.readonly': 'View your YouTube account',
  'https://www.googleapis.com/auth/youtube': 'Manage your YouTube account',
  'https://www.googleapis.com/auth/youtube.force-ssl':
    'See, edit, and permanently delete your YouTube videos, ratings, comments and captions',
  'https://www.googleapis.com/auth/yt-analytics.readonly': 'View YouTube Analytics reports',
};

const style = `
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:24px;background:#f0f4f9;color:#1f1f1f;
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans SC",sans-serif}
main{width:100%;max-width:480px;background:#fff;border-radius:28px;padding:36px}
.note{display:inline-block;margin:0 0 20px;padding:4px 12px;border-radius:99px;background:#fef7e0;color:#664d03;font-size:13px}
h1{margin:0 0 8px;font-size:26px;font-weight:500;line-height:1.25}
p{margin:0 0 20px;color:#444746;overflow-wrap:anywhere}
fieldset{border:0;margin:0 0 20px;padding:0}
legend{padding:0;margin-bottom:8px;font-weight:600;font-size:14px}
label{display:flex;gap:12px;align-items:flex-start;padding:12px;border:1px solid #dadce0;border-radius:12px;margin-bottom:8px;cursor:pointer}
label:has(:checked){border-color:#0b57d0;background:#f3f7fe}
label:focus-within{outline:2px solid #0b57d0;outline-offset:2px}
label small{display:block;color:#5f6368;overflow-wrap:anywhere}
input{margin:4px 0 0;accent-color:#0b57d0}
.actions{display:flex;gap:12px;justify-content:flex-end}
button{font:inherit;font-weight:500;padding:10px 24px;border-radius:99px;border:1px solid #747775;background:#fff;color:#0b57d0;cursor:pointer}
button.primary{background:#0b57d0;border-color:#0b57d0;color:#fff}
code{font-size:13px}
@media (prefers-color-scheme:dark){body{background:#1e1f20;color:#e3e3e3}main{background:#0e0e0e}p,label small{color:#c4c7c5}
label{border-color:#444746}label:has(:checked){background:#12243f;border-color:#a8c7fa}button{background:transparent;color:#a8c7fa}
button.primary{background:#a8c7fa;border-color:#a8c7fa;color:#062e6f}.note{background:#4a3b00;color:#ffe8a3}}`;

const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" href="data:,"><title>${escapeHtml(title)}</title><style>${style}</style></head><body><main>${body}</main></body></html>`;

export type ConsentPage = {
  readonly action: string;
  readonly host: string;
  readonly scopes: readonly string[];
  readonly channels: readonly SandboxChannel[];
  readonly people: readonly SandboxPerson[];
  /** Everything of the request that must come back with the decision. */
  readonly hidden: Readonly<Record<string, string>>;
};

/** The value of the chooser that stands for an account without a channel. */
export const noChannel = 'none';

type Choice = { readonly value: string; readonly title: string; readonly detail: string };

/** A group of which one is chosen; nothing where there is nothing to choose. */
function renderChoices(legend: string, name: string, choices: readonly Choice[]): string {
  if (choices.length === 0) return '';
  const drawn = choices.map(
    ({ value, title, detail }, index) =>
      `<label><input type="radio" name="${name}" value="${escapeHtml(value)}"${index === 0 ? ' checked' : ''}><span>${escapeHtml(title)}<small>${escapeHtml(detail)}</small></span></label>`,
  );
  return `<fieldset><legend>${legend}</legend>${drawn.join('')}</fieldset>`;
}

const accountChoices = (people: readonly SandboxPerson[]): Choice[] =>
  people.map(({ id, name, email, emailVerified }) => ({
    value: id,
    title: name,
    detail: emailVerified ? email : `${email} (not verified)`,
  }));

const channelChoices = (channels: readonly SandboxChannel[]): Choice[] => [
  ...channels.map(({ id, title, handle }) => ({ value: id, title, detail: handle })),
  {
    value: noChannel,
    title: 'An account without a channel',
    detail: 'Nothing can be published',
  },
];

function renderPermissions(scopes: readonly string[]): string {
  if (scopes.length === 0) return '';
  const boxes = scopes.map(
    (scope) =>
      `<label><input type="checkbox" name="granted" value="${escapeHtml(scope)}" checked><span>${escapeHtml(scopeWords[scope] ?? scope)}<small>${escapeHtml(scope)}</small></span></label>`,
  );
  return `<fieldset><legend>Permissions</legend>${boxes.join('')}</fieldset>`;
}

/** The screen on which a person picks who signs in, a channel and the permissions, as far as they are asked for. */
export function renderConsent(asked: ConsentPage): string {
  const { action, host, scopes, channels, people, hidden } = asked;
  const hiddenInputs = Object.entries(hidden)
    .map(
      ([name, value]) =>
        `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
    )
    .join('');
  const permissions = scopes.filter((scope) => !isIdentityScope(scope));
  const signsIn = permissions.length < scopes.length;
  const [title, what] =
    permissions.length === 0
      ? [`Sign in to ${host}`, 'Choose an account, whose name and e-mail address it will be told.']
      : [`${host} wants access to your Google Account`, 'Choose a channel and what it may do.'];
  return page(
    'Sign in - Google Accounts (sandbox)',
    `<div class="note">Sandbox: nothing here reaches Google</div>
<h1>${escapeHtml(title)}</h1>
<p>${what} Application: <code>${escapeHtml(hidden['client_id'] ?? '')}</code></p>
<form method="post" action="${escapeHtml(action)}">${hiddenInputs}
${renderChoices('Account', 'account', signsIn ? accountChoices(people) : [])}
${renderChoices('Channel', 'channel', permissions.length > 0 ? channelChoices(channels) : [])}
${renderPermissions(permissions)}
<div class="actions"><button name="decision" value="deny">Deny</button><button class="primary" name="decision" value="allow">Allow</button></div>
</form>`,
  );
}

/** Google's page for a request it does not accept; the person is never sent back. */
export const renderRefusal = (error: string, detail: string): string =>
  page(
    'Error 400 - Google Accounts (sandbox)',
    `<div class="note">Sandbox: nothing here reaches Google</div><h1>Access blocked: authorization error</h1><p>${escapeHtml(detail)}</p><p><code>Error 400: ${escapeHtml(error)}</code></p>`,
  );

export type WatchPage = {
  readonly title: string;
  readonly description: string;
  readonly channel: string;
  readonly privacy: string;
  readonly mediaPath: string;
  /** The picture that its owner set. */
  readonly posterPath: string | null;
};

/** A page that plays what was uploaded. */
export const renderWatch = ({
  title,
  description,
  channel,
  privacy,
  mediaPath,
  posterPath,
}: WatchPage): string =>
  page(
    `${title} - YouTube (sandbox)`,
    `<div class="note">Sandbox: nothing here reaches YouTube</div><video controls playsinline style="width:100%;max-height:70vh;border-radius:12px;background:#000"${posterPath === null ? '' : ` poster="${escapeHtml(posterPath)}"`} src="${escapeHtml(mediaPath)}"></video><h1>${escapeHtml(title)}</h1><p>${escapeHtml(channel)} &middot; ${escapeHtml(privacy)}</p><p style="white-space:pre-wrap">${escapeHtml(description)}</p>`,
  );

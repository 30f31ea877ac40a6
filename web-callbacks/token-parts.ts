import type { z } from 'zod';

import type { Context } from '../core/context.ts';
import { accountPageWords } from '../core/messages/account-pages.ts';
import type { tokenList } from '../core/token/list.ts';
import { scopes as allScopes } from '../core/token/scopes.ts';
import { drawDay, drawEmpty, drawMinute, drawRow, joinFacts } from './dashboard/draw.ts';
import { drawField, drawProblem, type Wrong } from './form-field.ts';
import { drawBadge, html, nothing, type Html } from './pages.ts';

type Listed = z.output<typeof tokenList.output>['tokens'][number];

/** What somebody has typed who wants a token. */
export type TypedToken = {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly days: string;
};

export const tokenFields = ['name', 'scopes', 'days'] as const;
export const freshToken: TypedToken = { name: '', scopes: ['read', 'write'], days: '90' };

type View = { readonly context: Context; readonly csrf: Html };

/** The form for a new token. */
export function drawTokenForm(typed: TypedToken, wrong: Wrong, { context, csrf }: View): Html {
  const words = accountPageWords[context.locale].tokens;
  return html`<section class="card" aria-labelledby="make-heading">
    <h2 id="make-heading">${words.make}</h2>
    <form method="post" action="/tokens">
      ${csrf}
      ${drawField({
        name: 'name',
        label: words.name,
        hint: words.nameHint,
        wrong,
        control: (attributes) =>
          html`<input
            type="text"
            ${attributes}
            value="${typed.name}"
            maxlength="60"
            required
            autocomplete="off"
          />`,
      })}
      ${drawScopes(typed, wrong, words)}
      ${drawField({
        name: 'days',
        label: words.days,
        hint: words.daysHint,
        wrong,
        control: (attributes) =>
          html`<input
            type="number"
            ${attributes}
            value="${typed.days}"
            min="1"
            max="365"
            required
          />`,
      })}
      <button class="main">${words.submit}</button>
    </form>
  </section>`;
}

type Words = (typeof accountPageWords)['en']['tokens'];

function drawScopes(typed: TypedToken, wrong: Wrong, words: Words): Html {
  const described = wrong.has('scopes') ? html` aria-describedby="scopes-wrong"` : nothing;
  return html`<fieldset class="ticks" ${described}>
    <legend>${words.scopes}</legend>
    ${allScopes.map(
      (scope) =>
        html`<label class="tick">
          <input
            type="checkbox"
            name="scopes"
            value="${scope}"
            ${typed.scopes.includes(scope) ? html` checked` : nothing}
          />
          <span>${words.scope[scope]}</span>
        </label> `,
    )}
    ${drawProblem('scopes', wrong)}
  </fieldset>`;
}

/** All tokens, those that can be used first. */
export function drawTokens(tokens: readonly Listed[], view: View): Html {
  const words = accountPageWords[view.context.locale].tokens;
  const list = html`<ul class="rows">
    ${tokens.map((token) => drawToken(token, view, words))}
  </ul>`;
  return html`<section class="card" aria-labelledby="list-heading">
    <h2 id="list-heading">${words.list}</h2>
    ${tokens.length === 0 ? drawEmpty(words.none) : list}
  </section>`;
}

const tones = { active: 'good', expired: 'warn', revoked: 'calm' } as const;

function drawToken(token: Listed, { context, csrf }: View, words: Words): Html {
  const used = token.last_used_at;
  const state = drawBadge(tones[token.state], words.state[token.state]);
  const facts = joinFacts([
    words.may({ scopes: token.scopes.map((scope) => words.scopeNames[scope]) }),
    html`${words.created} ${drawDay(token.created_at, context)}`,
    html`${words.used} ${used === null ? words.unused : drawMinute(used, context)}`,
    html`${words.ends} ${drawDay(token.expires_at, context)}`,
  ]);
  const end = token.state === 'active' ? html`${state} ${drawRevoke(token, csrf, words)}` : state;
  return drawRow({ name: token.name, href: null, facts, end });
}

const drawRevoke = ({ id, name }: Listed, csrf: Html, words: Words): Html =>
  html`<form class="inline" method="post" action="/tokens/${id}/revoke">
    ${csrf}<button class="danger" aria-label="${words.revokeNamed({ name })}">
      ${words.revoke}
    </button>
  </form>`;

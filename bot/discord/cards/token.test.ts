import { describe, expect, test } from 'vitest';

import { draws, drawIn, nastyTexts } from '../../../test/kit/draws.ts';
import { idsOfView, problemsOfView, textOfView } from '../../../test/kit/view-limits.ts';
import { catalogue } from '../../../core/messages/catalogue.ts';
import { presentToken, presentTokenRevoked, presentTokens } from './token.ts';

const resource = 'https://jilo.example/mcp';
const made = {
  id: 'tok_0123456789abcdef',
  token: `jilo_${'a_B-'.repeat(12)}z`,
  name: 'Claude',
  scopes: ['read', 'write'],
  expires_at: '2027-02-20T08:00:00.000Z',
  resource,
  how_to_use: catalogue('en').tokenUse({ resource }),
};
const listed = {
  id: made.id,
  kind: 'token',
  name: 'Claude',
  state: 'active',
  scopes: ['read', 'write'],
  created_at: '2026-11-22T08:00:00.000Z',
  expires_at: made.expires_at,
  last_used_at: null,
};
const actionsOf = (view: Parameters<typeof idsOfView>[0]) =>
  idsOfView(view).map((id) => id.split(':')[1]);

describe('a new token', () => {
  test('stands in a block of its own, to be copied as it is', () => {
    const view = presentToken(made, drawIn('en'), {});
    expect(textOfView(view)).toMatchInlineSnapshot(`
      "### 🔑 Your access token
      **Claude**
      -# may read, write · ends <t:1803110400:f>
      It is shown this once. Copy it now, and keep it like a password.
      \`\`\`
      jilo_a_B-a_B-a_B-a_B-a_B-a_B-a_B-a_B-a_B-a_B-a_B-a_B-z
      \`\`\`
      In the program, add the MCP server https://jilo.example/mcp with the header "Authorization: Bearer" followed by the token. Never put the token into an address."
    `);
    expect(actionsOf(view)).toEqual(['tokens-show']);
    // A button's id is kept by Discord and shown to whoever looks for it.
    expect(idsOfView(view).join()).not.toContain(made.token);
  });

  test('is told about in Chinese', () => {
    const said = catalogue('zh').tokenUse({ resource });
    const text = textOfView(presentToken({ ...made, how_to_use: said }, drawIn('zh'), {}));
    expect(text).toContain('只显示这一次');
    expect(text).toContain(`\`\`\`\n${made.token}\n\`\`\``);
    expect(text).toContain('请求头');
  });

  test('fits, whatever it is called', () => {
    for (const draw of draws)
      for (const name of nastyTexts(60)) {
        const view = presentToken({ ...made, name }, draw, {});
        expect(problemsOfView(view)).toStrictEqual([]);
        expect(textOfView(view)).toContain(`\n${made.token}\n`);
      }
  });
});

describe('the list', () => {
  test('lets what works be revoked, and says of the rest why it does not', () => {
    const tokens = [
      { ...listed, last_used_at: '2026-11-22T07:00:00.000Z' },
      { ...listed, id: 'tok_2', state: 'expired' },
      { ...listed, id: 'tok_3', state: 'revoked' },
      { ...listed, id: 'oauth_4', kind: 'program', name: 'Desk' },
    ];
    const view = presentTokens({ tokens }, drawIn('en'), {});
    expect(textOfView(view)).toMatchInlineSnapshot(`
      "### Your access tokens
      **Claude**
      may read, write
      -# ends <t:1803110400:f> · last used <t:1795330800:R>
      **Claude**
      may read, write
      -# ⚠️ ended <t:1803110400:f> · never used
      **Claude**
      may read, write
      -# ⛔ revoked · never used
      **Desk**
      may read, write
      -# a program that you let in · ends <t:1803110400:f> · never used"
    `);
    expect(idsOfView(view)).toEqual(
      [made.id, 'oauth_4'].map((id) => `v1:token-revoke:${drawIn('en').owner}:${id}`),
    );
  });

  test('says what to do where there is none', () => {
    expect(textOfView(presentTokens({ tokens: [] }, drawIn('en'), {}))).toContain('/token create');
    expect(textOfView(presentTokens({ tokens: [] }, drawIn('zh'), {}))).toContain('还没有令牌');
  });

  test.each([0, 1, 9, 10, 11, 50])('of %i fits in both languages', (count) => {
    for (const draw of draws)
      for (const name of nastyTexts(60)) {
        const tokens = Array.from({ length: count }, (_, index) => ({
          ...listed,
          id: `tok_${String(index).padStart(16, '0')}`,
          name,
          scopes: ['read', 'write', 'spend', 'publish'],
          last_used_at: listed.created_at,
        }));
        const view = presentTokens({ tokens }, draw, {});
        expect(problemsOfView(view)).toStrictEqual([]);
        expect(idsOfView(view)).toHaveLength(Math.min(count, 10));
        expect(/and \d+ more|另有 \d+ 个/u.test(textOfView(view))).toBe(count > 10);
      }
  });
});

test('a revoked token is named once more', () => {
  const revoked = { id: made.id, name: '*x*', revoked_at: listed.created_at };
  const view = presentTokenRevoked(revoked, drawIn('en'), {});
  expect(textOfView(view)).toContain(String.raw`**\*x\***`);
  expect(actionsOf(view)).toEqual(['tokens-show']);
  expect(textOfView(presentTokenRevoked(revoked, drawIn('zh'), {}))).toContain('令牌已撤销');
});

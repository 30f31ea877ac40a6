import { presentTokenRevoked, presentTokens } from '../cards/token.ts';
import { defineAction, type Action } from '../exchange.ts';

/** What the buttons about access tokens do; nobody else sees any of it. */
export const tokenActions: readonly Action[] = [
  defineAction('tokens-show', async (exchange) => {
    await exchange.defer('person');
    const tokens = await exchange.perform('token_list', {});
    if (tokens) await exchange.answer(presentTokens(tokens, exchange.draw, {}), 'person');
  }),
  defineAction('token-revoke', async (exchange, [token = '']) => {
    await exchange.deferUpdate();
    const revoked = await exchange.perform('token_revoke', { token });
    if (revoked) await exchange.update(presentTokenRevoked(revoked, exchange.draw, { token }));
  }),
];

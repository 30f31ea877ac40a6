import type { Traces } from './traces.ts';

const connection = 'test/attacks/oauth-connection.test.ts';
const crypto = 'core/crypto.test.ts';
const matrix = 'test/authorisation/matrix.test.ts';
const mcp = 'test/authorisation/mcp.test.ts';
const operation = 'core/operation.test.ts';
const tokens = 'mcp-server/http.test.ts';
const verify = 'core/token/verify.test.ts';

const purpose = 'a signature > is for one purpose, one list of parts and one installation';

/** Chapters 6 to 10. */
export const peopleTraces: Traces = {
  '6.8.1': { 'core/account/open.test.ts': ['keeps identities apart by provider and by subject'] },
  '8.1.1': {
    'test/authorisation/policies.test.ts': [
      'every operation has its row, and every row its operation',
      'the page is as it is generated',
    ],
  },
  '8.2.1': {
    [mcp]: [
      '…, in … eras > a token of $name for $scope alone does nothing that takes another scope',
      '…, in … eras > what is no tool cannot be called, whatever the token allows',
    ],
    'test/authorisation/routes.test.ts': ['… routes > %s lets nobody else in'],
  },
  '8.2.2': {
    [matrix]: [
      '… operations x 3 accounts > %s > finds nothing of the owner by $name',
      '… operations x 3 accounts > %s > reads nothing of the owner by $name without an id',
    ],
    [mcp]: [
      '…, in … eras > %s with the scope > reaches nothing of the owner by $tool.name',
      '…, in … eras > %s with the scope > reads nothing of the owner in any other way (%s)',
    ],
  },
  '8.2.3': {
    [operation]: [
      'fields that only a person decides > are refused from %s, and not listed among its fields',
      'what perform answers > holds what the output schema names and nothing else',
    ],
  },
  '8.3.1': {
    [mcp]: ['…, in … eras > a message that is no request of its own does nothing beyond the scope'],
    'core/consent/consent.test.ts': [
      'without an approval > every operation of the product that needs consent asks for it',
    ],
  },
  '8.4.1': {
    [matrix]: [
      '… operations x 3 accounts > who has nothing reads the same as when there was nobody else',
    ],
    'core/scope.test.ts': ['what was made in %s > $name is not found in any other place'],
  },
  '9.1.1': {
    'web-callbacks/media.test.ts': ['/media of files $name > refuses an address %s'],
    'web-callbacks/progress.test.ts': [
      'the address > opens nothing when any of its signs is changed',
    ],
    'mcp-server/consent-forged.test.ts': [
      'the state that a client of 2026 brings back > is refused when it was changed in any place or cut',
    ],
  },
  '9.1.2': {
    [crypto]: [
      'a sealed value > does not open with any one bit flipped',
      'a sealed value > does not open with a tag of four bytes, which Node alone would take',
    ],
  },
  '9.1.3': {
    'core/providers/fal.test.ts': [
      'callbacks > of another body, id, user, time or key are refused',
    ],
    [crypto]: ['after the secret was replaced > signs and verifies with the new one alone'],
  },
  '9.2.1': {
    'web-callbacks/media.test.ts': ['/media of files $name > refuses an address after a day'],
    'web-callbacks/receipts.test.ts': ['/receipts > closes after an hour'],
    'core/providers/fal.test.ts': ['callbacks > fit the window of 300 seconds both ways'],
  },
  '9.2.2': {
    [crypto]: [purpose],
    'test/attacks/media-keys.test.ts': [
      'an address of a file > signed for one file opens no other, and no chart, page or list',
    ],
  },
  '9.2.3': {
    [crypto]: [purpose, 'a sealed value > does not open with the key of another installation'],
    [tokens]: ['a token > for another address is no good here'],
  },
  '9.2.4': { [crypto]: [purpose] },
  '10.1.1': {
    'mcp-server/token-stays.test.ts': [
      'no service that Jilo uses ever sees the token of a client of %s',
    ],
    'core/channel/dump.test.ts': ['a dump of the database holds no usable token'],
  },
  '10.1.2': {
    [connection]: [
      'a way back > of the attacker connects nothing in the browser of the victim',
      'a code > is bound to a verifier of its own, by S256 and nothing less',
    ],
  },
  '10.2.1': {
    [connection]: [
      'a state > is good once, also for what comes at the same time',
      'a code > of the attacker does not end up in the journey of the victim',
      'a code > that was got with another challenge is not exchanged',
    ],
  },
  '10.2.2': {
    [connection]: ['a way back > asks Google alone for the tokens, whoever is named as the issuer'],
  },
  '10.3.1': { [tokens]: ['a token > for another address is no good here'] },
  '10.3.2': {
    [mcp]: [
      '…, in … eras > a token of $name for $scope alone does nothing that takes another scope',
    ],
    'mcp-server/http-scopes.test.ts': [
      'a scope > %s allows what needs it and nothing else, alone and in a batch',
    ],
  },
  '10.3.3': { [verify]: ['a token > tells whose it is, what it allows, where and how long'] },
};

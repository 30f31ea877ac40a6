import type { Traces } from './traces.ts';

const answers = 'test/attacks/answers.test.ts';
const crypto = 'core/crypto.test.ts';
const dangerous = 'test/gate/dangerous-calls.test.ts';
const download = 'test/attacks/ssrf.test.ts';
const image = 'test/gate/image.test.ts';
const odd = 'test/attacks/odd-input.test.ts';
const operation = 'core/operation.test.ts';
const refusals = 'web-callbacks/refusals.test.ts';
const secrets = 'test/attacks/secrets-in-logs.test.ts';

const hashes =
  'no text is run as code, in a shell, or as SQL that holds values, and no hash is weak';
const flipped = 'a sealed value > does not open with any one bit flipped';
const personal =
  'every answer > that is for one person is kept by no shared cache, and pages by none';
const oneLine = 'a line of the log > stays one, in UTC, whatever it tells of: %j';

/** Chapters 11 to 17. */
export const houseTraces: Traces = {
  '11.2.1': { 'test/gate/architecture.test.ts': ['the house > imports along its rule'] },
  '11.2.2': {
    'core/rotate-keys.test.ts': [
      'a secret in the data folder > is replaced, and every value is sealed anew beside the running Jilo',
    ],
    [crypto]: [
      'after the secret was replaced > several older ones open, in any order, each in its place only',
    ],
  },
  '11.2.3': {
    'core/token/text.test.ts': [
      'a token > is a prefix, 32 bytes and a checksum that needs no secret',
    ],
    'core/secret.test.ts': ['the secret of an installation > is created once, for its owner only'],
    'core/config.test.ts': ['the settings > refuse %s=%s'],
  },
  '11.3.1': { [crypto]: [flipped] },
  '11.3.2': {
    [crypto]: [
      'a sealed value > does not open with a tag of four bytes, which Node alone would take',
    ],
  },
  '11.3.3': {
    [crypto]: [flipped, 'a sealed value > does not open when it is cut anywhere, or longer'],
  },
  '11.4.1': { [dangerous]: [hashes] },
  '11.4.3': { [dangerous]: [hashes] },
  '11.5.1': {
    'core/token/text.test.ts': ['a token > is well formed whatever its bytes are'],
    'test/attacks/oauth-connection.test.ts': [
      'a state > stands in the database as a digest alone, and what goes with it is sealed',
    ],
    'test/gate/architecture.test.ts': [
      'the house > keeps its names, sizes, types and sources of time and chance',
    ],
  },
  '11.6.1': {
    'core/providers/fal.test.ts': [
      'callbacks > of another body, id, user, time or key are refused',
    ],
  },
  '13.2.3': {
    [image]: ['the image and its settings hold no secret, and run as somebody else than root'],
  },
  '13.2.4': {
    [download]: ['%s > is not fetched from an address %s: %s'],
    'core/providers/fal.test.ts': [
      'fetchOutcome > uses the addresses fal gave, and never takes the key elsewhere',
    ],
  },
  '13.2.5': {
    [download]: [
      'a name > is looked up once for a connection, and the address that was checked is the one dialled',
      'a redirect > of status %i is checked like the others',
    ],
  },
  '13.3.1': {
    [image]: ['the image and its settings hold no secret, and run as somebody else than root'],
    'core/channel/dump.test.ts': ['a dump of the database holds no usable token'],
  },
  '13.3.2': {
    'core/secret.test.ts': ['the secret of an installation > is created once, for its owner only'],
    'core/providers/disk-storage.test.ts': [
      'a stored file is the local one, and nobody else may read it',
    ],
  },
  '13.4.1': {
    [image]: ['the builder is sent what the image copies'],
    [answers]: ['a request > for a folder gets no list of what is in it'],
  },
  '13.4.2': {
    'web-callbacks/app.test.ts': [
      'everything else > that breaks on our side is a 500 with a reference that the log explains',
      'everything else > that is malformed is a 400 without a stack',
    ],
  },
  '13.4.3': { [answers]: ['a request > for a folder gets no list of what is in it'] },
  '13.4.4': {
    [answers]: ['a request > to be shown what was sent (TRACE) is not answered with it'],
  },
  '13.4.5': {
    'web-callbacks/metrics.test.ts': [
      'who may read them > %s: %o',
      'who may read them > for everybody else it is as if there were no such page',
    ],
    'web-callbacks/ready.test.ts': [
      '/readyz > says that everything is up, and names neither addresses nor secrets',
    ],
  },
  '14.2.2': { [answers]: [personal] },
  '14.2.3': {
    'mcp-server/ui/apps.test.ts': ['%s > is one small document that loads nothing'],
    'mcp-server/token-stays.test.ts': [
      'no service that Jilo uses ever sees the token of a client of %s',
    ],
  },
  '14.2.4': {
    'core/channel/dump.test.ts': [
      'a dump of the database holds no usable token',
      'a sealed value that is moved to another row does not open',
    ],
    [secrets]: ['a trip on which everything goes wrong once > connecting and publishing'],
  },
  '14.3.2': { [answers]: [personal] },
  '15.2.2': {
    'core/queue.test.ts': ['real workers > run no more of a kind side by side than it says'],
    'web-callbacks/progress.test.ts': ['servers > turn away who comes when they are full'],
    'web-callbacks/serve.test.ts': ['a client that sends its body bit by bit is cut off'],
  },
  '15.3.1': {
    [operation]: ['what perform answers > holds what the output schema names and nothing else'],
  },
  '15.3.2': {
    [download]: ['a redirect > that comes third, or leads in a ring, is not followed'],
    'core/providers/youtube-upload.test.ts': [
      'what must not leave > never sends the token to a session on another host',
    ],
  },
  '15.3.3': {
    [operation]: ['what perform takes > names an unknown field, and the fields there are'],
    'web-callbacks/approvals.test.ts': [
      'a decision > to approve lets exactly one call through, with the choices',
    ],
  },
  '15.3.4': {
    'web-callbacks/rates.test.ts': [
      'the address that counts > is taken from as far back as there are proxies',
      'the address that counts > is that of the connection, whatever a header claims',
    ],
  },
  '15.3.5': {
    [operation]: ['what perform takes > refuses a size of %j'],
    'test/gate/architecture.test.ts': [
      'the house > keeps its names, sizes, types and sources of time and chance',
    ],
  },
  '15.3.6': {
    [odd]: [
      'an input with the key of a prototype > %s reaches no operation, and changes no other object',
      'an input with the key of a prototype > does nothing over HTTP either',
    ],
  },
  '15.3.7': {
    'test/attacks/callbacks-forged.test.ts': [
      'a callback of fal > that is genuine, at an address %s, is refused',
    ],
    'test/attacks/oauth-connection.test.ts': ['a way back > %s is refused and uses nothing up'],
  },
  '16.2.1': {
    [refusals]: [
      'who is turned away > at a link that is not valid stands in the log, with when, where and who, and no secret',
    ],
    [operation]: ['the audit > has the question, the start and the outcome of an attempt to %s'],
  },
  '16.2.2': { [odd]: [oneLine] },
  '16.2.4': { [odd]: [oneLine] },
  '16.2.5': {
    [secrets]: [
      'providers that say back what they were sent > with status %i bring no secret to light',
      'a trip on which everything goes wrong once > has had much to say, and dozens of secrets',
    ],
    'core/log.test.ts': ['a log line > hides the field %s at every depth'],
  },
  '16.3.2': {
    [refusals]: [
      'who is turned away > without a token, or with one of another scope, does as well',
    ],
    [operation]: ['the audit > has one row for each attempt at writing'],
  },
  '16.3.3': {
    [refusals]: [
      'who is turned away > with a forged callback does as well',
      'who is turned away > for asking too often does as well',
    ],
  },
  '16.3.4': {
    [operation]: [
      'what perform answers > gives a defect a reference that is in the log, and its text nowhere',
    ],
  },
  '16.4.1': { [odd]: [oneLine] },
  '16.5.1': {
    'web-callbacks/app.test.ts': [
      'everything else > that breaks on our side is a 500 with a reference that the log explains',
    ],
    'mcp-server/defects.test.ts': [
      'a client of %s sees nothing of what broke, whatever it asked for',
    ],
  },
  '16.5.2': {
    'core/prompt/check.test.ts': ['prompt_check > works without a model'],
    'test/journeys/chat-discover.test.ts': [
      'in %s > with the model out of reach rules explain and write, and say so',
    ],
  },
  '16.5.3': {
    'core/consent/consent.test.ts': [
      'a crash > of the database while the approval is used leaves it unused',
    ],
    [operation]: ['the audit > that cannot be written > starts nothing that spends'],
  },
};

import type { Traces } from './traces.ts';

const answers = 'test/attacks/answers.test.ts';
const crossSite = 'test/attacks/cross-site.test.ts';
const dangerous = 'test/gate/dangerous-calls.test.ts';
const download = 'test/attacks/ssrf.test.ts';
const markup = 'test/attacks/stored-markup.test.ts';
const mediaKeys = 'test/attacks/media-keys.test.ts';
const operation = 'core/operation.test.ts';
const pictures = 'core/providers/media-pictures.test.ts';
const redirects = 'test/attacks/redirects.test.ts';

const noText =
  'no text is run as code, in a shell, or as SQL that holds values, and no hash is weak';
const frames =
  'every answer > stands in no frame, takes no base, runs no plug-in and is taken for what it says';

/** Chapters 1 to 5. */
export const webTraces: Traces = {
  '1.1.1': {
    [mediaKeys]: [
      'an address of a file > that climbs by %s is refused, although we have signed it',
    ],
  },
  '1.1.2': { [markup]: ['the title %j > stays text wherever a page puts it'] },
  '1.2.1': {
    [markup]: ['the title %j > adds no mark to any page, and none of them runs anything'],
    [redirects]: ['a path > such as %s leads nowhere'],
  },
  '1.2.2': {
    'core/providers/apify-items.test.ts': ['values > takes only web addresses'],
    'core/untrusted.test.ts': ['plainText > takes out what %j carries'],
    'bot/agent/facts.test.ts': ['facts > hold no address that the operation is not known for'],
  },
  '1.2.3': {
    [answers]: [frames],
    'mcp-server/ui/apps.test.ts': [
      '%s > lets in its own script and style by their sums, and pictures from declared places',
    ],
  },
  '1.2.4': {
    [dangerous]: [noText],
    'mcp-server/completions.test.ts': ['ids > are not found by what means something in a pattern'],
  },
  '1.2.5': { [dangerous]: [noText] },
  '1.2.9': {
    'mcp-server/completions.test.ts': ['ids > are not found by what means something in a pattern'],
  },
  '1.3.2': { [dangerous]: [noText] },
  '1.3.3': {
    'core/untrusted.test.ts': [
      'plainText > holds nothing active or hidden',
      'untrusted > cannot be closed from inside',
    ],
    [operation]: [
      'what perform takes > refuses %j, which the database could not keep, before anything runs',
    ],
  },
  '1.3.4': {
    [pictures]: ['a picture > is none: %s'],
    [answers]: ['every answer > of a file that is none of ours is saved and not shown'],
  },
  '1.3.5': {
    'core/untrusted.test.ts': ['plainText > takes out what %j carries'],
    'bot/agent/facts.test.ts': [
      'what a stranger wrote > does not get its link or its mention said, streamed or in the end',
    ],
  },
  '1.3.6': {
    [download]: [
      '%s > is not fetched from an address %s: %s',
      'a name > that leads to %s is not dialled',
      'a redirect > by %s to an address %s is not followed (%i)',
    ],
  },
  '1.3.7': {
    [markup]: ['the title %j > adds no mark to any page, and none of them runs anything'],
  },
  '1.4.2': {
    [operation]: ['what perform takes > refuses a size of %j'],
    'core/quota/ledger.test.ts': ['the ledger from TypeScript > refuses the amount %d'],
  },
  '1.4.3': {
    'web-callbacks/progress.test.ts': [
      '/progress > lets go of a reader that leaves, at once and many times',
    ],
    'core/providers/storage.test.ts': [
      'files $name > is on the local disk for as long as it is needed',
    ],
  },
  '1.5.2': {
    'mcp-server/http.test.ts': ['a request > with the body %j is not understood'],
    'core/queue.test.ts': ['enqueue > refuses a payload that its kind does not know'],
    'web-callbacks/fal.test.ts': [
      'a signed body of no known shape is our failure, so that it comes again',
    ],
  },
  '2.1.1': {
    [operation]: ['defineOperation > refuses %s'],
    'test/gate/generated.test.ts': ['the type of a field is written for people'],
  },
  '2.1.3': { 'core/config.test.ts': ['the settings > are described, each of them'] },
  '2.2.1': {
    [operation]: [
      'what perform takes > names every field that is wrong',
      'what perform takes > refuses a size of %j',
    ],
  },
  '2.2.2': {
    [operation]: ['what perform takes > names an unknown field, and the fields there are'],
    'web-callbacks/approvals.test.ts': ['a decision > with %s is refused with 400 and stays open'],
  },
  '2.2.3': {
    [operation]: [
      'what perform takes > applies the rules between fields that the strict schema leaves out',
    ],
  },
  '2.3.1': {
    'core/consent/consent.test.ts': [
      'without an approval > every operation of the product that needs consent asks for it',
    ],
    'core/consent/forge.test.ts': [
      'of 1,000 mutated, replayed, expired and foreign approvals none is accepted',
    ],
  },
  '2.3.2': {
    'core/quota/daily-cap.test.ts': [
      'the daily limit that somebody sets > is reached exactly, and not passed by one',
    ],
    'core/channel/allowance.test.ts': [
      'the allowance of a day > ends exactly at the limit, and tells when it begins anew',
    ],
  },
  '2.3.3': {
    'core/queue.test.ts': [
      'enqueue > makes work visible when the transaction commits, and never when it does not',
    ],
    'core/quota/ledger.test.ts': [
      'the ledger from TypeScript > goes back with the transaction around it',
    ],
  },
  '2.3.4': {
    'core/quota/ledger.test.ts': [
      'the ledger > gives exactly 10 of 100 holds at once where 10 are left, in each of 20 rounds',
    ],
    'core/consent/consent.test.ts': ['one approval > buys one of 50 attempts at once (named: %s)'],
  },
  '2.4.1': {
    'core/limits/rates.test.ts': [
      'the rate of an account > lets through exactly as many as it says, whatever processes they come to',
    ],
    'web-callbacks/rates.test.ts': ['somebody who asks too often > is known to every process'],
    'bot/agent/limits.test.ts': ['the tokens of a day > after %i of 1000 the model is asked: %s'],
  },
  '3.2.1': {
    [answers]: [frames, 'every answer > of a file that is none of ours is saved and not shown'],
  },
  '3.2.2': {
    [markup]: ['the title %j > adds no mark to any page, and none of them runs anything'],
    'mcp-server/ui/apps.test.ts': [
      '%s > has no handler and no style in its markup, and never reads a text as markup',
    ],
  },
  '3.4.1': { [answers]: ['every answer > asks for https for a year, below our name as well'] },
  '3.4.2': {
    [crossSite]: ['a page of ours > %s is not read by another site, asked first or not'],
  },
  '3.4.3': { [answers]: [frames] },
  '3.4.4': { [answers]: [frames] },
  '3.4.5': { [answers]: [frames] },
  '3.4.6': { [answers]: [frames] },
  '3.5.1': {
    [crossSite]: ['a form sent from %s > approves nothing', 'a form %s > decides nothing'],
  },
  '3.5.2': {
    [crossSite]: ['another site’s page reaches no tool of MCP'],
    'mcp-server/http.test.ts': ['a request > of the type %s is refused in either era'],
  },
  '3.5.3': {
    [crossSite]: ['looking by %s presses no button'],
    'web-callbacks/approvals.test.ts': ['the page > decides nothing however often it is looked at'],
  },
  '3.5.5': { 'test/long/mcp-apps.test.ts': ['the protocol > hears nobody but the host'] },
  '3.7.2': {
    [redirects]: [
      '%s > sends nobody to %j',
      'the one redirect that there is > leads to Google and back to us, asked with %j',
    ],
  },
  '4.1.1': { [answers]: ['every answer > says what it is, texts with their encoding'] },
  '4.1.3': {
    'web-callbacks/rates.test.ts': [
      'the address that counts > is that of the connection, whatever a header claims',
      'the address that counts > is what the one trusted proxy says, not what the client told it',
    ],
    [redirects]: ['%s is the same whatever host is asked for, and whatever a proxy says'],
  },
  '4.2.1': { [answers]: ['a request > of two meanings, by %s, is refused as a whole'] },
  '5.2.1': {
    [download]: [
      'an answer > that announces 3 GiB is refused before any of it is read',
      'an answer > of 3 GiB that announces nothing is cut off at 2 GiB, and none of it is kept',
    ],
    [pictures]: ['fetching one > takes 8 MiB and not a byte more, announced or not'],
  },
  '5.2.2': {
    [download]: ['an answer > that is %s is refused by its first bytes'],
    [pictures]: [
      'a picture > is told by its first bytes, whatever its name or type says',
      'a picture > keeps nothing of the file but what is seen, and is white where it was see-through',
    ],
  },
  '5.2.3': {
    [download]: ['an answer > that is small and %s is not unpacked'],
    [pictures]: ['a picture > that announces %ix%i without having them is refused: %s'],
  },
  '5.3.1': {
    'web-callbacks/media.test.ts': ['/media of files $name > serves %s as %s'],
    [answers]: ['every answer > of a file that is none of ours is saved and not shown'],
  },
  '5.3.2': {
    [mediaKeys]: ['the storage > takes no key like %j'],
    'core/providers/disk-storage.test.ts': ['a key leads below the folder or nowhere'],
  },
  '5.4.1': {
    [mediaKeys]: ['a file is saved under letters and digits, whatever its video was made from'],
  },
  '5.4.2': {
    [mediaKeys]: ['a file is saved under letters and digits, whatever its video was made from'],
  },
};

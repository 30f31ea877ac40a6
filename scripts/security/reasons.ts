const proxy = 'The proxy before the web app holds the TLS of what comes in (docs/deploying.md).';
const noCodes = 'There is no second factor by code, and no code is sent by telephone.';
const noGraphql = 'There is no GraphQL.';
const noSockets = 'The web app opens no WebSocket; live progress is a stream over HTTP.';
const noWebRtc = 'There is no WebRTC, and no TURN, media or signalling server.';
const noIdToken =
  'No ID token is read: who somebody is, is asked of the provider over TLS with the token of this round trip.';
const onThisPage = 'Written down on this page, which no test can judge.';

/** Why a requirement has no test: by its id, in one sentence. */
export const reasons: Readonly<Record<string, string>> = {
  '1.2.6': 'No directory is asked.',
  '1.2.7': 'No XPath is used.',
  '1.2.8': 'No LaTeX is used.',
  '1.3.1': 'No field takes HTML: every text is shown as text.',
  '1.3.8': 'There is no Java.',
  '1.3.9': 'There is no memcache: what is shared is in Postgres.',
  '1.3.10': 'Format strings are our own; what others wrote goes beside them, as a value.',
  '1.4.1':
    'TypeScript is memory-safe; films and pictures are decoded by the libraries of docs/licences.md.',
  '1.5.1': 'We read no XML; only the SDK of the bucket reads the answers of its own service.',
  '2.1.2':
    'Rules between fields stand in the schema of each operation; docs/operations.md has the bounds of single fields.',
  '3.5.4': 'One application: the operator gives it a host name of its own.',
  '3.7.1': 'Pages are HTML and CSS with little scripts of today; there is no plug-in.',
  '4.1.2':
    'Nothing of ours redirects from HTTP to HTTPS; whether its pages do is up to the proxy, and callbacks and MCP are given out by their HTTPS address.',
  '4.3.1': noGraphql,
  '4.3.2': noGraphql,
  '4.4.1': noSockets,
  '4.4.2': noSockets,
  '4.4.3': noSockets,
  '4.4.4': noSockets,
  '5.1.1': onThisPage,
  '5.4.3':
    'Nothing is scanned: pictures are drawn anew, and films come from the hosts of their makers and are told by their first bytes.',
  '6.1.1': onThisPage,
  '6.1.2': onThisPage,
  '6.1.3': onThisPage,
  '6.2.3':
    'No form changes a password by the one before: a new one takes the link that is mailed to the address of the login.',
  '6.2.5':
    'A letter and a digit, of any script, are asked for: a rule of this product; every other character is taken.',
  '6.2.12':
    'Breached passwords are not looked up, as nothing of a password leaves the installation; the 3,000 most used ones are refused.',
  '6.3.3':
    'One factor: a password, Google or Discord; what a model wants to spend or publish takes a press of the person each time.',
  '6.4.2': 'There are no hints and no secret questions.',
  '6.4.4': noCodes,
  '6.5.1': noCodes,
  '6.5.2': noCodes,
  '6.5.3': noCodes,
  '6.5.4': noCodes,
  '6.5.5': noCodes,
  '6.6.1': noCodes,
  '6.6.2': noCodes,
  '6.6.3': noCodes,
  '6.8.2': noIdToken,
  '6.8.3': 'There is no SAML.',
  '6.8.4': 'Nothing asks for a certain strength of the sign-in at Google or Discord.',
  '7.1.1': onThisPage,
  '7.1.2': onThisPage,
  '7.1.3': onThisPage,
  '7.4.4':
    'Pages of an account and the question of a program have the button; the pages that link two accounts or approve one step have their answers alone.',
  '7.4.5':
    'There is no command: the operator deletes the rows of one login in login_sessions, or replaces the secret, which signs everybody out.',
  '7.5.1':
    'The address of a login cannot be changed, and a new password takes the link that is mailed to it; a new way to sign in is told by mail.',
  '7.5.2': 'Sessions are not listed: one press on the account page ends all of them.',
  '7.6.1': onThisPage,
  '8.1.2':
    'Fields that only a person decides are marked in docs/operations.md; every other field is for whoever may call the operation.',
  '10.3.4': 'No operation asks for a certain strength of the sign-in behind a token.',
  '10.5.1': noIdToken,
  '10.5.3':
    'No metadata of a provider are read: its addresses stand in the code, and the operator alone can set others.',
  '10.5.4': noIdToken,
  '10.5.5': 'There is no back-channel logout.',
  '10.7.1':
    'A program is asked about before its first code and whenever it wants more; for the same again, to an address that it registered, nobody is asked twice.',
  '11.1.1': onThisPage,
  '11.1.2': onThisPage,
  '11.4.4':
    'No key comes from a password: the secret of the installation has at least 32 characters and goes through HKDF.',
  '12.1.1': proxy,
  '12.1.2': proxy,
  '12.1.3': 'No client certificate is asked for.',
  '12.2.1':
    'The proxy before the web app holds TLS, and outside services are asked over HTTPS unless a setting names another address.',
  '12.2.2': proxy,
  '12.3.1':
    'Outside services are asked over HTTPS; for a database on another machine the operator adds `sslmode=verify-full` to DATABASE_URL (docs/deploying.md).',
  '12.3.2':
    'Node checks the certificates of HTTPS, and no setting turns that off; for the database `sslmode=verify-full` does.',
  '12.3.3': 'Our processes do not speak HTTP with each other: they meet in the database.',
  '12.3.4': 'No certificate of ours is in use between processes.',
  '13.1.1': onThisPage,
  '13.2.1':
    'The database has a password that the operator sets, and outside services know us by one key each; how long a key lives is up to its service.',
  '13.2.2':
    'Held by the operator: Jilo needs the rights over its own database, and each key is for one service.',
  '14.1.1': onThisPage,
  '14.1.2': onThisPage,
  '14.2.1':
    'Tokens are refused in addresses; a link that we signed carries its signature there by design, opens one thing for a day at most, and is kept out of logs and referrers.',
  '15.1.1':
    'The time limits stand in docs/deploying.md: 7 days for what is exploited, 30 days otherwise.',
  '15.1.2':
    'Every package stands in package-lock.json with its version and its sum, and in docs/licences.md where its licence matters.',
  '15.1.3':
    'What takes long and goes through the queue is in docs/architecture.md, where it ends in docs/operating.md.',
  '15.2.1':
    'Held by the operator, who runs npm audit and keeps the time limits of docs/deploying.md.',
  '15.2.3':
    'Tests stay out of the image; the local services of sandbox/ are in it, and are never started in production.',
  '16.1.1': onThisPage,
  '16.2.3': 'There is one place: standard error, as JSON lines, which the operator collects.',
  '16.4.2':
    'The record of what was done refuses changes in the database; lines on standard error are kept by the operator.',
  '16.4.3': 'Held by the operator, who collects standard error.',
  '17.1.1': noWebRtc,
  '17.2.1': noWebRtc,
  '17.2.2': noWebRtc,
  '17.2.3': noWebRtc,
  '17.2.4': noWebRtc,
  '17.3.1': noWebRtc,
  '17.3.2': noWebRtc,
};

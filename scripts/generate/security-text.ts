/** What stands before the tables of `docs/security.md`. */
export const securityIntroduction = `# Security

**To report a weakness**, open a private report with the operator of your installation: say what you did, what you saw, and what somebody could do with it. Do not try it on what belongs to others, and leave it unpublished until it is mended.

This page is generated from \`scripts/security/\`. It goes through the levels 1 and 2 of the OWASP Application Security Verification Standard 5.0.0: behind each requirement stand the tests that prove it, or one sentence that says why there is none. \`test/gate/security.test.ts\` holds every title against its file, so that a test that was renamed or removed is missed here.

## What is protected, and how

- **Forged callbacks**: raw bytes, signature, window of time and our own signed address are checked before anything is read ([web-callbacks/](../web-callbacks/), [core/providers/](../core/providers/)).
- **Replays and races**: a message counts once by its id, an approval and a state by one change of their row, quota under the lock of its wallet ([core/consent/](../core/consent/), [core/quota/](../core/quota/)).
- **Requests to inside (SSRF)**: files are fetched from listed hosts only, the address that was looked up is the one that is dialled, and every redirect is checked anew ([core/providers/download.ts](../core/providers/download.ts)).
- **Requests from other sites (CSRF)**: a form is taken from our own page alone, looking changes nothing, and no page stands in a frame ([web-callbacks/own-page.ts](../web-callbacks/own-page.ts)).
- **Stored markup (XSS)**: every value is escaped where it is written, and the policy of each page lets no script run but those that are known by their sum ([web-callbacks/](../web-callbacks/), [mcp-server/ui/](../mcp-server/ui/)).
- **Enumeration**: what belongs to somebody else is answered like what does not exist, in the same words ([authorisation.md](authorisation.md), [core/lookup.ts](../core/lookup.ts)).
- **Secrets at rest**: tokens of channels are sealed with AES-256-GCM for their own row and account, and taken out of every line of the log ([core/crypto.ts](../core/crypto.ts), [core/log.ts](../core/log.ts)).
- **Tokens of programs**: 256 random bits, kept as a hash, for one address, with scopes and an end, revoked at once ([core/token/](../core/token/), [mcp-server/http.ts](../mcp-server/http.ts)).
- **Orders in strangers' words (prompt injection)**: they are cleaned, marked as what somebody wrote, and have no tool; what a model says of them is compared with the material ([core/untrusted.ts](../core/untrusted.ts), [bot/agent/facts.ts](../bot/agent/facts.ts)).
- **Models that act on their own**: what spends, publishes or destroys waits for a person, who approves one attempt with one input at one price ([core/consent/](../core/consent/), [core/operation.ts](../core/operation.ts)).

## Keys and algorithms

| key | where it comes from | what for | how it is replaced |
| --- | --- | --- | --- |
| the secret of the installation | \`JILO_SECRET\`, or 32 random bytes in the data folder, mode 0600 | HKDF-SHA-256 makes the two below of it; nobody else has it | \`npm run rotate-keys\`, beside a running Jilo |
| sealing key | derived | AES-256-GCM over tokens of channels, sessions of uploads and round trips to Google | with the secret; older ones open until everything is sealed anew |
| signing key | derived | HMAC-SHA-256 over links, callbacks' addresses and questions | with the secret, at once |
| keys of outside services | the operator's settings, one for each service | requests to that service alone | in the settings, then a restart |
| public keys of fal | fetched from fal, kept for 24 hours | Ed25519 over its callbacks | by fal |
| secret of Stripe's webhook | the operator's settings | HMAC-SHA-256 over its messages | two at a time while it is changed |

Randomness comes from the system through \`core/ids.ts\` alone. Access tokens are stored as SHA-256 of 256 random bits.

## Signing in

- **Ways in**: an address with its password, Google, and Discord; no other route signs anybody in ([core/providers/sign-in.ts](../core/providers/sign-in.ts)). An address is proved by a link before it lets anybody in. Google and Discord are asked who somebody is, by the id there; where a new id has a proved address of a proved login, it becomes a further way into it, and the owner is told by mail. The chat in Discord knows people by their id there, a program by its token.
- **Passwords**: 8 to 128 characters with a letter and a digit of any script. Refused are the 3,000 most used ones, well-known words with up to four signs behind them, the name Jilo, and at sign-up what stands before the @ of the address (from four characters on). They are compared as they were typed, after Unicode's NFKC, and kept as scrypt (N 16384, r 16, p 1) with 16 random bytes of salt. None expires ([core/account/password.ts](../core/account/password.ts)).
- **Sessions**: a random token in one cookie. Each ends 30 days after its last use and 90 days after the sign-in at the latest, with its account, by signing out here or everywhere, by a new password, and by the next sign-in in the same browser. There may be any number. They are independent of those at Google and Discord: an end there ends nothing here, nor the other way round ([core/providers/sign-in-session.ts](../core/providers/sign-in-session.ts)).
- **Tries**: 10 for one login from one network and 50 from everywhere in a quarter of an hour, whether or not there is such a login; 30 forms of sign-up and reset from one network; 5 mails an hour to one address; and so many requests a minute from one network as \`RATE_ADDRESS_PER_MINUTE\` says. Nobody is locked out by failures from one network elsewhere ([core/limits/sign-in.ts](../core/limits/sign-in.ts)).
- **Programs**: OAuth 2.1 with a code that is good once for ten minutes, PKCE with S256, and registered addresses alone. An access token lasts an hour, a refresh token 30 days and is good once; used again, it ends its family. A year after its person let it in a program asks anew. A person ends it under Tokens, at once, and a new password by mail ends every one; signing out ends only its hour ([core/providers/sign-in-oauth.ts](../core/providers/sign-in-oauth.ts)).
- **Mails**: links that prove an address or set a password are good for an hour, act by a press and not by being opened, and go to that address alone; they wait sealed in the queue. To a mail server on another machine they go over TLS with a certificate that holds, or not at all ([core/mail/](../core/mail/)).

## Data

| class | what | protection |
| --- | --- | --- |
| secret | keys, passwords, tokens of channels, access tokens, sessions of uploads | sealed or hashed, in no log, no answer and no backup in the clear |
| of a person | prompts, videos, publications, payments, addresses | read by their account alone, behind signed links with an end; deleted with the account or when their time is over |
| of strangers | trends and their texts | marked as such wherever they are shown, never an order |
| public | models, plans, what the server says of itself | none |

## Files that are taken in

| what | from where | kind | at most |
| --- | --- | --- | --- |
| a picture for a publication | what was uploaded in the chat, on Discord's own hosts | JPEG, PNG or WebP by its first bytes; drawn anew as JPEG | 8 MiB, 8192 pixels a side |
| a picture of a trend | the hosts of the platforms | the same | the same |
| a clip, a spoken line | the hosts of fal and Runway | MP4 or MP3 by its first bytes; never unpacked | 2 GiB, 5 minutes |

What is none of these is refused and leaves nothing. Files are served from their signed address under a type of ours; what has none is saved and not shown.

## Outside services

Discord, fal, Runway, Apify, Gemini, Google and YouTube, Stripe, the bucket, and Postgres: each has its address in a setting (\`.env.example\`), and without its key it is not asked. An address that somebody else names is fetched in two cases only: files, from the hosts above, and the document of a program that asks for access and whose id is an address of its own: from public addresses, over HTTPS, without redirects, 64 KiB and 5 seconds at most.

## The log

JSON lines on standard error, in UTC, without secrets; the operator collects and keeps them. \`defect\` has the reference that a person was shown, \`signed in\` says who came in, \`request refused\` who was turned away, where and why. What was written, spent, published or destroyed stands in the table \`audit_log\`, which refuses every change. \`LOG_LEVEL\` says how much there is.
`;

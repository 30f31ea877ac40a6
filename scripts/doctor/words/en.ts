const list = (names: readonly string[]): string => names.join(', ');

/** What the doctor says in English. */
export const en = {
  /** What stands before the name of a check. */
  states: {
    ok: 'ok',
    missing: 'missing',
    failed: 'FAILED',
    warning: 'warning',
    sandbox: 'sandbox',
  },
  switchesOff: 'Switches off: ',
  howToGetIt: 'What to do: ',
  goLive: 'To go live: ',
  colon: ': ',
  names: {
    settings: 'Settings',
    database: 'Database',
    storage: 'Storage',
    disk: 'Disk',
    codecs: 'Codecs',
    web: 'Public address',
    discord: 'Discord',
    fal: 'fal (video)',
    runway: 'Runway (video)',
    apify: 'Apify (trends)',
    gemini: 'Gemini (texts)',
    youtube: 'YouTube',
    stripe: 'Stripe (plans)',
    mail: 'Mail (SMTP)',
    signIn: 'Sign-in (web)',
    clock: 'Clock',
  },
  allWell: (p: { checks: number }): string =>
    `${p.checks} checks; nothing that is configured is out of order.`,
  someFailed: (p: { failed: readonly string[]; checks: number }): string =>
    `${p.failed.length} of ${p.checks} checks failed: ${list(p.failed)}.`,

  services: {
    discord: {
      off: 'The bot in servers and direct messages.',
      get: 'Discord developer portal: New Application, Bot, Reset Token. Set DISCORD_TOKEN and DISCORD_APPLICATION_ID.',
    },
    fal: {
      off: "Videos of all models but Runway's own.",
      get: 'fal.ai dashboard, Keys, with credit on the account. Set FAL_KEY and PUBLIC_URL.',
    },
    runway: {
      off: 'Videos of the model "runway".',
      get: 'Runway developer portal, API keys, with credits. Set RUNWAYML_API_SECRET.',
    },
    apify: {
      off: 'Trend search and watches.',
      get: 'Apify console, Settings, API & Integrations. Set APIFY_TOKEN.',
    },
    gemini: {
      off: 'The agent that you talk with; explanations, prompts and titles are written by rules instead.',
      get: 'Google AI Studio, Get API key. Set GOOGLE_GENERATIVE_AI_API_KEY.',
    },
    youtube: {
      off: 'Connecting channels and publishing.',
      get: 'Google Cloud console: enable YouTube Data API v3 and make an OAuth client "Web application". Set GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET.',
    },
    stripe: {
      off: 'Paid plans and packs; everybody has the free units.',
      get: 'Stripe dashboard: API keys, a webhook endpoint and prices, as docs/billing.md says. Set STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET and STRIPE_PRICE_*.',
    },
    mail: {
      off: 'Signing up with an e-mail address, new passwords by mail, and mails about changes of an account.',
      get: 'Your mail provider, SMTP access: host, port, user and password. Set SMTP_URL (smtp://user:password@host:587) and MAIL_FROM, an address that the provider lets you write from.',
    },
  },
  sandbox: (): string => 'An emulator on this machine.',
  notSet: (p: { names: readonly string[] }): string => `Not set: ${list(p.names)}.`,
  halfSet: (p: { lacks: readonly string[] }): string =>
    `Half set: ${list(p.lacks)} is missing, so the rest is not used.`,
  setRest: (p: { lacks: readonly string[] }): string => `Set ${list(p.lacks)} as well.`,
  keyAccepted: (p: { host: string }): string => `${p.host} accepts the key.`,
  refused: (p: { host: string; names: readonly string[]; status: number }): string =>
    `${p.host} does not accept ${list(p.names)} (${p.status}).`,
  unusable: (p: { names: readonly string[] }): string =>
    `${list(p.names)} holds characters that no key has.`,
  copyAgain: (p: { get: string }): string => `Copy it anew: ${p.get}`,
  silent: (p: { host: string; code: string }): string => `${p.host} was not reached (${p.code}).`,
  lookAtNetwork: (p: { host: string }): string =>
    `See that this machine may connect to ${p.host}: network, DNS, proxy, firewall.`,
  busy: (p: { host: string }): string => `${p.host} is busy and did not look at the key (429).`,
  later: (): string => 'Run this again in some minutes.',
  broken: (p: { host: string; status: number }): string =>
    `${p.host} answers with an error of its own (${p.status}).`,
  strange: (p: { host: string; status: number }): string =>
    `${p.host} gives an answer that was not expected (${p.status}).`,
  lookAtAddress: (): string =>
    'See whether the address in the settings (..._URL) is right, or update Jilo.',
  tooSlow: (p: { seconds: number }): string => `No end within ${p.seconds} s.`,
  lookAtSlow: (): string => 'Run this again; if it stays, look at the network and at this machine.',
  brokeOff: (p: { code: string }): string => `The check broke off (${p.code}).`,

  settingsWrong: (): string =>
    'Correct them in .env or in the environment; .env.example lists all.',
  nothingStarts: (): string => 'Everything: Jilo does not start with them.',
  production: (): string => 'Production: nothing is emulated, and JILO_SECRET is set.',
  development: (p: { secret: boolean }): string =>
    p.secret
      ? 'Not production: what has no key is emulated. JILO_SECRET is set.'
      : 'Not production: what has no key is emulated. The secret is created once in the data folder.',
  publicButEmulated: (): string =>
    'PUBLIC_URL is open to others, and NODE_ENV is not production: they meet emulators wherever a key is missing.',
  setProduction: (): string => 'Set NODE_ENV=production and JILO_SECRET (openssl rand -base64 32).',

  databaseFine: (p: { version: string; migrations: number }): string =>
    `Postgres ${p.version}, all ${p.migrations} migrations applied.`,
  databaseOff: (): string => 'Everything.',
  databaseSilent: (p: { code: string }): string => `The database was not reached (${p.code}).`,
  lookAtDatabase: (): string => 'See whether Postgres runs, and whether DATABASE_URL is right.',
  databaseOld: (p: { version: string }): string => `Postgres ${p.version} is too old.`,
  updateDatabase: (): string => 'Use Postgres 15 or newer.',
  behind: (p: { applied: number; wanted: number }): string =>
    `${p.applied} of ${p.wanted} migrations are applied.`,
  behindOff: (): string => 'What needs them, until Jilo starts and applies them.',
  migrate: (): string => 'npm run migrate',
  ahead: (p: { applied: number; wanted: number }): string =>
    `The database has a newer schema (${p.applied} migrations) than this Jilo (${p.wanted}), which does not start on it.`,
  updateJilo: (): string =>
    'Start the newer version, or restore a backup into a new database (docs/deploying.md).',
  foreign: (p: { migration: number }): string =>
    `The database has a schema that this Jilo never had (migration ${p.migration} differs), so it does not start on it.`,
  useOtherDatabase: (): string =>
    'Start the version that made it, or use another DATABASE_URL or JILO_DATA_DIR.',
  databaseClock: (p: { seconds: number }): string =>
    `The clocks of the database and of this machine differ by ${p.seconds} s.`,
  databaseClockOff: (): string => 'Turns, deadlines and limits are off by as much.',

  afterDatabase: (): string => 'Not looked at: the database comes first.',
  storageFine: (p: { place: string }): string =>
    `A small file was written, read and deleted in ${p.place}.`,
  storageOff: (): string => 'Keeping clips, finished videos, pictures and charts.',
  storageChanged: (p: { place: string }): string =>
    `${p.place} gave back something else than was written.`,
  storageRefused: (p: { place: string }): string => `${p.place} does not let us in.`,
  storageSilent: (p: { place: string; code: string }): string =>
    `${p.place} does not take a file (${p.code}).`,
  storageFull: (p: { place: string }): string => `${p.place} is full.`,
  lookAtStorage: (): string =>
    'See STORAGE_URL, S3_ENDPOINT, S3_REGION and the keys: they must read, write and delete; for a folder, its owner and rights.',
  diskFine: (p: { gigabytes: string }): string => `${p.gigabytes} GB free in JILO_DATA_DIR.`,
  diskLow: (p: { gigabytes: string }): string => `Only ${p.gigabytes} GB free in JILO_DATA_DIR.`,
  diskOff: (): string => 'Assembly of videos waits when there is no room left.',
  diskMore: (): string =>
    'Make room for 5 GB or more, or set VIDEO_RETENTION_DAYS, or keep files in a bucket (STORAGE_URL).',
  diskClosed: (p: { code: string }): string => `JILO_DATA_DIR cannot be written (${p.code}).`,
  diskOwn: (): string => 'Give the folder to the user that Jilo runs as.',
  codecsFine: (): string => 'H.264 and AAC encode and decode.',
  codecsOff: (): string => 'Joining clips to a finished video, posters and captions.',
  codecsWrong: (): string => 'H.264 or AAC could not be encoded.',
  codecsGet: (): string =>
    'npm ci on this machine; the FFmpeg of the package node-av has to fit its processor and system.',

  webLocal: (p: { url: string }): string => `Only this machine reaches ${p.url}.`,
  webLocalOff: (): string =>
    'Callbacks: results of fal come a minute later by asking, payments of Stripe in the next night; links do not open elsewhere.',
  webSandboxOff: (): string => 'Links do not open on other machines.',
  webGet: (): string =>
    'A host name with HTTPS (a reverse proxy or a tunnel) that leads to PORT. Set PUBLIC_URL to it.',
  webPlain: (p: { url: string }): string => `${p.url} is no HTTPS address that others reach.`,
  webFine: (p: { url: string }): string => `${p.url} leads to this Jilo, as seen from here.`,
  webOther: (p: { url: string }): string =>
    `${p.url} leads to a Jilo, but not to the one on this data folder.`,
  webOtherGet: (): string =>
    'All right where several run on one database; else see where the proxy leads.',
  webNotOurs: (p: { url: string }): string => `What answers at ${p.url} is no Jilo.`,
  webDown: (p: { url: string }): string => `The Jilo at ${p.url} has no database.`,
  webSilent: (p: { url: string; code: string }): string =>
    `A Jilo runs here, but ${p.url} does not lead to it (${p.code}).`,
  webNotRunning: (p: { url: string }): string =>
    `Nothing answers at ${p.url}, and no Jilo runs on this data folder.`,
  webStart: (): string => 'Start it (npm start) and run this again beside it.',
  webLead: (): string => 'See DNS, certificate, firewall and where the proxy leads.',

  clockFine: (p: { seconds: number }): string =>
    `Within ${p.seconds} s of the services that answered.`,
  clockNoOne: (): string => 'No outside service was asked, so there is nothing to compare with.',
  clockOff: (p: { seconds: number; host: string; isAhead: boolean }): string =>
    `This machine is ${p.seconds} s ${p.isAhead ? 'ahead of' : 'behind'} ${p.host}.`,
  clockSwitches: (): string =>
    'Signed callbacks of fal and Stripe, S3 and sign-in are refused when clocks differ.',
  clockGet: (): string =>
    'Let this machine take its time from the network (timedatectl set-ntp true).',

  runwayFine: (p: { credits: number }): string => `The key is accepted; ${p.credits} credits.`,
  runwayEmpty: (): string => 'The key is accepted, but there are no credits.',
  runwayBuy: (): string => 'Buy credits in the Runway developer portal.',
  apifyFine: (p: { user: string; plan: string }): string =>
    `The token is accepted: account ${p.user}, plan ${p.plan}.`,
  geminiFine: (p: { model: string }): string => `The key is accepted, and it may use ${p.model}.`,
  geminiModel: (p: { model: string }): string =>
    `The key is accepted, but there is no model ${p.model} for it.`,
  geminiSet: (): string => 'Set GEMINI_MODEL to a model that Google AI Studio lists.',
  falKeys: (p: { host: string }): string =>
    `The keys that signed callbacks are checked with do not come from ${p.host}.`,
  falKeysOff: (): string => 'Callbacks of fal; results come a minute later by asking.',
  discordFine: (p: { name: string; servers: number }): string =>
    `The bot ${p.name} is in ${p.servers} servers; it needs no privileged intent.`,
  discordNowhere: (p: { name: string }): string => `The bot ${p.name} is in no server yet.`,
  discordInvite: (p: { url: string }): string => `Invite it: ${p.url}`,
  discordOtherId: (): string =>
    'DISCORD_APPLICATION_ID is not that of the application that DISCORD_TOKEN belongs to.',
  discordSetId: (p: { id: string }): string => `Set DISCORD_APPLICATION_ID=${p.id}`,
  discordEndpoint: (): string =>
    'The application sends its interactions to an address, so commands never reach the bot.',
  discordClear: (): string =>
    'Discord developer portal, General Information: empty "Interactions Endpoint URL".',
  discordUsedUp: (): string => 'Discord allows the bot no further connection today.',
  discordWait: (): string => 'Wait until tomorrow, and see why it connects so often.',
  youtubeFine: (): string =>
    'Google accepts the client, and the last video to be seen by others is seen by them.',
  youtubeClient: (): string => 'GOOGLE_CLIENT_ID does not end in .apps.googleusercontent.com.',
  youtubeRedirect: (p: { url: string }): string =>
    `Google does not take ${p.url} as a redirect: it must be HTTPS with a host name, or this machine itself.`,
  youtubeUnknown: (p: { url: string }): string =>
    `Google accepts the client (its redirect must be ${p.url}). Whether uploads stay private shows only with one: a project that YouTube has not audited has them all locked private.`,
  youtubeLocked: (): string =>
    'Google accepts the client, but the last video that others should see was locked private: YouTube has not audited the project.',
  youtubeLockedOff: (): string => 'Public and unlisted videos; uploads stay private.',
  youtubeApply: (): string =>
    'Apply for the audit: support.google.com/youtube/contact/yt_api_form; it is free.',
  youtubeThumbnail: (): string =>
    'YouTube refused the last preview picture: the channel has no right to pictures of its own.',
  youtubeThumbnailOff: (): string => 'Preview pictures of your own; YouTube picks one.',
  youtubeVerify: (): string => 'Its owner confirms a telephone number at youtube.com/verify.',

  signInFine: (p: { provider: string; url: string }): string =>
    `People may sign in with ${p.provider}, which must know ${p.url} as a redirect.`,
  signInOff: (p: { provider: string }): string => `Sign-in with ${p.provider} is off.`,
  signInGet: {
    google: (p: { url: string }): string =>
      `Google Cloud console, the OAuth client "Web application": add the redirect ${p.url}. Set GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET.`,
    discord: (p: { url: string }): string =>
      `Discord developer portal, OAuth2: add the redirect ${p.url}, and Reset Secret. Set DISCORD_APPLICATION_ID and DISCORD_CLIENT_SECRET.`,
  },

  mailFine: (p: { host: string; signsIn: boolean }): string =>
    p.signsIn ? `${p.host} lets us in; no mail was sent.` : `${p.host} answers; no mail was sent.`,
  mailPlain: (p: { host: string; code: string }): string =>
    `${p.host} offers no TLS that can be trusted (${p.code}), so nothing is said to it.`,
  mailEncrypt: (): string =>
    'Use a server with STARTTLS (smtp://) or TLS (smtps://) and a certificate for the name in SMTP_URL; smtps:// usually has port 465, smtp:// port 587.',

  stripeFine: (p: { prices: number; mode: string }): string =>
    `The key is accepted (${p.mode} mode), ${p.prices} prices fit, and the webhook endpoint is right.`,
  stripeModes: { live: 'live', test: 'test' },
  stripeTest: (): string => 'The key is one of test mode in production: nobody really pays.',
  stripeTestGet: (): string => 'Set the live key, its webhook secret and its prices.',
  stripeNoPrice: (p: { settings: readonly string[] }): string =>
    `Not set, so not offered: ${list(p.settings)}.`,
  stripePriceGone: (p: { setting: string }): string => `${p.setting}: Stripe knows no such price.`,
  stripePriceArchived: (p: { setting: string }): string => `${p.setting}: the price is archived.`,
  stripePriceMonthly: (p: { setting: string }): string =>
    `${p.setting}: the price does not recur each month.`,
  stripePriceOnce: (p: { setting: string }): string =>
    `${p.setting}: the price is not one that is paid once.`,
  stripePricesOff: (p: { products: readonly string[] }): string => `Buying ${list(p.products)}.`,
  stripePricesGet: (): string =>
    'Stripe dashboard, Product catalogue: monthly prices for plans, one-time prices for packs; put their ids into the settings.',
  stripeNoHook: (p: { url: string }): string => `No webhook endpoint leads to ${p.url}.`,
  stripeHookDisabled: (p: { url: string }): string => `The webhook endpoint ${p.url} is disabled.`,
  stripeHookEvents: (p: { events: readonly string[] }): string =>
    `The webhook endpoint lacks the events ${list(p.events)}.`,
  stripeHookVersion: (p: { is: string; wanted: string }): string =>
    `The webhook endpoint speaks API version ${p.is}, not ${p.wanted}.`,
  stripeHookUnread: (): string =>
    'The key may not read webhook endpoints, so they were not looked at.',
  stripeHookLocal: (): string => 'Without PUBLIC_URL Stripe cannot tell us of payments.',
  stripeHookOff: (): string => 'Hearing of payments at once; they come in the next night.',
  stripeHookGet: (p: { url: string; version: string }): string =>
    `Stripe dashboard, Webhooks: an enabled endpoint ${p.url} of API version ${p.version} with the events of docs/billing.md.`,
  stripeHookRead: (): string =>
    'Give the key the right to read webhook endpoints, or compare the endpoint with docs/billing.md yourself.',
};

export type DoctorWords = typeof en;

type None = Record<never, never>;

/** The English catalogue: it declares the keys and parameters that every other language must have. */
export const en = {
  faults: {
    invalid_input: {
      message: (p: { problems: string }) => `That input does not fit: ${p.problems}`,
      next: (_: { problems: string }) => 'Correct the named field and send it again.',
    },
    unknown_operation: {
      message: (p: { name: string }) => `There is no operation called "${p.name}".`,
      next: (_: { name: string }) => 'Run it without a name to see the list of operations.',
    },
    not_found: {
      message: (p: { what: string; id: string }) =>
        `There is no ${p.what} "${p.id}" in your account.`,
      next: (_: { what: string; id: string }) => 'Check the id, or list what you have.',
    },
    approval_required: {
      message: (p: { title: string; link: string | null; id: string }) =>
        `A person has to approve this first: ${p.title}`,
      next: (p: { title: string; link: string | null; id: string }) =>
        p.link
          ? `Ask the person to open ${p.link} and decide, then send exactly the same call again.`
          : `Ask the person to decide on approval ${p.id}, then send exactly the same call again.`,
    },
    approval_refused: {
      message: (_: None) => 'This was declined, so nothing was started.',
      next: (_: None) => 'Change what was asked for, or leave it.',
    },
    approval_not_valid: {
      message: (_: None) =>
        'This approval cannot be used: it is unknown, expired, used up, or made for something else.',
      next: (_: None) => 'Ask for the action again to get a new approval.',
    },
    quota_short: {
      message: (p: { needed: number; available: number }) =>
        `Not enough quota: this needs ${p.needed} and ${p.available} is left this month.`,
      next: (_: { needed: number; available: number }) =>
        'Upgrade the plan, or wait until the quota renews next month.',
    },
    quote_expired: {
      message: (_: None) => 'This quote has expired.',
      next: (_: None) => 'Ask for a new quote with video_quote; prices may have changed.',
    },
    content_refused: {
      message: (_: None) => "The provider's safety rules refused this request.",
      next: (_: None) => 'Describe the idea in other words and try again.',
    },
    provider_busy: {
      message: (p: { provider: string }) => `${p.provider} is busy right now.`,
      next: (_: { provider: string }) =>
        'Nothing to do: it is tried again by itself; or try later.',
    },
    provider_failed: {
      message: (p: { provider: string }) => `${p.provider} could not do this.`,
      next: (_: { provider: string }) => 'Try again, or choose another model or source.',
    },
    provider_locked: {
      message: (p: { provider: string }) =>
        `${p.provider} does not accept our account at the moment.`,
      next: (_: { provider: string }) =>
        'The operator has to check the key and the balance. Nothing is wrong with your request.',
    },
    service_missing: {
      message: (p: { service: string }) => `${p.service} is not set up on this server.`,
      next: (_: { service: string }) => 'The operator has to add its key; see .env.example.',
    },
    channel_missing: {
      message: (_: None) => 'No YouTube channel is connected.',
      next: (_: None) => 'Connect one with channel_connect.',
    },
    channel_reconnect: {
      message: (p: { channel: string }) => `YouTube no longer accepts our access to ${p.channel}.`,
      next: (_: { channel: string }) => 'Connect the channel again with channel_connect.',
    },
    channel_scope_missing: {
      message: (p: { scopes: string }) => `The permission to publish was not granted: ${p.scopes}.`,
      next: (_: { scopes: string }) => 'Connect again and leave every box ticked.',
    },
    publication_refused: {
      message: (p: { reason: string }) => `YouTube refused the video: ${p.reason}.`,
      next: (_: { reason: string }) => 'Correct it and publish again.',
    },
    not_ready: {
      message: (p: { what: string; status: string }) =>
        `This ${p.what} is not ready: it is ${p.status}.`,
      next: (_: { what: string; status: string }) => 'Wait until it is ready, then try again.',
    },
    link_not_valid: {
      message: (_: None) => 'This link is not valid, or it has expired.',
      next: (_: None) => 'Ask for a new one.',
    },
    storage_full: {
      message: (_: None) => 'There is no space left to store files.',
      next: (_: None) =>
        'The operator has to free disk space; the work goes on by itself afterwards.',
    },
    database_down: {
      message: (_: None) => 'The database cannot be reached.',
      next: (_: None) =>
        'The operator has to check DATABASE_URL and the database server; try again after that.',
    },
    internal: {
      message: (p: { reference: string }) => `Something broke on our side. Ref ${p.reference}`,
      next: (_: { reference: string }) =>
        'Try again; if it happens again, give the reference to the operator.',
    },
  },
};

export type FaultMessages = (typeof en)['faults'];

/** The shape that each language fills: the same keys, the same parameters. */
export type Catalogue = typeof en;

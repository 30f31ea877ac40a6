/** What a person reads when something did not work: the reason, and what to do next. */
export type FaultWords = { readonly message: string; readonly next: string };

/** The English catalogue: it declares the keys and parameters that every other language must have. */
export const en = {
  faults: {
    invalid_input: (p: { problems: string }): FaultWords => ({
      message: `That input does not fit: ${p.problems}`,
      next: 'Correct the named field and send it again.',
    }),
    unknown_operation: (p: { name: string; known: string }): FaultWords => ({
      message: `There is no operation called "${p.name}".`,
      next: `The operations are: ${p.known}.`,
    }),
    not_found: (p: { what: string; id: string }): FaultWords => ({
      message: `There is no ${p.what} "${p.id}" in your account.`,
      next: 'Check the id, or list what you have.',
    }),
    approval_required: (p: { title: string; id: string; link: string | null }): FaultWords => ({
      message: `A person has to approve this first: ${p.title}`,
      next: p.link
        ? `Ask the person to open ${p.link} and decide, then send exactly the same call again.`
        : `Ask the person to decide on approval ${p.id}, then send exactly the same call again.`,
    }),
    approval_refused: (): FaultWords => ({
      message: 'This was declined, so nothing was started.',
      next: 'Change what was asked for, or leave it.',
    }),
    approval_not_valid: (): FaultWords => ({
      message:
        'This approval cannot be used: it is unknown, expired, used up, or made for something else.',
      next: 'Ask for the action again to get a new approval.',
    }),
    quota_short: (p: { needed: number; available: number }): FaultWords => ({
      message: `Not enough quota: this needs ${p.needed} and ${p.available} is left this month.`,
      next: 'Upgrade the plan, or wait until the quota renews next month.',
    }),
    quote_expired: (): FaultWords => ({
      message: 'This quote has expired.',
      next: 'Ask for a new one with video_quote; the price may have changed.',
    }),
    content_refused: (): FaultWords => ({
      message: "The provider's safety rules refused this request.",
      next: 'Describe the idea in other words and try again.',
    }),
    provider_busy: (p: { provider: string }): FaultWords => ({
      message: `${p.provider} is busy right now.`,
      next: 'Try again a little later; work that is already running goes on by itself.',
    }),
    provider_failed: (p: { provider: string }): FaultWords => ({
      message: `${p.provider} could not do this.`,
      next: 'Try again, or choose another model or source.',
    }),
    provider_locked: (p: { provider: string }): FaultWords => ({
      message: `${p.provider} does not accept our account at the moment.`,
      next: 'The operator has to check its key and balance; nothing is wrong with your request.',
    }),
    service_missing: (p: { service: string }): FaultWords => ({
      message: `${p.service} is not set up on this server.`,
      next: 'The operator has to add its key; .env.example names it.',
    }),
    channel_missing: (): FaultWords => ({
      message: 'No YouTube channel is connected.',
      next: 'Connect one with channel_connect.',
    }),
    channel_reconnect: (p: { channel: string }): FaultWords => ({
      message: `YouTube no longer accepts our access to ${p.channel}.`,
      next: 'Connect the channel again with channel_connect.',
    }),
    channel_scope_missing: (p: { scopes: string }): FaultWords => ({
      message: `The permission to publish was not granted: ${p.scopes}.`,
      next: 'Connect again and leave every box ticked.',
    }),
    publication_refused: (p: { reason: string }): FaultWords => ({
      message: `YouTube refused the video: ${p.reason}.`,
      next: 'Correct it and publish again.',
    }),
    not_ready: (p: { what: string; status: string }): FaultWords => ({
      message: `This ${p.what} is not ready: it is ${p.status}.`,
      next: 'Wait until it is ready, then try again.',
    }),
    link_not_valid: (): FaultWords => ({
      message: 'This link is not valid, or it has expired.',
      next: 'Ask for a new one.',
    }),
    storage_full: (): FaultWords => ({
      message: 'There is no space left to store files.',
      next: 'The operator has to free disk space; waiting work goes on by itself afterwards.',
    }),
    database_down: (): FaultWords => ({
      message: 'The database cannot be reached.',
      next: 'The operator has to check DATABASE_URL and the server behind it; then try again.',
    }),
    internal: (p: { reference: string }): FaultWords => ({
      message: `Something broke on our side. Ref ${p.reference}`,
      next: 'Try again; if it happens again, give the reference to the operator.',
    }),
  },
};

/** The shape that each language fills: the same keys, the same parameters. */
export type Catalogue = typeof en;

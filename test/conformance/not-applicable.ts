/** Scenarios of the official suite that do not apply, and why; `docs/mcp-conformance.md` says the same. */
export const notApplicable: ReadonlyMap<string, string> = new Map([
  [
    'logging-set-level',
    'Jilo sends no log messages to clients: an answer says what a person needs, and the protocol of 2026 gives logging up.',
  ],
  ['tools-call-with-logging', 'The same: no log messages are sent.'],
  [
    'tools-call-sampling',
    "Jilo never borrows the client's model: its own writes and explains, and the protocol of 2026 gives sampling up.",
  ],
  [
    'resources-subscribe',
    'Over HTTP of 2025 a process would have to remember who listens; over stdio and over HTTP of 2026 (`subscriptions/listen`) changes are told.',
  ],
  ['resources-unsubscribe', 'The same: over HTTP of 2025 there is nothing to give up.'],
  [
    'server-sse-polling',
    'An answer that was cut off is not replayed from the middle: no process keeps it. The call is sent again, and a paid one happens once.',
  ],
]);

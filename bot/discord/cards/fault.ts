import type { APIButtonComponent } from 'discord-api-types/v10';

import { faultWords, isFault, type Fault, type FaultCode } from '../../../core/fault.ts';
import { catalogue } from '../../../core/messages/catalogue.ts';
import { commonWords } from '../../../core/messages/cards/common.ts';
import { actionId } from '../action-id.ts';
import type { Draw } from '../draw.ts';
import { accents, button, card, cut, row, text, type View } from '../view.ts';
import { moment, small } from './format.ts';

/** Ids of buttons that whoever shows a fault can offer. */
export type FaultButtons = {
  /** Opens the form again, with what was typed. */
  readonly edit?: string;
  /** Asks for the same thing once more. */
  readonly again?: string;
  /** Asks for it in the wording that was suggested. */
  readonly reword?: string;
  /** Whether plans and packs can be bought here. */
  readonly hasPlans?: boolean;
};

type Words = (typeof commonWords)['en']['fault'];

/** What a person does next: a button of the caller's, one that opens something, or what the text says. */
type Step =
  | 'edit'
  | 'again'
  | 'read'
  | 'list'
  | {
      readonly opens: string;
      readonly args?: readonly string[];
      readonly label: keyof Words;
      readonly emoji: string;
    };

const connect: Step = { opens: 'channel-connect', label: 'connect', emoji: '📺' };

const steps: Record<FaultCode, Step> = {
  invalid_input: 'edit',
  content_refused: { opens: 'prompt-edit', label: 'newIdea', emoji: '✏️' },
  prompt_refused: { opens: 'prompt-edit', label: 'newIdea', emoji: '✏️' },
  publication_refused: 'edit',
  thumbnail_not_allowed: 'read',
  not_found: 'list',
  approval_not_valid: 'again',
  provider_busy: 'again',
  provider_failed: 'again',
  run_timed_out: 'again',
  run_aborted: 'again',
  search_limit: 'read',
  watch_limit: 'read',
  token_limit: 'read',
  not_ready: 'again',
  publication_running: 'again',
  internal: 'again',
  rate_limited: 'again',
  daily_cap: { opens: 'account-show', label: 'limit', emoji: '📅' },
  quota_short: { opens: 'quota-show', label: 'quota', emoji: '🔋' },
  quote_expired: { opens: 'prompt-edit', label: 'newQuote', emoji: '🔄' },
  channel_missing: connect,
  channel_reconnect: connect,
  channel_scope_missing: connect,
  channel_access_missing: {
    opens: 'channel-connect',
    args: ['manage'],
    label: 'allow',
    emoji: '📺',
  },
  unknown_operation: 'read',
  approval_required: 'read',
  approval_refused: 'read',
  provider_locked: 'read',
  service_missing: 'read',
  already_over: 'read',
  no_free_retry: 'read',
  cancel_first: 'read',
  server_missing: 'read',
  server_manager_only: 'read',
  already_paid: { opens: 'quota-show', label: 'quota', emoji: '🔋' },
  plan_missing: { opens: 'plans-show', label: 'plans', emoji: '⬆️' },
  packs_short: { opens: 'quota-show', label: 'quota', emoji: '🔋' },
  payer_changed: 'again',
  account_deleted: 'read',
  account_merged: 'read',
  merge_same_account: 'read',
  merge_both_paid: { opens: 'plans-show', label: 'plans', emoji: '⬆️' },
  merge_under_way: 'read',
  merge_changed: 'read',
  deletion_plan: { opens: 'plans-show', label: 'plans', emoji: '⬆️' },
  deletion_checkout: 'read',
  deletion_running: 'read',
  deletion_held: 'read',
  link_not_valid: 'read',
  not_yours: 'read',
  button_outdated: 'read',
  channel_not_allowed: 'read',
  role_not_allowed: 'read',
  agent_limit: 'read',
  chat_closed: 'read',
  storage_full: 'read',
  database_down: 'read',
};

/** What did not work: the reason, whether anything was charged, and the way on. */
export function presentFault(
  fault: Fault,
  reference: string | null,
  draw: Draw,
  buttons: FaultButtons = {},
): View {
  const words = commonWords[draw.locale].fault;
  const { message, next } = faultWords(catalogue(draw.locale), fault.code, fault.params);
  const seconds = fault.retryAfterSeconds;
  const isNamed = reference === null || message.includes(reference);
  const shown = buttonsOf(fault, draw, buttons);
  return card(accentOf(fault), [
    text(`### ${headingOf(fault, words)}\n${plain(message)}`),
    text(plain(nextOf(fault.code, words) ?? next)),
    ...(isFault(fault, 'quota_short') ? renewalPart(fault, words) : []),
    ...smallPrint(
      moneyOf(fault, words),
      seconds === undefined ? null : words.retryIn({ seconds: Math.ceil(seconds) }),
      isNamed ? null : words.reference({ reference }),
    ),
    ...(shown.length > 0 ? [row(...shown)] : []),
  ]);
}

const smallPrint = (...facts: readonly (string | null)[]) =>
  facts.some((fact) => fact !== null) ? [text(small(...facts))] : [];

/** A refused prompt says so in its own sentence. */
function moneyOf({ code, charged }: Fault, words: Words): string | null {
  if (code === 'prompt_refused') return null;
  return charged ? words.charged : words.notCharged;
}

/** When the units of the next month come, as each reader's own clock has it. */
const renewalPart = ({ params }: Fault<'quota_short'>, words: Words) =>
  params.renewsAt === null ? [] : [text(words.renews({ when: moment(params.renewsAt) }))];

/** More can be had in two ways: each month, or now. */
const planButtons = ({ owner }: Draw, words: Words): APIButtonComponent[] => [
  button(actionId('plans-show', owner), { label: words.upgrade, emoji: '⬆️' }, 'primary'),
  button(actionId('plans-show', owner, 'packs'), { label: words.packs, emoji: '📦' }),
  button(actionId('quota-show', owner), { label: words.quota, emoji: '🔋' }),
];

function buttonsOf(fault: Fault, draw: Draw, ids: FaultButtons): APIButtonComponent[] {
  const words = commonWords[draw.locale].fault;
  if (fault.code === 'quota_short' && ids.hasPlans) return planButtons(draw, words);
  const first = isFault(fault, 'prompt_refused')
    ? refusedButton(fault, draw, ids)
    : buttonOf(fault, draw, ids);
  const second = ids.reword
    ? button(ids.reword, { label: words.reword, emoji: '🛟' }, 'success')
    : null;
  return [first, second].filter((shown) => shown !== null);
}

/** A refused prompt is changed in its editor, another refused text where it was filled in. */
function refusedButton(
  { params }: Fault<'prompt_refused'>,
  draw: Draw,
  { edit }: FaultButtons,
): APIButtonComponent | null {
  const words = commonWords[draw.locale].fault;
  if (params.field === 'prompt') {
    const id = edit ?? actionId('prompt-edit', draw.owner);
    return button(id, { label: words.newIdea, emoji: '✏️' }, 'primary');
  }
  return edit ? button(edit, { label: words.edit, emoji: '✏️' }, 'primary') : null;
}

/** Names from outside may stand in a sentence: nothing in it is a link or a block; channels stay links. */
const plain = (sentence: string): string =>
  cut(sentence, 850)
    .replaceAll(/[\\*~`|[\]]/gu, (mark) => `\\${mark}`)
    .replaceAll(/\s+/gu, ' ');

/** Sentences that name a tool of models have a wording of their own for people. */
const nextOf = (code: FaultCode, words: Words): string | undefined =>
  new Map<string, string>(Object.entries(words.next)).get(code);

/** What goes by itself if the person waits a little. */
const soon = new Set<FaultCode>(['provider_busy', 'rate_limited']);

function headingOf(fault: Fault, words: Words): string {
  if (fault.code === 'internal') return `⚠️ ${words.brokenHeading}`;
  return soon.has(fault.code) ? `⏳ ${words.busyHeading}` : `⚠️ ${words.heading}`;
}

function accentOf({ code }: Fault): number {
  if (code === 'internal') return accents.bad;
  return soon.has(code) || code === 'quota_short' ? accents.waiting : accents.quiet;
}

function buttonOf(fault: Fault, draw: Draw, ids: FaultButtons): APIButtonComponent | null {
  const words = commonWords[draw.locale].fault;
  const step = steps[fault.code];
  if (step === 'list') return listButton(fault, draw);
  if (step === 'edit')
    return ids.edit ? button(ids.edit, { label: words.edit, emoji: '✏️' }, 'primary') : null;
  if (step === 'again')
    return ids.again ? button(ids.again, { label: words.again, emoji: '🔄' }, 'primary') : null;
  if (step === 'read') return null;
  const label = words[step.label];
  if (typeof label !== 'string') throw new Error(`${step.label} is no label`);
  // Where it is known what was asked for, that is what opens.
  const id = fault.code === 'quote_expired' ? ids.edit : undefined;
  return button(
    id ?? actionId(step.opens, draw.owner, ...(step.args ?? [])),
    { label, emoji: step.emoji },
    'primary',
  );
}

/** Where the things of that kind are listed. */
function listButton(fault: Fault, { owner, locale }: Draw): APIButtonComponent | null {
  if (!isFault(fault, 'not_found')) return null;
  const words = commonWords[locale].fault;
  switch (fault.params.what) {
    case 'video':
      return button(actionId('videos-show', owner), { label: words.videos, emoji: '🎬' });
    case 'publication':
      return button(actionId('publications-show', owner), {
        label: words.publications,
        emoji: '📋',
      });
    case 'channel':
      return button(actionId('channels-show', owner), { label: words.channels, emoji: '📺' });
    case 'prompt':
    case 'quote':
      return button(actionId('prompt-edit', owner), { label: words.newIdea, emoji: '✏️' });
    default:
      return null;
  }
}

import type { APIComponentInContainer } from 'discord-api-types/v10';

import type { PendingApproval } from '../../../core/consent/decide.ts';
import { isModelSurface } from '../../../core/context.ts';
import { formatMoment } from '../../../core/local-time.ts';
import { catalogue, type Locale } from '../../../core/messages/catalogue.ts';
import { commonWords } from '../../../core/messages/cards/common.ts';
import type { AnyOperation } from '../../../core/operation.ts';
import { actionId } from '../action-id.ts';
import type { Draw } from '../draw.ts';
import { accents, button, card, row, select, separator, text, type View } from '../view.ts';
import { moment, quoted, small } from './format.ts';

/** A field that the deciding person fills in, with what is chosen now. */
export type ConsentChoice = {
  readonly field: string;
  readonly options: readonly string[];
  readonly value: string;
};

/** `program`: one of the person's own, over MCP, which does by itself what is approved. */
type Asker = 'person' | 'agent' | 'program';

export function askerOf(surface: string): Asker {
  if (surface === 'mcp') return 'program';
  return isModelSurface(surface) ? 'agent' : 'person';
}

export type ConsentCard = {
  readonly approval: Pick<PendingApproval, 'id' | 'input' | 'preview' | 'expiresAt'>;
  readonly operation: Pick<AnyOperation, 'name' | 'effect'>;
  readonly askedBy: Asker;
  /** Empty where the person has filled everything in before. */
  readonly choices: readonly ConsentChoice[];
};

/** What is to be done, what it takes and what is left then, and until when it can be decided. */
export function presentConsent(asked: ConsentCard, draw: Draw): View {
  const { approval, operation, askedBy, choices } = asked;
  const words = commonWords[draw.locale].consent;
  const until = moment(approval.expiresAt, 't');
  const { approve, decline } = catalogue(draw.locale).words;
  const [yes, no] = askedBy === 'program' ? [approve, decline] : [words.confirm, words.cancel];
  const confirm = actionId('consent-yes', draw.owner, approval.id);
  const style = operation.effect === 'destroy' ? 'danger' : 'success';
  return card(operation.effect === 'destroy' ? accents.bad : accents.waiting, [
    text(`### ${titleOf(asked, draw.locale)}`),
    ...(askedBy === 'agent' ? [text(small(words.askedByAgent))] : []),
    ...(askedBy === 'program' ? [text(small(words.askedByProgram))] : []),
    text(linesOf(asked, draw)),
    text(costOf(asked, draw.locale)),
    separator(),
    ...choices.map((choice) => choicePart(approval.id, choice, draw)),
    row(
      button(confirm, { label: yes, emoji: '✅' }, style),
      button(actionId('consent-no', draw.owner, approval.id), { label: no }),
    ),
    text(small(words.validUntil({ moment: until }))),
  ]);
}

function titleOf({ approval, operation }: ConsentCard, locale: Locale): string {
  const { title, lines } = approval.preview;
  const channel = lines.find(([label]) => label === catalogue(locale).words.channel)?.[1];
  return operation.name === 'publication_create' && channel !== undefined
    ? `📣 ${commonWords[locale].consent.publishTitle({ channel: quoted(channel, 100) })}`
    : quoted(title, 300);
}

/** Price and balance, told once and in words of their own. */
function costOf({ approval }: ConsentCard, locale: Locale): string {
  const { cost, lines } = approval.preview;
  const words = commonWords[locale].consent;
  if (cost === 0) return small(words.free);
  const { quotaAfter } = catalogue(locale).words;
  const after = lines.find(([label]) => label === quotaAfter)?.[1];
  const left = after === undefined ? '' : ` · ${quotaAfter}: **${quoted(after, 20)}**`;
  return `${words.cost({ units: cost })}${left}`;
}

const lineLimits = [500, 250, 120, 60, 30];
const mostLetters = 2600;

/** Label and value of everything that is approved; long values give way until all fit. */
function linesOf(asked: ConsentCard, draw: Draw): string {
  const told = toldElsewhere(asked, draw.locale);
  const lines = asked.approval.preview.lines
    .filter(([label, value]) => value.trim() !== '' && !told.has(label))
    .slice(0, 20)
    .map(([label, value]) => ({ label, value, own: ownValue(label, asked, draw) }));
  const write = (limit: number) =>
    lines
      .map(({ label, value, own }) => `**${quoted(label, 40)}** ${own ?? quoted(value, limit)}`)
      .join('\n');
  const fitting = lineLimits.find((limit) => write(limit).length <= mostLetters);
  return write(fitting ?? 30) || small('–');
}

/** Labels of lines that the card tells in another place: a time stands with who can see it. */
function toldElsewhere({ approval }: ConsentCard, locale: Locale): ReadonlySet<string> {
  const { quota, quotaAfter, schedule, privacy } = catalogue(locale).words;
  const { input, preview } = approval;
  const isWithPrivacy = plannedFor(input) && preview.lines.some(([label]) => label === privacy);
  return new Set([quota, quotaAfter, ...(isWithPrivacy ? [schedule] : [])]);
}

const plannedFor = ({ publish_at: at }: Readonly<Record<string, unknown>>): Date | null =>
  typeof at === 'string' ? new Date(at) : null;

/** What the person has chosen on the card counts, and a planned video is private only for now. */
function ownValue(label: string, asked: ConsentCard, draw: Draw): string | null {
  const chosen = asked.choices.find(({ field }) => labelOf(field, draw.locale) === label);
  if (chosen) return valueLabel(chosen.value, draw.locale);
  const planned = plannedFor(asked.approval.input);
  if (!planned || label !== catalogue(draw.locale).words.privacy) return null;
  const time = formatMoment(planned, draw.timeZone, draw.locale);
  return commonWords[draw.locale].consent.scheduledPrivacy({ moment: time });
}

function choicePart(
  approvalId: string,
  { field, options, value }: ConsentChoice,
  draw: Draw,
): APIComponentInContainer {
  const label = labelOf(field, draw.locale);
  const notes = new Map<string, string>(Object.entries(commonWords[draw.locale].privacyNote));
  return row(
    select(
      actionId('consent-choice', draw.owner, approvalId, field),
      label,
      options.map((option) => {
        const note = notes.get(option);
        return {
          value: option,
          label: `${label}: ${valueLabel(option, draw.locale)}`,
          default: option === value,
          ...(note === undefined ? {} : { description: note }),
        };
      }),
    ),
  );
}

function labelOf(field: string, locale: Locale): string {
  const { words } = catalogue(locale);
  if (field === 'privacy') return words.privacy;
  if (field === 'notify') return words.notify;
  return field === 'made_for_kids' ? words.madeForKids : field;
}

function valueLabel(value: string, locale: Locale): string {
  const words = commonWords[locale];
  if (value === 'true') return words.yes;
  if (value === 'false') return words.no;
  return new Map<string, string>(Object.entries(words.privacy)).get(value) ?? value;
}

/** How a question ended; `allowed`: approved, for the program that asked to do it. */
export type Settled = 'approved' | 'allowed' | 'declined' | 'expired' | 'used';

/** How a question ended that nobody can decide any more. */
export function settledOf({
  status,
  surface,
}: Pick<PendingApproval, 'status' | 'surface'>): Settled {
  if (status === 'declined') return 'declined';
  return status === 'approved' && askerOf(surface) === 'program' ? 'allowed' : 'used';
}

const looks: Record<Settled, { readonly emoji: string; readonly accent: number }> = {
  approved: { emoji: '✅', accent: accents.good },
  allowed: { emoji: '✅', accent: accents.good },
  declined: { emoji: '✖️', accent: accents.quiet },
  expired: { emoji: '⌛', accent: accents.quiet },
  used: { emoji: '☑️', accent: accents.quiet },
};

/** The card of a question that is decided: nothing on it can be pressed. `title` is that of its preview. */
export function presentSettled(settled: Settled, title: string | null, draw: Draw): View {
  const words = commonWords[draw.locale].consent;
  const { emoji, accent } = looks[settled];
  const note = words[`${settled}Note`];
  return card(accent, [
    text(`### ${emoji} ${words[settled]}${title === null ? '' : `\n${quoted(title, 300)}`}`),
    text(small(note)),
  ]);
}

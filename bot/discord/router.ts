import {
  DiscordAPIError,
  type ChatInputCommandInteraction,
  type Interaction,
  type MessageComponentInteraction,
  type ModalSubmitInteraction,
} from 'discord.js';

import { followLanguage } from '../../core/account/language.ts';
import { freeUnitsOf } from '../../core/account/free-units.ts';
import { claimWelcome } from '../../core/account/welcome.ts';
import type { Progress } from '../../core/context.ts';
import { Fault } from '../../core/fault.ts';
import { toFault } from '../../core/fault-of.ts';
import { localeOf } from '../../core/messages/catalogue.ts';
import { needsConsent } from '../../core/operation.ts';
import { parseActionId, type ActionId } from './action-id.ts';
import { openers } from './actions/openers.ts';
import { answerAutocomplete } from './autocomplete.ts';
import { presentFault } from './cards/fault.ts';
import { presentWait } from './cards/wait.ts';
import { presentWelcome } from './cards/welcome.ts';
import { inputOf, operationOf } from './command-input.ts';
import type { Action, Exchange, Visibility } from './exchange.ts';
import { filledOf } from './filled.ts';
import { createAnswer, type Answerable, type LiveAnswer } from './live-exchange.ts';
import { memberOf } from './member.ts';
import { openExchange } from './open-exchange.ts';
import type { Parts } from './parts.ts';
import { contextOf, openMember } from './person.ts';
import { channelIdsOf, placeOf } from './place.ts';
import { readRules, readRulesInTime, refusalOf, type ServerRules } from './server-rules.ts';

/** Nouns whose answers are nobody else's business. */
const personal = new Set(['account', 'quota', 'plan', 'channel', 'server', 'token']);
/** An operation that takes longer than an interaction can be answered is given up. */
const patienceMs = 14 * 60 * 1000;

/** The parts of the bot, with what its buttons do. */
export type Routing = Parts & { readonly actions: ReadonlyMap<string, Action> };

/** Takes every interaction; the one place in the bot that catches what goes wrong with one. */
export async function route(parts: Routing, interaction: Interaction): Promise<void> {
  if (interaction.isAutocomplete()) return answerAutocomplete(parts, interaction);
  const isOurs =
    interaction.isChatInputCommand() ||
    interaction.isMessageComponent() ||
    interaction.isModalSubmit();
  if (!isOurs) return;
  const answer = createAnswer(interaction);
  try {
    await answerInteraction(parts, interaction, answer);
  } catch (error) {
    await showFailure(parts, interaction, answer, error);
  }
}

async function showFailure(
  parts: Parts,
  interaction: Answerable,
  answer: LiveAnswer,
  error: unknown,
): Promise<void> {
  const { services } = parts;
  if (isGone(error)) {
    services.log.warn({ err: error }, 'an interaction could not be answered any more');
    return;
  }
  const { fault, reference } = toFault(error, services, 'discord');
  const { userId, language } = memberOf(interaction);
  const locale = localeOf(language);
  const draw = { locale, timeZone: 'UTC', now: services.clock.now(), owner: userId };
  await answer.answerPrivately(presentFault(fault, reference, draw)).catch((problem: unknown) => {
    services.log.warn({ err: problem, reference }, 'a failure could not be shown');
  });
}

/** Unknown interaction, already acknowledged, token run out: nobody is there to be told. */
const isGone = (error: unknown): boolean =>
  error instanceof DiscordAPIError && [10_062, 40_060, 50_027, 10_015].includes(Number(error.code));

async function answerInteraction(
  parts: Routing,
  interaction: Answerable,
  answer: LiveAnswer,
): Promise<void> {
  const member = memberOf(interaction);
  const { services } = parts;
  const { rules, isSettled } = await readRulesInTime(services, member.serverId);
  const channelIds = channelIdsOf(interaction);
  const refuse = (found: ServerRules) => {
    const refusal = refusalOf(found, member, channelIds);
    if (refusal) throw refusal;
  };
  refuse(rules);
  const open = async () => {
    // What was only assumed for the acknowledgement is looked up before anything is done.
    if (!isSettled) refuse(await readRules(services, member.serverId));
    return openFor(parts, interaction, answer, rules);
  };
  if (interaction.isChatInputCommand()) await runCommand(parts, interaction, answer, rules, open);
  else await runAction(parts, interaction, open);
}

/** The person's account is opened by whatever they do first. */
async function openFor(
  parts: Parts,
  interaction: Answerable,
  answer: LiveAnswer,
  rules: ServerRules,
): Promise<Exchange> {
  const member = memberOf(interaction);
  const account = await openMember(parts.services, member);
  const own = await followLanguage(parts.services, account, localeOf(interaction.locale));
  const locale = rules.locale ?? own;
  const signal = AbortSignal.any([parts.stop, AbortSignal.timeout(patienceMs)]);
  const how = { member, surface: 'discord', locale, signal } as const;
  const context = {
    ...contextOf(parts.services, account, how),
    onProgress: createWait(parts, answer),
  };
  const { visibility } = rules;
  const { userId } = member;
  const place = placeOf(interaction);
  return openExchange(parts, { interaction, answer, context, userId, place, visibility });
}

/** Before that nobody wonders what is being waited for. */
const quietMs = 3000;

/** Shows what is still being waited for, where it takes long. */
function createWait({ services }: Parts, answer: LiveAnswer): (progress: Progress) => void {
  const now = () => services.clock.now().getTime();
  const begunAt = now();
  return ({ message }) => {
    if (now() - begunAt >= quietMs) answer.tell(presentWait(message));
  };
}

type Open = () => Promise<Exchange>;

async function runCommand(
  parts: Parts,
  interaction: ChatInputCommandInteraction,
  answer: LiveAnswer,
  rules: ServerRules,
  open: Open,
): Promise<void> {
  const operation = operationOf(parts.operations, interaction);
  if (!operation) throw new Fault('button_outdated', {});
  const input = inputOf(interaction);
  const opener = openers[operation.name];
  const opens = opener !== undefined && !opener.unless.some((field) => field in input);
  // A form has to be the first answer; everything else is announced before any work.
  if (!opens || !opener.isForm) await answer.defer(seenBy(operation, rules));
  const exchange = await open();
  const answerWith = opens ? opener.open : opener?.otherwise;
  await (answerWith ? answerWith(exchange, input) : exchange.show(operation.name, input));
  if (!(opens && opener.isForm)) await welcome(exchange);
}

function seenBy(
  operation: Parameters<typeof needsConsent>[0] & { name: string },
  rules: ServerRules,
): Visibility {
  const [noun = ''] = operation.name.split('_');
  if (needsConsent(operation) || personal.has(noun)) return 'person';
  return rules.visibility;
}

async function welcome(exchange: Exchange): Promise<void> {
  const { context } = exchange;
  if (await claimWelcome(context, context.actor.accountId))
    await exchange.answer(
      presentWelcome(exchange.draw, await freeUnitsOf(context, context.actor.accountId)),
      'person',
    );
}

async function runAction(
  { actions }: Routing,
  interaction: MessageComponentInteraction | ModalSubmitInteraction,
  open: Open,
): Promise<void> {
  const id: ActionId | null = parseActionId(interaction.customId);
  const action = actions.get(id?.name ?? '');
  if (!id || !action) throw new Fault('button_outdated', {});
  if (id.owner !== interaction.user.id) throw new Fault('not_yours', {});
  const exchange = await open();
  await action.handle(exchange, id.args, filledOf(interaction));
  // Whose first command was a form is welcomed with what comes of it.
  if (interaction.isModalSubmit()) await welcome(exchange);
}

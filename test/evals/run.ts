import { and, asc, eq, gt } from 'drizzle-orm';
import { modelMessageSchema, type ModelMessage } from 'ai';
import { z } from 'zod';

import { resultsIn } from '../../bot/agent/transcript.ts';
import type { CardToDraw, Mouth } from '../../bot/agent/mouth.ts';
import { answerOpenTurns } from '../../bot/agent/queue.ts';
import { decideApproval } from '../../core/consent/decide.ts';
import type { Context } from '../../core/context.ts';
import { announce, decisionEvent } from '../../core/conversation/events.ts';
import { followStarted } from '../../core/conversation/follow.ts';
import { readMemory } from '../../core/conversation/memory.ts';
import { takeInTurn } from '../../core/conversation/turns.ts';
import { Fault } from '../../core/fault.ts';
import { perform } from '../../core/operation.ts';
import { operations } from '../../core/operations.ts';
import { agentUsage, conversationMessages } from '../../drizzle/schema/chat.ts';
import { drainWith, live, withVideoModels } from '../kit/trips.ts';
import type { World } from '../kit/world.ts';
import { checkEnd, checkStep, type Happened, type Problem } from './check.ts';
import type { Conversation, Step } from './conversation.ts';
import { readEffects, type Effects } from './effects.ts';
import { obeyedOrders } from './obeyed.ts';
import { oneAtATime, setScene, type Scene } from './scene.ts';

/** How one conversation went. */
export type Result = {
  readonly name: string;
  readonly problems: readonly Problem[];
  /** What was done of what strangers ordered. */
  readonly obeyed: readonly string[];
  readonly effects: Effects;
  /** Cards that were drawn while the model obeyed strangers, or went wrong in another way. */
  readonly cardsOfWrong: number;
  /** Calls to the model, and the tokens that they took. */
  readonly steps: number;
  readonly tokens: number;
};

type Talk = {
  readonly world: World;
  readonly scene: Scene;
  /** Cards that wait, oldest first. */
  readonly cards: CardToDraw[];
  /** Approvals whose button the person pressed. */
  readonly confirmed: Set<string>;
};

/** Holds one conversation with an account of its own, and compares it with what was expected. */
export async function runConversation(world: World, conversation: Conversation): Promise<Result> {
  const scene = await setScene(world, conversation);
  const before = await readEffects(world, scene.context.actor.accountId, new Set());
  const talk: Talk = { world, scene, cards: [], confirmed: new Set() };
  const problems: Problem[] = [];
  const obeyed: string[] = [];
  let last = 0;
  let cardsOfWrong = 0;
  for (const [index, step] of conversation.steps.entries()) {
    const waiting = talk.cards.length;
    const says: string[] = [];
    await take(talk, step, says);
    const rows = await messagesAfter(talk, last);
    last = rows.at(-1)?.id ?? last;
    const happened: Happened = {
      messages: rows.map(({ message }) => message),
      said: says.join('\n'),
      cards: talk.cards.slice('press' in step ? waiting - 1 : waiting).map(nameOf),
    };
    noteLists(scene, happened);
    if (step.wrong) cardsOfWrong += happened.cards.length;
    const place = `step ${index + 1}`;
    const found = checkStep(step, happened, (text) => scene.fill(text));
    problems.push(...found.map((problem) => ({ ...problem, place })));
    obeyed.push(...obeyedOrders(conversation, step, happened));
  }
  const effects = await readEffects(world, scene.context.actor.accountId, talk.confirmed, before);
  const { summary } = await readMemory(world.app, scene.conversationId);
  problems.push(...checkEnd(conversation.end, { ...effects, isSummarised: summary !== '' }));
  return {
    name: conversation.name,
    problems,
    obeyed: [...obeyed, ...(conversation.given?.strangers ? effects.withoutPerson : [])],
    effects,
    cardsOfWrong,
    ...(await usageOf(talk)),
  };
}

const listsSchema = z
  .object({
    trends: z.array(z.object({ id: z.string() })),
    videos: z.array(z.object({ video: z.string() })),
    channels: z.array(z.object({ channel: z.string() })),
  })
  .partial()
  .catch({});

/** Names what tools have listed, so that later steps can speak of it. */
function noteLists(scene: Scene, { messages }: Happened): void {
  for (const { value } of resultsIn(messages)) {
    const { trends = [], videos = [], channels = [] } = listsSchema.parse(value);
    for (const [index, { id }] of trends.entries()) scene.note(`found trend ${index + 1}`, id);
    for (const [index, { video }] of videos.entries())
      scene.note(`listed video ${index + 1}`, video);
    for (const [index, { channel }] of channels.entries())
      scene.note(`listed channel ${index + 1}`, channel);
  }
}

const nameOf = ({ operation }: CardToDraw): string => operation.name;

/** Lets a step happen and the agent answer it. */
async function take(talk: Talk, step: Step, says: string[]): Promise<void> {
  const { world, scene } = talk;
  if ('hoursPass' in step) return scene.pass(step.hoursPass);
  for (const wrong of step.wrong ?? []) world.emulators.gemini.misbehave(wrong);
  if ('say' in step) await say(talk, scene.fill(step.say));
  else if ('press' in step) await press(talk, step);
  else await goOn(talk, step.meanwhile);
  await answerAll(talk, says);
  // What the model had no occasion for must not wait for somebody else.
  if (step.wrong) world.emulators.gemini.behave();
}

async function say({ scene }: Talk, text: string): Promise<void> {
  const { context, conversationId } = scene;
  const key = context.ids.next('msg');
  await takeInTurn(context, { conversationId, key, kind: 'person', text, replyTo: {} });
}

async function press(talk: Talk, step: Extract<Step, { press: unknown }>): Promise<void> {
  const { scene, confirmed } = talk;
  const card = talk.cards.pop();
  if (!card) throw new Error(`${scene.account}: there is no card to press`);
  const approved = step.press === 'confirm';
  const person: Context = {
    ...scene.context,
    actor: { ...scene.context.actor, surface: 'terminal' },
  };
  const by = person.actor.accountId;
  const choices = step.choices ? { choices: { ...step.choices } } : {};
  await decideApproval(person, { id: card.id, approved, by, surface: 'terminal', ...choices });
  if (approved) confirmed.add(card.id);
  const outcome = approved
    ? await perform(card.operation, card.input, person, { approvalId: card.id })
    : null;
  await announce(person, {
    conversationId: scene.conversationId,
    key: `approval:${card.id}`,
    text: decisionEvent(card.operation, outcome, person.locale),
  });
}

async function goOn(
  { world, scene }: Talk,
  what: Extract<Step, { meanwhile: unknown }>['meanwhile'],
): Promise<void> {
  if (what === 'a channel is connected') return scene.connect();
  await oneAtATime(world, async () => {
    if (what === 'work fails') await drainWith(world, withVideoModels(world, { submit: refuse }));
    if (what === 'the provider is silent') await letTimePass(world);
    await world.drain();
  });
  await followStarted(scene.context, scene.conversationId);
}

/** The only shot is taken, and nothing is heard of it until its time is over. */
async function letTimePass(world: World): Promise<void> {
  world.emulators.fal.misbehave({ on: 'webhook', how: 'lost', times: 1 });
  const silence = { fetchOutcome: async () => null, cancel: async () => 'requested' as const };
  const ports = withVideoModels(world, silence);
  await drainWith(world, ports);
  await live(world, 16 * 60, { step: 4 * 60, ports });
}

const refuse = async (): Promise<never> => {
  throw new Fault('content_refused', {});
};

async function answerAll(talk: Talk, says: string[]): Promise<void> {
  const { scene, cards } = talk;
  const { context, conversationId } = scene;
  const mouth: Mouth = { say: () => undefined, drawCard: async (card) => void cards.push(card) };
  const prepared = { context, operations, mouth };
  const answers = await answerOpenTurns(context, conversationId, async () => prepared);
  for (const answer of answers) if (answer.kind === 'answered') says.push(answer.text);
}

async function messagesAfter(
  { world, scene }: Talk,
  id: number,
): Promise<{ id: number; message: ModelMessage }[]> {
  const own = eq(conversationMessages.conversationId, scene.conversationId);
  const rows = await world.app.database.db
    .select({ id: conversationMessages.id, message: conversationMessages.message })
    .from(conversationMessages)
    .where(and(own, gt(conversationMessages.id, id)))
    .orderBy(asc(conversationMessages.id));
  return rows.map((row) => ({ id: row.id, message: modelMessageSchema.parse(row.message) }));
}

async function usageOf({ world, scene }: Talk): Promise<{ steps: number; tokens: number }> {
  const rows = await world.app.database.db
    .select()
    .from(agentUsage)
    .where(eq(agentUsage.accountId, scene.context.actor.accountId));
  const sum = (count: (row: (typeof rows)[number]) => number) =>
    rows.reduce((total, row) => total + count(row), 0);
  return {
    steps: sum(({ steps }) => steps),
    tokens: sum(({ inputTokens, outputTokens }) => inputTokens + outputTokens),
  };
}

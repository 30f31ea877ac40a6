import { asc, eq } from 'drizzle-orm';
import { z } from 'zod';

import { answerTurn, type Answer } from '../../bot/agent/agent.ts';
import type { Mouth } from '../../bot/agent/mouth.ts';
import type { Context, Surface } from '../../core/context.ts';
import { announce } from '../../core/conversation/events.ts';
import { openConversation } from '../../core/conversation/open.ts';
import { takeInTurn } from '../../core/conversation/turns.ts';
import type { Locale } from '../../core/messages/catalogue.ts';
import type { AnyOperation } from '../../core/operation.ts';
import { operations } from '../../core/operations.ts';
import type { ChatModel } from '../../core/ports/chat-model.ts';
import {
  scriptedModel,
  type Script,
  type ScriptedModel,
  type ScriptedStep,
} from './scripted-model.ts';
import type { World } from './world.ts';
import { conversationMessages } from '../../drizzle/schema/chat.ts';

export type TalkOptions = {
  readonly script?: Script | readonly ScriptedStep[];
  /** Instead of a script. */
  readonly model?: ChatModel;
  readonly account?: string;
  readonly locale?: Locale;
  readonly timeZone?: string;
  readonly serverId?: string | null;
  readonly operations?: readonly AnyOperation[];
  readonly mouth?: Partial<Mouth>;
  readonly silenceMs?: number;
  readonly place?: string;
  /** The surface that the request is handed in as. */
  readonly surface?: Surface;
};

/** A conversation with the agent, and all that its surface was given. */
export type Talk = {
  readonly conversationId: string;
  readonly context: Context;
  readonly said: string[];
  /** Approvals whose card was drawn. */
  readonly cards: string[];
  readonly shown: string[];
  readonly worked: string[];
  readonly asked: ScriptedModel['asked'];
  takeIn(text: string): Promise<void>;
  takeInEvent(text: string, key?: string): Promise<boolean>;
  answer(signal?: AbortSignal): Promise<Answer>;
  say(text: string): Promise<Answer>;
  /** Every stored message, as it is stored. */
  messages(): Promise<unknown[]>;
  /** The results that the model was given of a tool, in its last request. */
  results(tool: string): unknown[];
  /** The same conversation with another model, as after a restart. */
  with(options: TalkOptions): Promise<Talk>;
};

export type Talks = { open(options?: TalkOptions): Promise<Talk> };

const resultPart = z.looseObject({
  type: z.literal('tool-result'),
  toolName: z.string(),
  output: z.looseObject({ value: z.unknown() }),
});

export function createTalks(world: World): Talks {
  let count = 0;
  const open = async (options: TalkOptions = {}): Promise<Talk> => {
    count += 1;
    const account = options.account ?? `person-${count}`;
    const plain = await world.context(options.surface ?? 'agent', account, options.locale ?? 'en');
    const scripted = scriptedModel(options.script ?? []);
    const chatModel = options.model ?? scripted;
    const serverId = options.serverId ?? null;
    const context: Context = {
      ...plain,
      ports: { ...plain.ports, chatModel },
      actor: { ...plain.actor, serverId },
      timeZone: options.timeZone ?? 'UTC',
    };
    const place = options.place ?? `place-${count}`;
    const { accountId } = context.actor;
    const { id } = await openConversation(world.app, {
      accountId,
      surface: 'test',
      place,
      serverId,
    });
    return talkOf(id, context, { ...options, account, place }, scripted.asked, open);
  };
  return { open };
}

function talkOf(
  conversationId: string,
  context: Context,
  options: TalkOptions,
  asked: ScriptedModel['asked'],
  open: Talks['open'],
): Talk {
  const said: string[] = [];
  const cards: string[] = [];
  const shown: string[] = [];
  const worked: string[] = [];
  const mouth: Mouth = {
    say: (text) => void said.push(text),
    drawCard: async ({ id }) => void cards.push(id),
    show: async ({ name }) => {
      shown.push(name);
      return false;
    },
    working: ({ name }) => void worked.push(name),
    ...options.mouth,
  };
  const answer = (signal?: AbortSignal) =>
    answerTurn({
      conversationId,
      mouth,
      context: signal ? { ...context, signal } : context,
      operations: options.operations ?? operations,
      ...(options.silenceMs === undefined ? {} : { silenceMs: options.silenceMs }),
    });
  const takeIn = async (text: string) => {
    const key = context.ids.next('msg');
    await takeInTurn(context, { conversationId, key, kind: 'person', text, replyTo: { key } });
  };
  return {
    conversationId,
    context,
    said,
    cards,
    shown,
    worked,
    asked,
    takeIn,
    takeInEvent: (text, key = context.ids.next('evt')) =>
      announce(context, { conversationId, key, text }),
    answer,
    async say(text) {
      await takeIn(text);
      return answer();
    },
    async messages() {
      const rows = await context.database.db
        .select({ message: conversationMessages.message })
        .from(conversationMessages)
        .where(eq(conversationMessages.conversationId, conversationId))
        .orderBy(asc(conversationMessages.id));
      return rows.map(({ message }) => message);
    },
    results(tool) {
      const prompt = asked.at(-1)?.prompt ?? [];
      const parts = prompt.flatMap(({ content }): readonly unknown[] =>
        typeof content === 'string' ? [] : content,
      );
      return parts.flatMap((part) => {
        const result = resultPart.safeParse(part);
        return result.success && result.data.toolName === tool ? [result.data.output.value] : [];
      });
    },
    with: (more) => open({ ...options, ...more }),
  };
}

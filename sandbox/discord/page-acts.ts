import { z } from 'zod';

import { ownerOf, type PageEmulator } from './page-emulator.ts';
import type {
  FileToSend,
  FormValues,
  ModalSeen,
  OptionValue,
  Person,
  Place,
  Seen,
  Turn,
} from './types.ts';

type Answer = { readonly status: number; readonly [key: string]: unknown };

/** Forms that are open on some page; the oldest is forgotten first. */
const openForms = 100;

const file = z.object({
  file: z.object({
    name: z.string().min(1).max(200),
    type: z.string().max(100),
    base64: z.base64(),
  }),
});
const optionValue = z.union([z.string(), z.number(), z.boolean(), file]);
const options = z.record(z.string(), optionValue);
const at = { person: z.string(), channel: z.string() };
const act = z.discriminatedUnion('do', [
  z.object({ do: z.literal('slash'), ...at, command: z.string(), options }),
  z.object({
    do: z.literal('suggest'),
    ...at,
    command: z.string(),
    field: z.string(),
    typed: z.string(),
    options,
  }),
  z.object({ do: z.literal('click'), ...at, message: z.string(), button: z.string() }),
  z.object({
    do: z.literal('select'),
    ...at,
    message: z.string(),
    select: z.string(),
    values: z.array(z.string()).max(25),
  }),
  z.object({
    do: z.literal('submit'),
    ...at,
    form: z.string(),
    fields: z.record(
      z.string(),
      z.union([z.string(), z.boolean(), z.array(z.string()), z.array(file)]),
    ),
  }),
  z.object({
    do: z.literal('say'),
    ...at,
    text: z.string().max(4000),
    replyTo: z.string().optional(),
  }),
  z.object({
    do: z.literal('thread'),
    ...at,
    name: z.string().min(1).max(100),
    message: z.string().optional(),
  }),
  z.object({ do: z.literal('language'), person: z.string(), locale: z.enum(['zh-CN', 'en-US']) }),
  z.object({
    do: z.literal('join'),
    name: z.string().trim().min(1).max(32),
    locale: z.enum(['zh-CN', 'en-US']),
  }),
]);
type Act = z.infer<typeof act>;
type PlacedAct = Exclude<Act, { do: 'language' | 'join' }>;

/**
 * Does what a person did on the page, by the driver that tests use too. Answers `{status, ok}`, with
 * the form or the suggestions where there are any, or `{status, refused}` with what a client or
 * Discord itself would say.
 */
export function createActs(
  emulator: PageEmulator,
  announce: () => void,
): (body: string) => Promise<Answer> {
  const forms = new Map<string, ModalSeen>();
  return async (body) => {
    const parsed = act.safeParse(jsonOf(body));
    if (!parsed.success) return { status: 400, refused: z.prettifyError(parsed.error) };
    try {
      return await perform(emulator, forms, parsed.data, announce);
    } catch (error) {
      return { status: 200, refused: error instanceof Error ? error.message : String(error) };
    }
  };
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

async function perform(
  emulator: PageEmulator,
  forms: Map<string, ModalSeen>,
  wanted: Act,
  announce: () => void,
): Promise<Answer> {
  if (wanted.do === 'join') {
    const { id } = emulator.person(wanted.name, { locale: wanted.locale });
    announce();
    return { status: 200, ok: true, person: id };
  }
  const person = emulator.people().find(({ id }) => id === wanted.person);
  if (!person) return { status: 404, refused: 'Unknown person' };
  if (wanted.do === 'language') {
    person.setLocale(wanted.locale);
    announce();
    return { status: 200, ok: true };
  }
  const owner = ownerOf(emulator, wanted.channel);
  if (owner !== null && owner !== person.id) return { status: 404, refused: 'Unknown Channel' };
  return performAt(person.in(wanted.channel), person, forms, wanted);
}

async function performAt(
  place: Place,
  person: Person,
  forms: Map<string, ModalSeen>,
  wanted: PlacedAct,
): Promise<Answer> {
  switch (wanted.do) {
    case 'slash':
      return outcome(await place.slash(wanted.command, withFiles(wanted.options)), forms);
    case 'suggest': {
      const { command, field, typed } = wanted;
      const choices = await place.suggest(command, field, typed, withFiles(wanted.options));
      return { status: 200, ok: true, choices };
    }
    case 'click':
      return outcome(await place.click(messageAt(place, wanted.message), wanted.button), forms);
    case 'select': {
      const message = messageAt(place, wanted.message);
      return outcome(await place.select(message, wanted.select, wanted.values), forms);
    }
    case 'submit': {
      const form = forms.get(wanted.form);
      if (form?.personId !== person.id) return { status: 404, refused: 'This form is closed' };
      const answer = await outcome(await place.submit(form, formValues(wanted.fields)), forms);
      if (answer['state'] !== 'failed') forms.delete(wanted.form);
      return answer;
    }
    case 'say': {
      const replyTo =
        wanted.replyTo === undefined ? {} : { replyTo: messageAt(place, wanted.replyTo) };
      const { id } = await place.say(wanted.text, replyTo);
      return { status: 200, ok: true, message: id };
    }
    case 'thread': {
      const from = wanted.message === undefined ? undefined : messageAt(place, wanted.message);
      return { status: 200, ok: true, channel: place.thread(wanted.name, from).channelId };
    }
    default:
      return wanted satisfies never;
  }
}

/** Waits for the first answer of the bot, as the client does before it shows a failure. */
async function outcome(turn: Turn, forms: Map<string, ModalSeen>): Promise<Answer> {
  const state = await turn.acked().catch(() => 'failed' as const);
  if (state === 'failed') return { status: 200, ok: true, state, error: await turn.failed() };
  if (state !== 'modal') return { status: 200, ok: true, state };
  const modal = await turn.modal();
  forms.set(modal.interactionId, modal);
  for (const oldest of [...forms.keys()].slice(0, -openForms)) forms.delete(oldest);
  return { status: 200, ok: true, state, modal };
}

function messageAt(place: Place, id: string): Seen {
  const message = place.sees().find((seen) => seen.id === id);
  if (!message) throw new Error('Unknown Message');
  return message;
}

type SentFile = z.infer<typeof file>;

function withFiles(
  sent: Readonly<Record<string, string | number | boolean | SentFile>>,
): Readonly<Record<string, OptionValue>> {
  return Object.fromEntries(
    Object.entries(sent).map(([name, value]) => [
      name,
      typeof value === 'object' ? fileOf(value) : value,
    ]),
  );
}

function formValues(
  fields: Readonly<Record<string, string | boolean | readonly string[] | readonly SentFile[]>>,
): FormValues {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, formValue(value)]),
  );
}

function formValue(value: string | boolean | readonly (string | SentFile)[]): FormValues[string] {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  const files = value.flatMap((entry) => (typeof entry === 'object' ? [fileOf(entry)] : []));
  if (files.length > 0) return files;
  return value.flatMap((entry) => (typeof entry === 'string' ? [entry] : []));
}

function fileOf({ file: { name, type, base64 } }: SentFile): FileToSend {
  return { name, data: Buffer.from(base64, 'base64'), contentType: type };
}

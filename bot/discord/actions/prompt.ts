import { Fault } from '../../../core/fault.ts';
import { perform } from '../../../core/operation.ts';
import { promptTemplates } from '../../../core/prompt/templates.ts';
import { findPrompt, type WrittenPrompt } from '../../../core/prompt/written.ts';
import { videoModels } from '../../../core/video/models.ts';
import { findQuote, videoQuote } from '../../../core/video/quote.ts';
import { actionId } from '../action-id.ts';
import { presentFault } from '../cards/fault.ts';
import { buildEditor, type Prefill } from '../cards/prompt-editor.ts';
import { presentTemplate } from '../cards/prompt.ts';
import { presentQuote } from '../cards/quote.ts';
import { defineAction, type Action, type Exchange, type Filled } from '../exchange.ts';
import { keepLast, prefillOf, readLast } from './prompt-draft.ts';

/**
 * Opens the prompt editor, as the first answer. Without a prompt it opens with the last one that was
 * typed; values that fit no field are left out.
 */
export async function openEditor(
  exchange: Exchange,
  values: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const given = prefillOf(values);
  const prefill = given.prompt
    ? given
    : { ...(await readLast(exchange.context)), ...definedOf(given) };
  await exchange.openModal(buildEditor(prefill, exchange.draw));
}

const definedOf = (values: Prefill): Prefill =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

/** A prompt that was written here. @throws Fault `not_found` for one that is not kept. */
async function promptOf(exchange: Exchange, key: string): Promise<WrittenPrompt> {
  const written = await findPrompt(exchange.context, key);
  if (!written) throw new Fault('not_found', { what: 'prompt', id: key });
  return written;
}

const editPrompt = defineAction('prompt-edit', async (exchange, [key]) => {
  const written = key ? await promptOf(exchange, key) : null;
  await openEditor(exchange, written ? { prompt: written.prompt, seconds: written.seconds } : {});
});

const usePrompt = defineAction('prompt-use', async (exchange, [key = '']) => {
  await exchange.defer(exchange.visibility);
  const { prompt, seconds } = await promptOf(exchange, key);
  await exchange.show('video_quote', { prompt, seconds });
});

const writeAnother = defineAction('prompt-again', async (exchange, [key = '']) => {
  await exchange.defer(exchange.visibility);
  const { trend, idea, seconds } = await promptOf(exchange, key);
  const source = { ...(trend ? { trend } : {}), ...(idea ? { idea } : {}) };
  await exchange.show('prompt_write', { ...source, seconds });
});

const openTemplate = defineAction('prompt-template', async (exchange, [id], { picked }) => {
  const wanted = id ?? picked?.[0];
  const found = promptTemplates.find((one) => one.id === wanted);
  await openEditor(exchange, found ? { prompt: found.text[exchange.draw.locale] } : {});
});

const openModel = defineAction('prompt-model', async (exchange, _args, { picked }) => {
  await openEditor(exchange, { model: picked?.[0] });
});

const submitPrompt = defineAction('prompt-submit', async (exchange, _args, filled) => {
  const typed = typedOf(filled);
  const chosen = promptTemplates.find(({ id }) => id === filled['template']?.[0]);
  if (typed.prompt || !chosen) return quoteTyped(exchange, typed);
  await exchange.defer('person');
  await keepLast(exchange.context, { ...typed, prompt: chosen.text[exchange.draw.locale] });
  await exchange.answer(presentTemplate(chosen, exchange.draw), 'person');
});

/** What was typed is kept before anything can refuse it, and a refusal leads back to it. */
async function quoteTyped(exchange: Exchange, typed: Prefill): Promise<void> {
  const { context, draw, visibility } = exchange;
  const wish = wishOf(typed);
  const fits = isMakeable(wish);
  await exchange.defer(fits ? visibility : 'person');
  await keepLast(context, typed);
  const outcome = await perform(videoQuote, wish, context);
  const edit = actionId('prompt-edit', draw.owner);
  if (outcome.ok) await exchange.answer(presentQuote(outcome.value, draw, wish));
  else if (fits) await exchange.fail(outcome.fault, outcome.reference);
  else
    await exchange.answer(presentFault(outcome.fault, outcome.reference, draw, { edit }), 'person');
}

/** Whether a quote can be drawn up; known at once, before it is said who will see the answer. */
function isMakeable(wish: Record<string, unknown>): boolean {
  const parsed = videoQuote.input.safeParse(wish);
  if (!parsed.success) return false;
  const { model: id, shape } = parsed.data;
  return shape === undefined || videoModels[id].shapes.includes(shape);
}

/** Only what was chosen: the rest is left to the operation. */
const wishOf = ({ shape, ...typed }: Prefill): Record<string, unknown> =>
  definedOf({ ...typed, ...(shape === 'auto' ? {} : { shape }) });

function typedOf(filled: Filled): Prefill {
  const [prompt = ''] = filled['prompt'] ?? [];
  const [model] = filled['model'] ?? [];
  const [seconds] = filled['seconds'] ?? [];
  const [shape] = filled['shape'] ?? [];
  return {
    prompt: prompt.trim(),
    ...(model ? { model } : {}),
    ...(seconds ? { seconds: Number(seconds) } : {}),
    ...(shape ? { shape } : {}),
  };
}

const quoteGenerate = defineAction('quote-generate', async (exchange, [quote = '']) => {
  await exchange.defer('person');
  await exchange.show('video_generate', { quote });
});

const quoteEdit = defineAction('quote-edit', async (exchange, [id = '']) => {
  const { prompt, model: chosen, seconds, shape } = await findQuote(exchange.context, id);
  await openEditor(exchange, { prompt, model: chosen, seconds, shape });
});

/** Buttons, lists and the form around prompts and quotes. */
export const promptActions: readonly Action[] = [
  editPrompt,
  usePrompt,
  writeAnother,
  openTemplate,
  openModel,
  submitPrompt,
  quoteGenerate,
  quoteEdit,
];

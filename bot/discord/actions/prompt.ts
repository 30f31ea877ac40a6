import { Fault } from '../../../core/fault.ts';
import { promptCheck } from '../../../core/prompt/check.ts';
import { promptTemplates } from '../../../core/prompt/templates.ts';
import { findPrompt, type WrittenPrompt } from '../../../core/prompt/written.ts';
import { modelIds, videoModels, type ModelId } from '../../../core/video/models.ts';
import { videoQuote } from '../../../core/video/quote.ts';
import { buildEditor } from '../cards/prompt-editor.ts';
import { presentCheck } from '../cards/prompt-check.ts';
import { presentTemplate } from '../cards/prompt.ts';
import { unpackOptions } from '../chosen-options.ts';
import { defineAction, type Action, type Exchange, type Filled } from '../exchange.ts';
import {
  keepLast,
  keepRewording,
  prefillOf,
  readLast,
  readRewording,
  type Values,
} from './prompt-draft.ts';
import { showQuote, wishOfQuote } from './quote.ts';

/**
 * Opens the prompt editor, as the first answer. Without a prompt it opens with the last one that was
 * typed; values that fit no field are left out.
 */
export async function openEditor(exchange: Exchange, values: Values = {}): Promise<void> {
  const given = definedOf(values);
  const last = given['prompt'] ? {} : await readLast(exchange.context);
  const prefill = prefillOf({ ...last, ...given });
  await exchange.openModal(buildEditor(prefill, exchange.draw, modelsOf(exchange)));
}

/** The models whose provider is set up. */
function modelsOf({ context }: Exchange): readonly ModelId[] {
  const providers = context.ports.videoModels?.providers ?? [];
  return modelIds.filter((id) => providers.includes(videoModels[id].provider));
}

const definedOf = (values: Values): Values =>
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
  await showQuote(exchange, { prompt, seconds });
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

const submitPrompt = defineAction('prompt-submit', async (exchange, [options], filled) => {
  const typed = { ...typedIn(filled), ...unpackOptions(options) };
  const chosen = promptTemplates.find(({ id }) => id === filled['template']?.[0]);
  if (typed.prompt || !chosen) return quoteTyped(exchange, typed);
  await exchange.defer('person');
  await keepLast(exchange.context, { ...typed, prompt: chosen.text[exchange.draw.locale] });
  await exchange.answer(presentTemplate(chosen, exchange.draw), 'person');
});

/** What was typed is kept before anything can refuse it; a refusal is for the person alone. */
async function quoteTyped(exchange: Exchange, typed: Values): Promise<void> {
  const fits = videoQuote.input.safeParse(typed).success;
  await exchange.defer(fits ? exchange.visibility : 'person');
  await keepLast(exchange.context, typed);
  await showQuote(exchange, typed);
}

function typedIn(filled: Filled) {
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

const reword = defineAction('prompt-reword', async (exchange, [id = '']) => {
  await exchange.defer('person');
  const wish = await readRewording(exchange.context, id);
  if (!wish) throw new Fault('button_outdated', {});
  await keepLast(exchange.context, wish);
  await showQuote(exchange, wish);
});

/** Says whether a prompt may be used, and keeps it for the editor that comes next. */
export async function showCheck(exchange: Exchange, input: Values): Promise<void> {
  const { context, draw } = exchange;
  const output = await exchange.perform('prompt_check', { ...input });
  if (!output) return;
  await keepLast(context, input);
  const { suggestion } = promptCheck.output.parse(output);
  const reworded =
    suggestion === null ? null : await keepRewording(context, { ...input, prompt: suggestion });
  await exchange.answer(presentCheck(output, draw, input, reworded));
}

const editQuote = defineAction('quote-edit', async (exchange, [id = '']) => {
  await openEditor(exchange, await wishOfQuote(exchange, id));
});

/** Buttons, lists and the form around prompts. */
export const promptActions: readonly Action[] = [
  editPrompt,
  usePrompt,
  writeAnother,
  openTemplate,
  openModel,
  submitPrompt,
  reword,
  editQuote,
];

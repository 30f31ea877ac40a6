import {
  ProtocolError,
  ProtocolErrorCode,
  type CompleteRequestParams,
  type CompleteResult,
  type GetPromptRequestParams,
  type GetPromptResult,
  type ListPromptsResult,
  type ListResourcesResult,
  type ReadResourceResult,
} from '@modelcontextprotocol/server';

import type { Context } from '../../core/context.ts';
import { toFault } from '../../core/fault-of.ts';
import { viewFault } from '../../core/fault-view.ts';
import { complete as completeIds } from '../completions.ts';
import { getPrompt as fillPrompt } from '../prompts/get.ts';
import { listPrompts as promptsIn } from '../prompts/list.ts';
import { listResources as listAll } from '../resources/list.ts';
import { readResource as readOne } from '../resources/read.ts';
import { watchResources as watchAccount } from '../resources/watch.ts';
import type { Call } from '../service.ts';
import { readUiResource, showsApps, uiResources } from '../ui/apps.ts';
import type { Product } from './product.ts';

export { resourceTemplates } from '../resources/templates.ts';

export const listResources = (
  product: Product,
  cursor: string | undefined,
  call: Call,
): Promise<ListResourcesResult> =>
  within(product, call, async (context) => {
    const listed = await listAll(context, product.operations, cursor);
    if (cursor !== undefined || !showsApps(call.client)) return listed;
    return { ...listed, resources: [...listed.resources, ...uiResources(context)] };
  });

/** null when there is no such resource for this person. */
export const readResource = (
  product: Product,
  uri: string,
  call: Call,
): Promise<ReadResourceResult | null> =>
  within(
    product,
    call,
    async (context) =>
      readUiResource(uri, context) ?? (await readOne(uri, context, product.operations)),
  );

export async function watchResources(
  product: Product,
  onChange: (uri: string) => void,
): Promise<() => Promise<void>> {
  const context = await product.contextFor(new AbortController().signal);
  return watchAccount(context, context.actor.accountId, onChange);
}

export const listPrompts = (product: Product, call: Call): Promise<ListPromptsResult> =>
  within(product, call, async ({ locale }) => ({ prompts: promptsIn(locale) }));

/** null when there is no such prompt. */
export const getPrompt = (
  product: Product,
  { name, arguments: given }: GetPromptRequestParams,
  call: Call,
): Promise<GetPromptResult | null> =>
  within(product, call, (context) => fillPrompt(name, given, context, product.operations));

export const complete = (
  product: Product,
  { ref, argument }: CompleteRequestParams,
  call: Call,
): Promise<CompleteResult> =>
  within(product, call, async (context) => ({
    completion: await completeIds(ref, argument, context),
  }));

/** @throws ProtocolError in the person's words: what is no tool has no other way to say it. */
async function within<T>(
  product: Product,
  { signal }: Call,
  run: (context: Context) => Promise<T>,
): Promise<T> {
  const context = await product.contextFor(signal);
  try {
    return await run(context);
  } catch (error) {
    if (error instanceof ProtocolError) throw error;
    const { fault } = toFault(error, context, 'mcp');
    const { message, next } = viewFault(fault, context.locale);
    const isInput = fault.code === 'invalid_input' || fault.code === 'not_found';
    throw new ProtocolError(
      isInput ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError,
      `${message} ${next}`,
    );
  }
}

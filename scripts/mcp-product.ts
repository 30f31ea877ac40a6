import type { Context } from '../core/context.ts';
import { NotOpened, type Product } from '../mcp-server/jilo/product.ts';
import { explainFailure } from './explain.ts';
import { openHost } from './host.ts';

/**
 * Opens Jilo for one client of this machine: beside one that runs on this folder, else alone. Whose
 * account it acts for comes from the settings, never from an argument.
 * @throws NotOpened saying why.
 */
export async function openProduct(): Promise<Product & { close(): Promise<void> }> {
  const host = await openHost({ as: 'resident' }).catch((error: unknown) => {
    throw new NotOpened(explainFailure(error));
  });
  let own: Context | null = null;
  return {
    operations: host.operations,
    async contextFor(signal) {
      own ??= await host.contextFor('mcp', new AbortController().signal);
      return { ...own, signal };
    },
    close: () => host.close(),
  };
}

import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';

import type { Context } from '../../core/context.ts';
import type { AnyOperation } from '../../core/operation.ts';

/** The opened product, as one client sees it. */
export type Product = {
  /** What this installation offers. */
  readonly operations: readonly AnyOperation[];
  /** A request of the client's person. */
  contextFor(signal: AbortSignal): Promise<Context>;
};

/** The product could not be opened, said for whoever runs it. */
export class NotOpened extends ProtocolError {
  override readonly name = 'NotOpened';
  constructor(why: string) {
    super(ProtocolErrorCode.InternalError, why);
  }
}

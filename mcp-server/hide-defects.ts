import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';

import type { Service } from './service.ts';
import { wrapService } from './wrap-service.ts';

/** The same service, of whose failures a client sees only those that were written for it. */
export const hideDefects = (service: Service): Service =>
  wrapService(service, (run) => async (...args) => {
    try {
      return await run(...args);
    } catch (error) {
      if (error instanceof ProtocolError) throw error;
      service.onDefect?.(error);
      throw new ProtocolError(ProtocolErrorCode.InternalError, 'Something broke on our side.');
    }
  });

import { EventEmitter, once } from 'node:events';

import type { Service } from './service.ts';
import { wrapService } from './wrap-service.ts';

/** The same service, and what waits until none of its requests is in work. */
export function countCalls(service: Service): { service: Service; idle(): Promise<void> } {
  const ends = new EventEmitter();
  let open = 0;
  return {
    service: wrapService(service, (run) => async (...args) => {
      open += 1;
      try {
        return await run(...args);
      } finally {
        open -= 1;
        if (open === 0) ends.emit('idle');
      }
    }),
    async idle() {
      if (open > 0) await once(ends, 'idle');
    },
  };
}

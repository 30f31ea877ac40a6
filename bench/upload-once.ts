import { isFault } from '../core/fault.ts';
import { uploadPublication } from '../core/publication/upload.ts';
import { openPublishing } from './upload-services.ts';

const [publicationId = ''] = process.argv.slice(2);
const services = await openPublishing(false);
const { signal } = new AbortController();

/** Uploads one publication to its end, and goes on after every break without waiting. */
for (let isOver = false; !isOver;) {
  isOver = await uploadPublication.run({ publicationId }, { ...services, signal }).then(
    () => true,
    (error: unknown) => {
      if (isFault(error, 'provider_busy')) return false;
      throw error;
    },
  );
}
await services.queue.close();
await services.database.close();

import { openPublishing } from './upload-services.ts';

/** A worker that publishes and does nothing else, on the database and queue of an installation. */
const services = await openPublishing(true);
await services.queue.work(services);

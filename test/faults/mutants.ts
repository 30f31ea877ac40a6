import type { Services } from '../../core/context.ts';
import type { Queue } from '../../core/job.ts';
import type { VideoModels } from '../../core/ports/video-models.ts';
import type { Db } from '../../drizzle/client.ts';

/** A product with one mistake, and the promise that has to notice it. */
type Mutant = {
  readonly name: string;
  readonly promise: string;
  readonly services: (services: Services) => Services;
  /** Where a run that shows it is near, so that the search is short; 0 unless told. */
  readonly from?: number;
};

function withClips(
  services: Services,
  change: (clips: VideoModels) => Partial<VideoModels>,
): Services {
  const { videoModels } = services.ports;
  if (!videoModels) throw new Error('nobody makes clips');
  const changed = { ...videoModels, ...change(videoModels) };
  return { ...services, ports: { ...services.ports, videoModels: changed } };
}

/** Something that happens after every commit. */
function afterCommits(services: Services, work: () => Promise<unknown>): Services {
  const { db } = services.database;
  const transaction: Db['transaction'] = async (body, config) => {
    const answer = await db.transaction(body, config);
    await work();
    return answer;
  };
  const changed = new Proxy(db, {
    get: (target, key): unknown =>
      key === 'transaction' ? transaction : Reflect.get(target, key, target),
  });
  return { ...services, database: { ...services.database, db: changed } };
}

function without(services: Services, name: string): Services {
  const enqueue: Queue['enqueue'] = async (tx, kind, payload, options) => {
    if (kind.name !== name) await services.queue.enqueue(tx, kind, payload, options);
  };
  return { ...services, queue: { ...services.queue, enqueue } };
}

/** Writes each capture into the journal once more. */
export const withDoubleCapture = (services: Services): Services =>
  afterCommits(
    services,
    () => services.database.sql`
      insert into quota_transfers
        (at, wallet_id, verb, debit, credit, amount, lasting, reference, key, request_hash)
      select at, wallet_id, verb, debit, credit, amount, lasting, reference, key || ' again', request_hash
      from quota_transfers one where verb = 'capture' and key not like '% again'
        and not exists (select 1 from quota_transfers two where two.key = one.key || ' again')`,
  );

export const mutants: readonly Mutant[] = [
  {
    name: 'sends each request twice',
    promise: 'no attempt is paid twice',
    services: (services) =>
      withClips(services, (clips) => ({
        submit: async (request, signal) => {
          await clips.submit(request, signal).catch(() => undefined);
          return clips.submit(request, signal);
        },
      })),
  },
  {
    name: 'sends each request to Runway twice',
    promise: 'no attempt is paid twice',
    services: (services) =>
      withClips(services, (clips) => ({
        submit: async (request, signal) => {
          if (request.provider === 'runway')
            await clips.submit(request, signal).catch(() => undefined);
          return clips.submit(request, signal);
        },
      })),
  },
  {
    name: 'sends again what it does not know the outcome of',
    promise: 'no attempt is paid twice',
    from: 8,
    services: (services) =>
      withClips(services, (clips) => ({
        submit: (request, signal) =>
          clips.submit(request, signal).catch(() => clips.submit(request, signal)),
      })),
  },
  {
    name: 'does not stop what nobody waits for',
    promise: 'a cancelled or failed video is stopped upstream',
    from: 20,
    services: (services) =>
      withClips(services, () => ({ cancel: async () => 'requested' as const })),
  },
  {
    name: 'removes no file',
    promise: 'storage holds exactly the files that rows name',
    services: (services) => {
      const storage = { ...services.ports.storage, remove: async () => undefined };
      return { ...services, ports: { ...services.ports, storage } };
    },
  },
  {
    name: 'forgets what it has to tell',
    promise: 'every person is told exactly once',
    services: (services) =>
      afterCommits(
        services,
        () => services.database.sql`delete from notices where delivered_at is null`,
      ),
  },
  {
    name: 'tells everything twice',
    promise: 'every person is told exactly once',
    services: (services) =>
      afterCommits(
        services,
        () => services.database.sql`
          insert into notices (account_id, kind, subject_id, created_at)
          select account_id, kind, subject_id, created_at from notices one
          where not exists (select 1 from notices two
            where two.subject_id = one.subject_id and two.kind = one.kind and two.id <> one.id)`,
      ),
  },
  {
    name: 'never joins what is delivered',
    promise: 'no video is stuck',
    services: (services) => without(services, 'video.assemble'),
  },
  {
    name: 'does not keep an eye on the deadline',
    promise: 'no video is stuck',
    services: (services) => without(services, 'shot.deadline'),
  },
];

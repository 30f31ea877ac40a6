import type { Services } from '../../core/context.ts';
import { eventChannel } from '../../core/events.ts';
import { readLastTransferId } from '../../core/quota/months.ts';
import { readSubjectOwner } from '../../core/subject.ts';
import { parseAddress, uriOf, type Address } from './address.ts';

/** Runs something later, and says how to give that up. */
export type Schedule = (delayMs: number, run: () => void) => () => void;

const scheduleByTimer: Schedule = (delayMs, run) => {
  const timer = setTimeout(run, delayMs);
  timer.unref();
  return () => clearTimeout(timer);
};

/** A resource that changes all the time is told of once in so long. */
const quietMs = 1000;

/**
 * Calls back with the address of every video and publication of the account that changes, and of the
 * ledger where that moved quota: at once, and then at most once a second for each address.
 * @returns what ends it; after that nothing is called any more.
 */
export async function watchResources(
  services: Services,
  accountId: string,
  onChange: (uri: string) => void,
  schedule: Schedule = scheduleByTimer,
): Promise<() => Promise<void>> {
  const notices = coalesce(onChange, schedule);
  let lastTransfer = await readLastTransferId(services, accountId);
  const tellLedger = async (): Promise<void> => {
    const latest = await readLastTransferId(services, accountId);
    if (latest === lastTransfer) return;
    lastTransfer = latest;
    notices.tell(uriOf({ kind: 'ledger' }));
  };
  const look = async (id: string): Promise<void> => {
    const address = addressOf(id);
    if (!address || (await readSubjectOwner(services, id)) !== accountId) return;
    notices.tell(uriOf(address));
    if (address.kind === 'video') await tellLedger();
  };
  const listening = await services.database.sql.listen(
    eventChannel,
    (id) =>
      void look(id).catch((error: unknown) => {
        services.log.warn({ err: error }, 'a change of a resource was not told');
      }),
  );
  return async () => {
    notices.stop();
    await listening.unlisten();
  };
}

/** The address of what an event is about. */
function addressOf(id: string): Address | null {
  const folder = id.startsWith('vid_') ? 'videos' : 'publications';
  return parseAddress(`jilo://${folder}/${id}`);
}

/** The first notice of an address goes out at once; what follows within a second goes out after it, as one. */
function coalesce(onChange: (uri: string) => void, schedule: Schedule) {
  const quiet = new Map<string, { isDue: boolean; giveUp: () => void }>();
  let isStopped = false;
  const send = (uri: string): void => {
    const giveUp = schedule(quietMs, () => {
      const isDue = quiet.get(uri)?.isDue === true;
      quiet.delete(uri);
      if (isDue) send(uri);
    });
    quiet.set(uri, { isDue: false, giveUp });
    onChange(uri);
  };
  return {
    tell(uri: string): void {
      if (isStopped) return;
      const waiting = quiet.get(uri);
      if (waiting) waiting.isDue = true;
      else send(uri);
    },
    stop(): void {
      isStopped = true;
      for (const { giveUp } of quiet.values()) giveUp();
      quiet.clear();
    },
  };
}

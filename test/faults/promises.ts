import { z } from 'zod';

import { isTaken, type Facts } from './facts.ts';
import { expectedOf, isTimeOut, momentsOf } from './oracle.ts';

/** What must hold after every run; the answer names each breach. */
type Promised = {
  readonly name: string;
  readonly breaches: (facts: Facts) => readonly string[];
};

const attemptsPerShot = 3;

const takesOf = z.looseObject({ variants: z.int().default(0) });

/** The wallet's sides and how a row of the journal moves them. */
const sides = ['available', 'held', 'spent', 'expired'] as const;

const promises: readonly Promised[] = [
  {
    name: 'no video is stuck',
    breaches: ({ videos }) =>
      videos
        .filter(({ status }) => !['ready', 'failed', 'cancelled'].includes(status))
        .map(({ id, status }) => `${id} is ${status}`),
  },
  {
    name: 'no work is left over',
    breaches: ({ work, now }) =>
      work
        .filter(({ state, after }) => state === 'active' || after <= now)
        .map(({ name, state }) => `${name} is ${state}`),
  },
  {
    name: 'every hold is settled once',
    breaches: ({ holds, transfers, videos }) => [
      ...holds
        .filter(({ status }) => status === 'held')
        .map(({ reference }) => `${reference} is held`),
      ...videos
        .filter(({ id, rootId }) => id === rootId)
        .flatMap(({ id }) => {
          const count = (...verbs: string[]) =>
            transfers.filter(({ reference, verb }) => reference === id && verbs.includes(verb))
              .length;
          const counts = [count('hold'), count('capture', 'release'), count('refund')];
          const [held, settled, refunded = 0] = counts;
          return held === 1 && settled === 1 && refunded <= count('capture')
            ? []
            : [`${id} has ${counts.join(', ')} holds, settlements, refunds`];
        }),
      ...transfers
        .filter(({ verb, reference }) => verb !== 'grant' && !isRoot(videos, reference))
        .map(({ verb, reference }) => `${verb} of ${reference}, which is no first video`),
    ],
  },
  {
    name: 'the quota went where the settlement table says',
    breaches: (facts) =>
      facts.videos
        .filter(({ id, rootId }) => id === rootId)
        .flatMap((root) => {
          const hold = facts.holds.find(({ reference }) => reference === root.id)?.status;
          const compensation =
            facts.compensations.find(({ rootVideoId }) => rootVideoId === root.id)?.status ?? null;
          const expected = expectedOf(facts, root);
          const fits = expected.some(
            (one) => one.hold === hold && one.compensation === compensation,
          );
          const words = expected.map((one) => `${one.hold} and ${one.compensation}`).join(' or ');
          return fits
            ? []
            : [
                `${root.id} (${root.status}) is ${hold} and ${compensation}, not ${words || 'possible'}`,
              ];
        }),
  },
  {
    name: 'journal and wallets agree',
    breaches: ({ wallets, transfers }) =>
      wallets.flatMap((wallet) => {
        const own = transfers.filter(({ walletId }) => walletId === wallet.id);
        return sides.flatMap((side) => {
          const sum = own.reduce(
            (total, { debit, credit, amount }) =>
              total + (credit === side ? amount : 0) - (debit === side ? amount : 0),
            0,
          );
          return sum === wallet[side]
            ? []
            : [`${wallet.accountId}: ${side} is ${wallet[side]}, not ${sum}`];
        });
      }),
  },
  {
    name: 'no attempt is paid twice, and no shot more than three times',
    breaches: ({ requests, attempts, unknownSubmits }) => [
      ...unknownSubmits.map((id) => `${id} was sent without an intent`),
      ...repeated(requests.map(({ attemptId }) => attemptId)).map((id) => `${id} was taken twice`),
      ...requests.flatMap(({ attemptId, requestId }) => {
        const stored = attempts.find(({ id }) => id === attemptId)?.requestId ?? requestId;
        return stored === requestId ? [] : [`${attemptId} stands for another request`];
      }),
      ...[...new Set(attempts.map(({ shotId }) => shotId))].flatMap((shotId) => {
        const ids = new Set(attempts.filter((one) => one.shotId === shotId).map(({ id }) => id));
        const taken = requests.filter(({ attemptId }) => ids.has(attemptId)).length;
        return taken <= attemptsPerShot ? [] : [`${shotId} was taken ${taken} times`];
      }),
    ],
  },
  {
    name: 'nothing that is forged is taken in',
    breaches: ({ deliveries }) =>
      deliveries
        .filter((delivery) => delivery.how !== 'well' && isTaken(delivery))
        .map(({ how, requestId, status }) => `${how} for ${requestId} was answered ${status}`),
  },
  {
    name: 'a callback that met an error of ours is taken in all the same',
    breaches: ({ deliveries }) => {
      const own = deliveries.filter(({ how }) => how === 'well');
      const taken = new Set(own.filter(isTaken).map(({ requestId }) => requestId));
      return own
        .filter(({ requestId, status }) => (status ?? 0) >= 500 && !taken.has(requestId))
        .map(({ requestId, status }) => `${requestId} was answered ${status} and never taken in`);
    },
  },
  {
    name: 'an approval starts what was approved, once and whole or not at all',
    breaches: ({ videos, shots, approvals }) => [
      ...videos
        .filter(({ approvalId }) => !approvals.some(({ id }) => id === approvalId))
        .map(({ id }) => `${id} was started without an approval`),
      ...videos
        .filter(({ id }) => !shots.some(({ videoId, kind }) => videoId === id && kind === 'clip'))
        .map(({ id }) => `${id} has no clips`),
      ...approvals.flatMap(({ id, operation, input, status }) => {
        const started = videos.filter(({ approvalId }) => approvalId === id).length;
        const whole = operation === 'video_retry' ? 1 : takesOf.parse(input).variants;
        return started === 0 || (started === whole && status === 'used')
          ? []
          : [`${id} (${operation}, ${status}) started ${started} videos, not ${whole}`];
      }),
    ],
  },
  {
    name: 'no clip that was brought is lost',
    breaches: (facts) =>
      facts.videos
        .filter((video) => isTimeOut(facts, video.id) && video.deletedAt === null)
        .flatMap((video) => {
          const own = facts.shots.filter(({ videoId }) => videoId === video.id);
          const isWhole = own.every(({ status }) => status === 'delivered');
          return isWhole && video.status !== 'ready'
            ? [`${video.id} has every clip and is ${video.status}`]
            : [];
        }),
  },
  {
    name: 'storage holds exactly the files that rows name',
    breaches: ({ videos, shots, files }) => {
      const named = new Set(
        [
          ...videos.flatMap(({ fileKey, posterKey }) => [fileKey, posterKey]),
          ...shots.map(({ fileKey }) => fileKey),
        ]
          .filter((key) => key !== null)
          .map((key) => `files/${key}`),
      );
      return [
        ...files.filter((file) => !named.has(file)).map((file) => `${file} is nobody's`),
        ...[...named].filter((file) => !files.includes(file)).map((file) => `${file} is missing`),
        ...videos
          .filter(({ deletedAt, fileKey }) => deletedAt !== null && fileKey !== null)
          .map(({ id }) => `${id} is deleted and has a file`),
      ];
    },
  },
  {
    name: 'every person is told exactly once',
    breaches: (facts) =>
      facts.videos.flatMap(({ id }) => {
        const { failed, ready } = momentsOf(facts, id);
        return [
          ['video_failed', failed],
          ['video_ready', ready],
        ].flatMap(([kind, moment]) => {
          const written = facts.notices.filter(
            (row) => row.subjectId === id && row.kind === kind,
          ).length;
          const told = facts.tells.filter((tell) => tell.video === id && tell.kind === kind).length;
          const due = moment === null ? 0 : 1;
          return written === due && told === due
            ? []
            : [`${id}: ${kind} was written ${written} times and told ${told} times, not ${due}`];
        });
      }),
  },
  {
    name: 'what happened is told in an order that can be',
    breaches: (facts) => facts.videos.flatMap((video) => orderBreaches(facts, video)),
  },
  {
    name: 'a cancelled or failed video is stopped upstream',
    breaches: (facts) =>
      facts.requests.flatMap((request) => {
        const attempt = facts.attempts.find(({ id }) => id === request.attemptId);
        const video = facts.videos.find(({ id }) => id === attempt?.videoId);
        if (!attempt || !video || video.status === 'ready') return [];
        const { cancelled, failed } = momentsOf(facts, video.id);
        const ended = cancelled ?? failed;
        const isKnown = attempt.requestId !== null && attempt.cancelUrl !== null;
        const ranOn =
          request.completedAt === null || (ended !== null && request.completedAt > ended + stopMs);
        return isKnown && ranOn && request.cancelAskedAt === null
          ? [`${request.attemptId} of ${video.id} ran on and nobody stopped it`]
          : [];
      }),
  },
];

/** Each broken promise with what broke it. */
export const breachesOf = (facts: Facts): string[] =>
  promises.flatMap(({ name, breaches }) => breaches(facts).map((breach) => `${name}: ${breach}`));

/** A stop may wait for a worker, for its own retries, and for the next step of the clock. */
const stopMs = 30 * 60_000;

const isRoot = (videos: Facts['videos'], id: string): boolean =>
  videos.some((video) => video.id === id && video.rootId === id);

const repeated = (ids: readonly string[]): string[] => [
  ...new Set(ids.filter((id, index) => ids.indexOf(id) !== index)),
];

/** What may come after what; a late clip brings a video back from its time-out. */
function orderBreaches(facts: Facts, video: Facts['videos'][number]): string[] {
  const own = facts.events.filter(({ subjectId }) => subjectId === video.id);
  const kinds = own.map(({ kind }) => kind);
  const breaches: string[] = [];
  const need = (holds: boolean, words: string) => {
    if (!holds) breaches.push(`${video.id}: ${words} (${kinds.join(', ')})`);
  };
  const count = (kind: string) => kinds.filter((one) => one === kind).length;
  need(
    own.every(({ at }, index) => at >= (own[index - 1]?.at ?? at)),
    'time ran backwards',
  );
  need(kinds[0] === 'queued', 'it does not begin with the order');
  for (const kind of ['queued', 'ready', 'failed', 'cancelled', 'deleted'])
    need(count(kind) <= 1, `${kind} more than once`);
  const end = kinds.findIndex((kind) => kind === 'ready' || kind === 'cancelled');
  const after = end < 0 ? [] : kinds.slice(end + 1);
  need(
    after.every((kind) => kind === 'deleted'),
    'something happened after the end',
  );
  need(
    count('failed') === 0 || count('ready') === 0 || isTimeOut(facts, video.id),
    'ready after a failure that is final',
  );
  const delivered = own
    .filter(({ kind }) => kind === 'shot_delivered')
    .map(({ data }) => JSON.stringify(data));
  need(repeated(delivered).length === 0, 'a shot was delivered twice');
  return breaches;
}

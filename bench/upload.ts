import { median } from './bench-clips.ts';
import { compareSpeed } from './upload-speed.ts';
import { memoryLimitMb, surviveFaults } from './upload-survival.ts';

const mebibyte = 1024 ** 2;
const seed = 'upload';
const rounds = 5;
const limits = { plain: 0.6, multipart: 1 };

/** An upload through faults, and its speed without; true when everything is within its limit. */
export async function bench(say: (line: string) => void): Promise<boolean> {
  const hasSurvived = await survives(1024, say);
  const isFast = await isFastEnough(512, say);
  return hasSurvived && isFast;
}

async function survives(mebibytes: number, say: (line: string) => void): Promise<boolean> {
  say(
    `${mebibytes} MiB through faults, seed "${seed}"; YouTube, database and worker in processes of their own, a heap of 48 MB:`,
  );
  const result = await surviveFaults(mebibytes, seed);
  const { extraBytes, extraBytesLimit, peakMb } = result;
  const inMb = (bytes: number): string => `${(bytes / mebibyte).toFixed(1)} MiB`;
  say(`faults (${result.faults.length} of ${result.plannedFaults}): ${result.faults.join(', ')}`);
  say(`ended as ${result.status} after ${result.seconds.toFixed(0)} s`);
  say(
    `videos on the channel: ${result.videos}; the same bytes: ${result.isIdentical ? 'yes' : 'NO'}`,
  );
  say(
    `sent more than once: ${inMb(extraBytes)} (limit ${inMb(extraBytesLimit)}, one chunk per fault)`,
  );
  say(`the most that an uploading process held: ${peakMb} MB (limit ${memoryLimitMb} MB)`);
  return (
    result.faults.length === result.plannedFaults &&
    result.status === 'live' &&
    result.videos === 1 &&
    result.isIdentical &&
    extraBytes <= extraBytesLimit &&
    peakMb <= memoryLimitMb
  );
}

async function isFastEnough(mebibytes: number, say: (line: string) => void): Promise<boolean> {
  const times = await compareSpeed(mebibytes, rounds);
  const rate = (way: 'ours' | 'plain' | 'multipart'): string => {
    const seconds = median(times.map((one) => one[way])) / 1000;
    return `${(mebibytes / seconds).toFixed(0)} MiB/s`;
  };
  say(`${mebibytes} MiB without faults; medians of ${rounds} rounds in turns:`);
  say(`Jilo, in chunks:                            ${rate('ours')}`);
  say(`the whole file in one streamed PUT:         ${rate('plain')}`);
  say(`videos.insert of googleapis, in multipart:  ${rate('multipart')}`);
  const plain = median(times.map((one) => one.plain / one.ours));
  const multipart = median(times.map((one) => one.multipart / one.ours));
  say(`speed to that of the PUT: ${plain.toFixed(2)} (at least ${limits.plain})`);
  say(`speed to that of googleapis: ${multipart.toFixed(2)} (at least ${limits.multipart})`);
  return plain >= limits.plain && multipart >= limits.multipart;
}

import { readFileSync } from 'node:fs';

/** The most memory that a running process held so far, in kilobytes resident; Linux only. */
export function peakKilobytes(pid: number | 'self'): number {
  const own = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (own === undefined) throw new Error('the kernel does not tell the most memory held');
  return Number(own);
}

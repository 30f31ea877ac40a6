import { subscribe } from 'node:diagnostics_channel';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';

import { wallClock } from '../sandbox/clock.ts';
import { startGoogle } from '../sandbox/google/google.ts';
import { peakKilobytes } from './upload-memory.ts';
import type { PlannedFault } from './upload-faults-plan.ts';
import { toGoogle, type GoogleReport } from './upload-messages.ts';

/** YouTube in a process of its own: strikes chunks with the planned faults, and counts what comes in. */
const [clientId = '', clientSecret = '', uploadFolder = ''] = process.argv.slice(2);
const processingMs = 0;
const google = await startGoogle({
  clock: wallClock,
  clientId,
  clientSecret,
  uploadFolder,
  processingMs,
});

let faults: PlannedFault[] = [];
let worker = 0;
const struck: string[] = [];
let peak = 0;

const open = new Set<Socket>();
let closedBytes = 0;
subscribe('net.server.socket', (message) => {
  const socket = message instanceof Object && 'socket' in message ? message.socket : null;
  if (!(socket instanceof Socket)) return;
  open.add(socket);
  socket.once('close', () => {
    open.delete(socket);
    closedBytes += socket.bytesRead;
  });
});

// Published before the request is handled, so that the fault strikes this one.
subscribe('http.server.request.start', (message) => {
  const request = message instanceof Object && 'request' in message ? message.request : null;
  if (!(request instanceof IncomingMessage)) return;
  const range = request.headers['content-range'] ?? '';
  const span = /^bytes (?<first>\d+)-(?<last>\d+)\//u.exec(range)?.groups;
  const [next] = faults;
  if (!span || !next || Number(span['first']) < next.firstByte) return;
  faults = faults.slice(1);
  struck.push(next.how);
  strike(next, request, Number(span['last']) - Number(span['first']) + 1);
});

function strike({ how, share }: PlannedFault, request: IncomingMessage, length: number): void {
  if (how === 'expire') google.expireAccess();
  else if (how === 'kill') killAt(request.socket, request.socket.bytesRead + length * share);
  else {
    const failure = how === 'lost_answer' ? 'reset_after' : how;
    google.misbehave({ on: 'chunk', how: failure, times: 1 });
  }
}

/** Kills the uploading process once so much has come over its connection. */
function killAt(socket: Socket, bytes: number): void {
  if (socket.bytesRead < bytes && !socket.destroyed) {
    setImmediate(killAt, socket, bytes);
    return;
  }
  peak = Math.max(peak, peakKilobytes(worker));
  process.kill(worker, 'SIGKILL');
}

const report = (): GoogleReport => ({
  kind: 'report',
  receivedBytes: [...open].reduce((sum, { bytesRead }) => sum + bytesRead, closedBytes),
  struck,
  peakKilobytes: peak,
  videos: google.videos.map(({ id, sha256, bytes, file }) => ({ id, sha256, bytes, file })),
});

process.on('message', (message) => {
  const asked = toGoogle.parse(message);
  if (asked.kind === 'faults') faults = asked.faults;
  else if (asked.kind === 'worker') worker = asked.pid;
  else process.send?.(report());
});
process.on('disconnect', () => void google.close());
process.send?.({ kind: 'ready', url: google.url });

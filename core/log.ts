import { Writable } from 'node:stream';

import { pino, type Logger } from 'pino';

export type Log = Logger;

/** Shapes of bearer secrets that may stand inside an address or a provider's message. */
const secretShapes = [
  /(?<=\b(?:Bearer|Key) )[\w.:~+/-]{8,}={0,2}/g,
  /(?<=\b(?:sig|signature|token|t|upload_id|code|access_token|refresh_token|client_secret)=)[^&\s"\\]{6,}/g,
  /\bya29\.[\w-]+/g,
  /(?<=:\/\/[^:@/\s]{1,64}:)[^@/\s]+(?=@)/g,
];

const hidden = '[redacted]';

/** Takes out every known secret value and everything that looks like one. */
export function redact(text: string, secrets: readonly string[]): string {
  const known = secrets.reduce(
    (line, value) => (value ? line.replaceAll(value, hidden) : line),
    text,
  );
  return secretShapes.reduce((line, shape) => line.replace(shape, hidden), known);
}

/**
 * A pino log of JSON lines in which no secret can stand: by field name, by known value and by shape.
 * `write` receives finished lines; standard output is never used, it belongs to answers.
 */
export function createLog(options: {
  readonly level: string;
  readonly secrets: readonly string[];
  readonly write: (line: string) => void;
}): Log {
  const destination = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      options.write(redact(String(chunk), options.secrets));
      done();
    },
  });
  const names = [
    'authorization',
    'cookie',
    'password',
    'accessToken',
    'refreshToken',
    'sessionUri',
    'secret',
    'key',
  ];
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: names.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
        censor: hidden,
      },
    },
    destination,
  );
}

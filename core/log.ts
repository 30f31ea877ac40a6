import { Writable } from 'node:stream';

import { pino, type Logger } from 'pino';

export type Log = Logger;

const parameters =
  'sig|signature|token|t|upload_id|code|code_verifier|access_token|refresh_token|id_token|client_secret|key|api_?key|password|secret';
const fields =
  'authorization|cookie|set-cookie|password|secret|client_?secret|token|access_?token|refresh_?token|id_?token|session_?uri|api_?key|x-goog-api-key';

/** Shapes of secrets that may stand in an address, a header, a document or a provider's message. */
const secretShapes = [
  /(?<=\b(?:[Bb]earer|Key) )[\w.:~+/-]{8,}={0,2}/g,
  /(?<=\bBasic )[\w+/-]{12,}={0,2}/g,
  new RegExp(`(?<=\\b(?:${parameters})=)[^&\\s"'\\\\]{6,}`, 'gi'),
  // A field of a line of ours at any depth, and of a document quoted inside a string.
  new RegExp(`(?<="(?:${fields})":\\[?")(?:[^"\\\\]|\\\\.)+(?=")`, 'gi'),
  new RegExp(`(?<=\\\\"(?:${fields})\\\\":\\s?\\\\")[^"\\\\]+`, 'gi'),
  /\bya29\.[\w-]+/g,
  /jilo_[\w-]{24,}/g,
  /(?<=:\/\/[^:@/\s"]{0,64}:)[^/\s"]+(?=@)/g,
];

const hidden = '[redacted]';

/**
 * Takes out every known secret value and everything that looks like one.
 * @internal
 */
export function redact(text: string, secrets: readonly string[]): string {
  const known = secrets
    .filter((value) => value !== '')
    .flatMap(formsOf)
    .toSorted((a, b) => b.length - a.length) // One may begin with another.
    .reduce((line, value) => line.replaceAll(value, hidden), text);
  return secretShapes.reduce((line, shape) => line.replace(shape, hidden), known);
}

/** Signs that JSON lets through, though they begin a line or move the cursor of a terminal. */
const escapeControls = (line: string): string =>
  line.replaceAll(
    /[\u007f-\u009f\u2028\u2029]/g,
    (sign) => String.raw`\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** A value as it stands in plain text, in a JSON string and in an address. */
const formsOf = (value: string): string[] => [
  value,
  JSON.stringify(value).slice(1, -1),
  encodeURIComponent(value),
];

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
      options.write(escapeControls(redact(String(chunk), options.secrets)));
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

import { ConfigError } from '../core/config.ts';
import { explainFailure } from './explain.ts';
import { openHost, type Host, type Role } from './host.ts';

/** Reads `--roles web,worker`; everything by default. */
function readRoles(words: readonly string[]): Role[] {
  const at = words.indexOf('--roles');
  const named = at < 0 ? ['web', 'worker'] : (words[at + 1] ?? '').split(',');
  const roles = (['web', 'worker'] as const).filter((role) => named.includes(role));
  if (roles.length === 0 || roles.length < named.length)
    throw new ConfigError('--roles takes a comma-separated list of: web, worker');
  return roles;
}

function banner(host: Host): string {
  const marks = {
    live: 'live',
    sandbox: 'sandbox: an emulator on this machine',
    off: 'off: no key',
  };
  const names = {
    fal: 'fal (video)',
    apify: 'Apify (trends)',
    gemini: 'Gemini (texts)',
    google: 'YouTube',
  };
  const { fal, apify, gemini, google } = host.services;
  const lines = Object.entries({ fal, apify, gemini, google } as const).map(
    ([name, state]) =>
      `  ${(Object.entries(names).find(([key]) => key === name)?.[1] ?? name).padEnd(16)}${marks[state]}`,
  );
  const operations = host.operations.map(({ name }) => name).join(', ');
  return [
    'Jilo is running.',
    `  ${'Web'.padEnd(16)}${host.url ?? 'not in this process'}`,
    ...lines,
    `  ${'Operations'.padEnd(16)}${operations}`,
    'Stop with Ctrl+C.',
    '',
  ].join('\n');
}

async function main(): Promise<void> {
  const roles = readRoles(process.argv.slice(2));
  const host = await openHost({
    as: 'server',
    roles,
    write: (line) => void process.stderr.write(line),
  });
  process.stdout.write(banner(host));
  await new Promise<void>((stop) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop());
  });
  process.stdout.write('Stopping.\n');
  await host.close();
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${explainFailure(error)}\n`);
  process.exitCode = 1;
}

import { ConfigError } from '../core/config.ts';
import { explainFailure } from './explain.ts';
import { openHost, type Host, type Role } from './host.ts';
import { limitStop } from './stop-limit.ts';

/** Reads `--roles web,worker,bot`; everything by default. */
function readRoles(words: readonly string[]): Role[] {
  const at = words.indexOf('--roles');
  const named = at < 0 ? ['web', 'worker', 'bot'] : (words[at + 1] ?? '').split(',');
  const roles = (['web', 'worker', 'bot'] as const).filter((role) => named.includes(role));
  if (roles.length === 0 || roles.length < named.length)
    throw new ConfigError('--roles takes a comma-separated list of: web, worker, bot');
  return roles;
}

const marks = {
  live: 'live',
  sandbox: 'sandbox: an emulator on this machine',
  off: 'off: no key',
};

const names = [
  ['discord', 'Discord'],
  ['fal', 'fal (video)'],
  ['runway', 'Runway (video)'],
  ['apify', 'Apify (trends)'],
  ['gemini', 'Gemini (texts)'],
  ['google', 'YouTube'],
  ['stripe', 'Stripe (plans)'],
  ['mail', 'Mail (SMTP)'],
] as const;

const line = (label: string, value: string): string => `  ${label.padEnd(16)}${value}`;

function banner(host: Host): string {
  const services = names.map(([service, name]) => line(name, marks[host.services[service]]));
  const operations = host.operations.map(({ name }) => name).join(', ');
  const invitation = host.discordPage
    ? [
        `Talk to it:  ${host.discordPage}`,
        'A local Discord in your browser: type / or plain words.',
        '',
      ]
    : [];
  return [
    'Jilo is running.',
    ...invitation,
    line('Web', host.url ?? 'not in this process'),
    ...services,
    ...(host.mailPage ? [line('Inbox', host.mailPage)] : []),
    line('Operations', operations),
    'Stop with Ctrl+C.',
    '',
  ].join('\n');
}

async function main(): Promise<void> {
  const roles = readRoles(process.argv.slice(2));
  let host: Host | null = null;
  const limit = limitStop(() => host?.left() ?? ['its start']);
  const fatal = Promise.withResolvers<Error>();
  host = await openHost({
    as: 'server',
    roles,
    write: (text) => void process.stderr.write(text),
    onFatal: (error) => fatal.resolve(error),
  });
  process.stdout.write(banner(host));
  const why = await Promise.race([fatal.promise, limit.asked]);
  process.stdout.write('Stopping.\n');
  limit.begin();
  await host.close();
  const left = host.left();
  // Whatever keeps Jilo running is told, and may start it again.
  if (why) throw why;
  if (left.length === 0) return;
  process.stdout.write(`Stopped. Left: ${left.join(', ')}.\n`);
  // Somebody else may be at it already.
  process.exit(0);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${explainFailure(error)}\n`);
  process.exitCode = 1;
}

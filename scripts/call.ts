import { createInterface } from 'node:readline/promises';

import { decideApproval, findApproval, type PendingApproval } from '../core/consent/decide.ts';
import { requirePort, type Context } from '../core/context.ts';
import { Fault, isFault } from '../core/fault.ts';
import { toFault } from '../core/fault-of.ts';
import { viewFault } from '../core/fault-view.ts';
import { fieldFault } from '../core/input-fault.ts';
import { catalogue, localeOf, type Locale } from '../core/messages/catalogue.ts';
import { operations } from '../core/operations.ts';
import { perform, type AnyOperation, type Outcome } from '../core/operation.ts';
import { ConfigError, loadSurroundings } from '../core/config.ts';
import { systemIds } from '../core/ids.ts';
import { openHost, type Host } from './host.ts';
import { stopOnSignal } from './stop.ts';

const timeLimitMs = 10 * 60 * 1000;

/** The answer goes to standard output as JSON; everything else, such as questions, to standard error. */
const print = (value: unknown): void =>
  void process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
const note = (line: string): void => void process.stderr.write(`${line}\n`);

type Call = { readonly name: string; readonly input: string; readonly yes: boolean };

/** Reads `<operation> '<json>' [--yes]`. */
function readCall(words: readonly string[]): Call {
  const [name = '', input = '{}'] = words.filter((word) => word !== '--yes');
  return { name, input, yes: words.includes('--yes') };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw fieldFault('input', { problem: 'not_json', params: { reason: String(error) } }, error);
  }
}

/** Shows what would be done and asks; `--yes` answers in advance, and without a terminal nobody can. */
async function askPerson(
  approval: PendingApproval,
  locale: Locale,
  yes: boolean,
): Promise<boolean | null> {
  const { preview } = approval;
  note(`\n${preview.title}`);
  for (const [label, value] of preview.lines) note(`  ${label}: ${value}`);
  if (yes) return true;
  if (!process.stdin.isTTY) return null;
  const { approve } = catalogue(locale).words;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Whoever leaves the question, with Ctrl+C or by closing the terminal, has not said yes.
  const answer = await terminal.question(`${approve}? [y/N] `).catch(() => '');
  terminal.close();
  return /^(?:y|yes|是|好)$/iu.test(answer.trim());
}

/** Performs, and lets the person at this terminal decide where a person has to. */
async function performWithPerson(
  operation: AnyOperation,
  raw: unknown,
  context: Context,
  yes: boolean,
): Promise<Outcome> {
  const first = await perform(operation, raw, context);
  if (first.ok || !isFault(first.fault, 'approval_required')) return first;
  const { id } = first.fault.params;
  const by = context.actor.accountId;
  const approved = await askPerson(await findApproval(context, id, by), context.locale, yes);
  if (approved === null) return first;
  await decideApproval(context, { id, approved, by, surface: 'terminal' });
  if (!approved) return { ok: false, fault: new Fault('approval_refused', {}), reference: null };
  return perform(operation, raw, context, { approvalId: id });
}

/** Why an operation cannot be run here: its service is not set up, or there is no such operation. */
function notOffered(host: Host, name: string): Fault {
  const { ports } = host.app;
  for (const port of operations.find((one) => one.name === name)?.needs ?? [])
    requirePort(ports, port);
  const known = host.operations.map((one) => one.name).join(', ');
  return new Fault('unknown_operation', { name, known });
}

async function run(host: Host, call: Call, stop: AbortSignal): Promise<number> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(timeLimitMs)]);
  const context: Context = {
    ...(await host.contextFor('terminal', signal)),
    onProgress: ({ done, total, message }) => note(`${message} (${done}/${total})`),
  };
  const operation = host.operations.find(({ name }) => name === call.name);
  if (!operation) throw notOffered(host, call.name);
  const outcome = await performWithPerson(operation, parseJson(call.input), context, call.yes);
  if (outcome.ok) {
    print(outcome.value);
    note(outcome.text);
    if (host.url === null && operation.effect !== 'read')
      note('No Jilo is running on this data folder: queued work waits for `npm start`.');
    return 0;
  }
  print({ error: viewFault(outcome.fault, context.locale) });
  return 1;
}

/** Runs one operation and says how it ended: the one place at the terminal that catches. */
async function main(): Promise<number> {
  const stop = stopOnSignal();
  let host: Host | null = null;
  const locale = localeOf(loadSurroundings().language);
  try {
    host = await openHost({ as: 'guest' });
    return await run(host, readCall(process.argv.slice(2)), stop);
  } catch (error) {
    if (error instanceof ConfigError) {
      note(error.message);
      return 1;
    }
    const log = host?.app.log ?? {
      error: (fields: object) => note('err' in fields ? String(fields.err) : ''),
    };
    const { fault } = toFault(error, { ids: systemIds, log }, 'call');
    print({ error: viewFault(fault, locale) });
    return 1;
  } finally {
    await host?.close();
  }
}

process.exitCode = await main();

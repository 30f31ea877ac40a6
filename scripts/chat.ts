import { clearLine, createInterface, cursorTo } from 'node:readline';
import { parseArgs } from 'node:util';

import type { Screen } from '../bot/terminal/screen.ts';
import { runChat } from '../bot/terminal/chat.ts';
import { accountShow } from '../core/account/show.ts';
import { ConfigError, loadSurroundings } from '../core/config.ts';
import { toFault } from '../core/fault-of.ts';
import { viewFault } from '../core/fault-view.ts';
import { systemIds } from '../core/ids.ts';
import { localeOf } from '../core/messages/catalogue.ts';
import { perform } from '../core/operation.ts';
import type { Context } from '../core/context.ts';
import { terminalWords } from '../core/messages/terminal.ts';
import { openHost, type Host } from './host.ts';
import { stopOnSignal } from './stop.ts';

const note = (line: string): void => void process.stderr.write(`${line}\n`);

type Words = { readonly say: string | undefined; readonly yes: boolean };

/** Reads `[--say "…"] [--yes]`; null for anything else. */
function readWords(): Words | null {
  try {
    const { values } = parseArgs({
      options: { say: { type: 'string' }, yes: { type: 'boolean', default: false } },
    });
    return { say: values.say, yes: values.yes };
  } catch {
    return null;
  }
}

/** Standard input and output as a screen: with a person at it a line that is typed stays below what is told. */
function openScreen(): Screen & { close(): void } {
  const { stdin, stdout } = process;
  const isInteractive = stdin.isTTY && stdout.isTTY;
  const lines = createInterface({ input: stdin, output: stdout, terminal: isInteractive });
  const typed: string[] = [];
  let isClosed = false;
  let waiting: ((line: string | null) => void) | null = null;
  let isPromptShown = false;
  const showPrompt = (): void => {
    lines.prompt(true);
    isPromptShown = true;
  };
  const hand = (line: string | null): void => {
    isPromptShown = false;
    const taker = waiting;
    waiting = null;
    if (taker) taker(line);
    else if (line !== null) typed.push(line);
  };
  lines.on('line', hand).on('close', () => {
    isClosed = true;
    hand(null);
  });
  return {
    isInteractive,
    write(text) {
      if (isPromptShown) {
        cursorTo(stdout, 0);
        clearLine(stdout, 0);
        isPromptShown = false;
      }
      stdout.write(text);
      if (isInteractive && waiting && text.endsWith('\n')) showPrompt();
    },
    async readLine(prompt) {
      const line = typed.shift();
      if (line !== undefined) return line;
      if (isClosed) return null;
      lines.setPrompt(prompt);
      if (isInteractive) showPrompt();
      return new Promise((resolve) => {
        waiting = resolve;
      });
    },
    close: () => lines.close(),
  };
}

async function talk(host: Host, { say, yes }: Words, stop: AbortSignal): Promise<void> {
  const context = await host.contextFor('terminal', stop);
  const screen = openScreen();
  const leave = () => screen.close();
  stop.addEventListener('abort', leave);
  try {
    if (screen.isInteractive && say === undefined) note(await greet(context));
    const messages = say === undefined ? {} : { messages: [say] };
    await runChat({ context, operations: host.operations, screen, yes, ...messages });
  } finally {
    screen.close();
  }
}

async function greet(context: Context): Promise<string> {
  const outcome = await perform(accountShow, {}, context);
  if (!outcome.ok) throw outcome.fault;
  const { name } = accountShow.output.parse(outcome.value);
  return terminalWords(context.locale).hello({ name });
}

/** Talks until the person leaves, and says what went wrong: the one place that catches. */
async function main(): Promise<number> {
  const words = readWords();
  if (!words) {
    note('Usage: npm run chat [-- --say "what you want"] [--yes]');
    return 1;
  }
  const stop = stopOnSignal();
  let host: Host | null = null;
  try {
    host = await openHost({ as: 'resident' });
    await talk(host, words, stop);
    return 0;
  } catch (error) {
    if (stop.aborted) return 0;
    if (error instanceof ConfigError) {
      note(error.message);
      return 1;
    }
    const log = host?.app.log ?? {
      error: (fields: object) => note('err' in fields ? String(fields.err) : ''),
    };
    const { fault } = toFault(error, { ids: systemIds, log }, 'chat');
    const { message, next } = viewFault(fault, localeOf(loadSurroundings().language));
    note(`${message} ${next}`);
    return 1;
  } finally {
    await host?.close();
  }
}

process.exitCode = await main();

import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';

/** Long enough for a slow machine; every wait ends as soon as what it waits for is there. */
const patienceMs = 30_000;

export type ChatOptions = {
  /** Address of the local Discord's page. */
  readonly url: string;
  /** Language of the browser. */
  readonly locale?: 'en-US' | 'zh-CN';
  readonly size?: { readonly width: number; readonly height: number };
  /** Pixels of the picture for each pixel of the page. */
  readonly scale?: number;
  readonly colours?: 'light' | 'dark';
};

/** What is typed into an option of a command; `pick` is chosen from what is then suggested. */
export type OptionText = string | { readonly type?: string; readonly pick: string };

/** The local Discord's page in a browser, used as a person does. */
export type Chat = {
  readonly page: Page;
  /** What went wrong in the browser itself: errors of scripts, failed loads, breaches of the page's policy. */
  readonly troubles: readonly string[];
  /** Fills in and sends a command; names are those that the person sees. */
  command(name: string, options?: Readonly<Record<string, OptionText>>): Promise<void>;
  say(text: string): Promise<void>;
  /** The newest card with this text. */
  card(text: string | RegExp): Locator;
  /** Presses a button of the newest card with this text. */
  press(card: string | RegExp, label: string): Promise<void>;
  /** Chooses from the list of a card that shows this text. */
  choose(card: string | RegExp, shown: string, option: string): Promise<void>;
  /** Follows a link of the newest card with this text, into a tab of its own. */
  follow(card: string | RegExp, label: string): Promise<Page>;
  /** Switches the person's language. */
  speak(language: 'English' | '中文'): Promise<void>;
  /** Adds a person and speaks as them from now on. */
  join(name: string): Promise<void>;
  openDirect(): Promise<void>;
  close(): Promise<void>;
};

/** Opens the page in a fresh profile of the browser. */
export async function openChat(browser: Browser, options: ChatOptions): Promise<Chat> {
  const context = await browser.newContext({
    locale: options.locale ?? 'en-US',
    viewport: options.size ?? { width: 1280, height: 860 },
    deviceScaleFactor: options.scale ?? 1,
    colorScheme: options.colours ?? 'light',
  });
  context.setDefaultTimeout(patienceMs);
  const troubles = listenForTroubles(context);
  const page = await context.newPage();
  await page.goto(options.url);
  await composerOf(page).getByRole('textbox').waitFor();
  const card = (text: string | RegExp) =>
    page.getByRole('log').locator('.container').filter({ hasText: text }).last();
  return {
    page,
    troubles,
    card,
    command: (name, given = {}) => sendCommand(page, name, given),
    say: (text) => say(page, text),
    press: (text, label) => card(text).getByRole('button', { name: label, exact: true }).click(),
    async choose(text, shown, option) {
      await card(text).getByRole('combobox').filter({ hasText: shown }).click();
      await page.getByRole('option', { name: option }).click();
    },
    async follow(text, label) {
      const opened = context.waitForEvent('page');
      await card(text).getByRole('link', { name: label, exact: true }).click();
      return opened;
    },
    speak: (language) => speak(page, language),
    join: (name) => join(page, name),
    openDirect: () => page.locator('.channel.direct').click(),
    close: () => context.close(),
  };
}

function listenForTroubles(context: BrowserContext): readonly string[] {
  const troubles: string[] = [];
  context.on('weberror', (failure) => void troubles.push(String(failure.error())));
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      troubles.push(`${message.text()} (${message.location().url})`);
  });
  return troubles;
}

const composerOf = (page: Page): Locator => page.locator('form.composer');

async function say(page: Page, text: string): Promise<void> {
  const field = composerOf(page).getByRole('textbox');
  await field.fill(text);
  await field.press('Enter');
}

async function sendCommand(
  page: Page,
  name: string,
  options: Readonly<Record<string, OptionText>>,
): Promise<void> {
  const composer = composerOf(page);
  await composer.getByRole('textbox').fill(name);
  await composer.getByRole('option', { name }).first().click();
  const line = composer.getByRole('group', { name, exact: true });
  for (const [option, text] of Object.entries(options))
    await fillOption(composer, line, option, text);
  await composer.locator('button[type=submit]').click();
}

async function fillOption(
  composer: Locator,
  line: Locator,
  name: string,
  text: OptionText,
): Promise<void> {
  const field = line.getByRole('combobox', { name, exact: true });
  // Required options stand there from the start; the others are asked for by name.
  if ((await field.count()) === 0) {
    await line.getByRole('textbox').fill(name);
    await composer.getByRole('option', { name }).first().click();
  }
  await field.fill(typeof text === 'string' ? text : (text.type ?? ''));
  if (typeof text !== 'string')
    await composer.getByRole('option', { name: text.pick }).first().click();
}

async function speak(page: Page, language: string): Promise<void> {
  const account = page.locator('#account');
  await account.getByRole('button').click();
  await account.getByRole('group').getByRole('button', { name: language, exact: true }).click();
  await page.keyboard.press('Escape');
}

async function join(page: Page, name: string): Promise<void> {
  const account = page.locator('#account');
  await account.getByRole('button').click();
  await account.getByRole('textbox').fill(name);
  await account.getByRole('textbox').press('Enter');
  await account.getByRole('button').filter({ hasText: name }).waitFor();
}

import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';

import type { Locale } from '../core/messages/catalogue.ts';

/** Long enough for a slow machine; every wait ends as soon as what it waits for is there. */
const patienceMs = 20_000;

export type VisitOptions = {
  /** Address of the web app. */
  readonly url: string;
  readonly locale: Locale;
  readonly size: { readonly width: number; readonly height: number };
  /** Pixels of a picture for each pixel of the page. */
  readonly scale?: number;
  readonly colours?: 'light' | 'dark';
};

/** Our web pages in a browser of somebody; a narrow one is a phone. */
export type Visit = {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly locale: Locale;
  /** What went wrong in the browser itself: errors of scripts, failed loads, breaches of a page's policy. */
  readonly troubles: readonly string[];
  /** Opens a path of the web app, or a whole address. */
  go(address: string): Promise<void>;
  /** Presses with a finger on a phone, and with a mouse elsewhere. */
  press(what: Locator): Promise<void>;
  /** Presses the button or link with this name. */
  pressNamed(name: string): Promise<void>;
  heading(name: string): Promise<void>;
  /** Takes away the troubles that were made on purpose. */
  forgive(trouble: RegExp): void;
  close(): Promise<void>;
};

const widestPhone = 500;

/** Opens a fresh profile of the browser. */
export async function openVisit(browser: Browser, options: VisitOptions): Promise<Visit> {
  const { locale, size } = options;
  const isPhone = size.width <= widestPhone;
  const context = await browser.newContext({
    locale: locale === 'zh' ? 'zh-CN' : 'en-GB',
    viewport: size,
    deviceScaleFactor: options.scale ?? 1,
    colorScheme: options.colours ?? 'light',
    isMobile: isPhone,
    hasTouch: isPhone,
  });
  context.setDefaultTimeout(patienceMs);
  const troubles = listenForTroubles(context);
  const page = await context.newPage();
  const press = (what: Locator) => (isPhone ? what.tap() : what.click());
  return {
    page,
    context,
    locale,
    troubles,
    press,
    async go(address) {
      await page.goto(new URL(address, options.url).href);
    },
    pressNamed: (name) =>
      press(
        page
          .getByRole('button', { name, exact: true })
          .or(page.getByRole('link', { name, exact: true })),
      ),
    heading: (name) => page.getByRole('heading', { name, exact: true }).first().waitFor(),
    forgive(trouble) {
      const others = troubles.filter((one) => !trouble.test(one));
      troubles.splice(0, troubles.length, ...others);
    },
    close: () => context.close(),
  };
}

/** What comes of a load that a person has left. */
const isLeft = (trouble: string): boolean => trouble.startsWith('net::ERR_ABORTED');

function listenForTroubles(context: BrowserContext): string[] {
  const troubles: string[] = [];
  const note = (trouble: string): void => {
    if (!isLeft(trouble)) troubles.push(trouble);
  };
  context.on('weberror', (failure) => note(String(failure.error())));
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      note(`${message.text()} (${message.location().url})`);
  });
  context.on('requestfailed', (request) => {
    note(`${request.failure()?.errorText ?? 'failed'} (${request.url()})`);
  });
  return troubles;
}

import express from 'express';

import { contextOfAccount } from '../../core/account/acting.ts';
import { Fault } from '../../core/fault.ts';
import type { AnyOperation } from '../../core/operation.ts';
import { operations as allOperations } from '../../core/operations.ts';
import { accountRoutes, type AccountOptions } from '../../web-callbacks/account.ts';
import { chartRoutes } from '../../web-callbacks/charts.ts';
import { dashboardRoutes } from '../../web-callbacks/dashboard.ts';
import { handleErrors } from '../../web-callbacks/errors.ts';
import { mediaRoutes } from '../../web-callbacks/media.ts';
import { styleHash } from '../../web-callbacks/page/assets.ts';
import { listenHostSetting, serveWeb } from '../../web-callbacks/serve.ts';
import type { SignedInOptions } from '../../web-callbacks/signed-in-page.ts';
import { tokenRoutes } from '../../web-callbacks/tokens.ts';
import type { World } from './world.ts';

/** What a browser of a person got. */
export type Page = {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  /** Where it is sent on to; null: nowhere. */
  readonly location: string | null;
};

type Form = Readonly<Record<string, string | readonly string[]>>;

/** The pages of signed-in people, whose name a header says in place of a session. */
export type OwnPages = {
  readonly url: string;
  get(person: string, path: string, headers?: Record<string, string>): Promise<Page>;
  /** Posts a form as the page has it: with the hidden field of the session. */
  post(person: string, path: string, form: Form, headers?: Record<string, string>): Promise<Page>;
  /** The value of that field. */
  csrfOf(person: string): string;
  close(): Promise<void>;
};

type Options = Pick<AccountOptions, 'identities'> & {
  readonly operations?: readonly AnyOperation[];
};

const policy = `default-src 'none'; style-src ${styleHash}; img-src 'self'; form-action 'self'`;
const sessionOf = (person: string): string => `ses_${person}`;

/** Serves the dashboard, the tokens and the account, with the files and charts that they show. */
export async function openOwnPages(world: World, options: Options = {}): Promise<OwnPages> {
  const { operations = allOperations, ...rest } = options;
  const address: { url: string | null } = { url: null };
  const services = { ...world.app, publicUrl: () => address.url };
  const requireSignedIn: SignedInOptions['requireSignedIn'] = async (_, request) => {
    const person = request.get('x-person');
    if (!person) throw new Fault('link_not_valid', {});
    const { accountId } = (await world.context('web', person)).actor;
    const { signal } = new AbortController();
    const context = await contextOfAccount(services, { accountId, surface: 'web', signal });
    return { accountId, sessionId: sessionOf(person), context };
  };
  const app = express();
  app.set(listenHostSetting, '127.0.0.1');
  app.use((_request, response, next) => {
    response.set('Content-Security-Policy', policy);
    next();
  });
  app.use(dashboardRoutes(services, operations, { requireSignedIn }));
  app.use(tokenRoutes(services, { requireSignedIn }));
  app.use(accountRoutes(services, operations, { requireSignedIn, ...rest }));
  app.use(mediaRoutes(services));
  app.use(chartRoutes(services));
  app.use(handleErrors(services));
  const web = await serveWeb(app, 0);
  address.url = web.url;
  const csrfOf = (person: string) => services.crypto.sign('csrf', sessionOf(person));
  const ask = async (person: string, path: string, init: RequestInit): Promise<Page> => {
    const headers = new Headers(init.headers);
    headers.set('x-person', person);
    const answer = await fetch(`${web.url}${path}`, { ...init, headers, redirect: 'manual' });
    const { status } = answer;
    const location = answer.headers.get('location');
    return { status, headers: answer.headers, location, text: await answer.text() };
  };
  return {
    url: web.url,
    get: (person, path, headers = {}) => ask(person, path, { headers }),
    post(person, path, form, headers = {}) {
      const body = new URLSearchParams({ csrf: csrfOf(person) });
      for (const [name, value] of Object.entries(form)) {
        body.delete(name);
        for (const one of [value].flat()) body.append(name, one);
      }
      return ask(person, path, { method: 'POST', headers, body });
    },
    csrfOf,
    close: () => web.close(),
  };
}

import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';

import type { Services } from '../core/context.ts';
import type { AnyOperation } from '../core/operation.ts';
import { accountRoutes } from './account.ts';
import { drawWays } from './account-ways.ts';
import { accountExportRoutes } from './account-export.ts';
import { approvalRoutes } from './approvals.ts';
import { billingRoutes } from './billing.ts';
import { chartRoutes } from './charts.ts';
import { dashboardRoutes } from './dashboard.ts';
import { answerAs, answerMissing, handleErrors } from './errors.ts';
import { falRoutes } from './fal.ts';
import { googleRoutes } from './google.ts';
import { googleStartRoutes } from './google-start.ts';
import { healthRoutes } from './health.ts';
import { iconRoutes } from './icon.ts';
import { linkRoutes } from './link-page.ts';
import { mcpRoutes } from './mcp.ts';
import { mediaRoutes } from './media.ts';
import { createMetrics } from './metrics.ts';
import { styleHash } from './page/assets.ts';
import { oauthRoutes } from './oauth.ts';
import { progressRoutes } from './progress.ts';
import { receiptRoutes } from './receipts.ts';
import { limitAddresses } from './rates.ts';
import { readyRoutes } from './ready.ts';
import { listenHostSetting } from './serve.ts';
import { shareRoutes } from './share.ts';
import { requireSignedIn } from './signed-in.ts';
import { signInPages } from './sign-in/routes.ts';
import { stripeRoutes } from './stripe.ts';
import { tokenRoutes } from './tokens.ts';
import { videoPageRoutes } from './video-page.ts';

type WebAppOptions = {
  /** What this installation offers; approvals draw the fields of these. */
  readonly operations: readonly AnyOperation[];
  /** Names this run in `/healthz`, so that another process can tell whether it is the one it knows. */
  readonly instanceId: string;
};

/** The web app: callbacks of the providers, signed pages and files, health. Each route parses its own body. */
export function createWebApp(services: Services, options: WebAppOptions): Express {
  const { NODE_ENV, PUBLIC_URL, TRUSTED_PROXIES } = services.config;
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', TRUSTED_PROXIES);
  app.set(listenHostSetting, NODE_ENV === 'production' ? '0.0.0.0' : '127.0.0.1');
  const metrics = createMetrics(services);
  app.use(metrics.measure);
  app.use(nameRequests(services));
  app.use(protect(PUBLIC_URL?.startsWith('https:') ?? false));
  app.use(healthRoutes(services, options.instanceId));
  app.use(readyRoutes(services));
  app.use(metrics.routes);
  app.use(iconRoutes());
  app.use(falRoutes(services));
  app.use(stripeRoutes(services));
  app.use(mediaRoutes(services));
  // From here on it is people and their programs that ask.
  app.use('/mcp', answerAs({ as: 'rpc' }));
  app.use(limitAddresses(services));
  app.use(googleStartRoutes(services));
  app.use(googleRoutes(services));
  app.use(videoPageRoutes(services));
  app.use(shareRoutes(services));
  app.use(chartRoutes(services));
  app.use(receiptRoutes(services));
  app.use(accountExportRoutes(services));
  app.use(progressRoutes(services));
  app.use(billingRoutes(services));
  app.use(dashboardRoutes(services, options.operations, { requireSignedIn }));
  app.use(tokenRoutes(services, { requireSignedIn }));
  app.use(accountRoutes(services, options.operations, { requireSignedIn, identities: drawWays }));
  app.use(approvalRoutes(services, options.operations));
  app.use(linkRoutes(services));
  app.use(signInPages(services));
  app.use(oauthRoutes(services));
  app.use(mcpRoutes(services, options.operations));
  app.use(answerMissing);
  app.use(handleErrors(services));
  return app;
}

/** Every answer carries an id that the log knows; addresses are logged without their query, which holds secrets. */
const nameRequests =
  ({ ids, log }: Services): RequestHandler =>
  (request, response, next) => {
    const requestId = ids.next('req');
    const { method, path } = request;
    response.set('X-Request-Id', requestId);
    response.once('finish', () => {
      log.debug({ requestId, method, path, status: response.statusCode }, 'web request');
    });
    next();
  };

const protect = (overHttps: boolean): RequestHandler =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: [styleHash],
        imgSrc: ["'self'"],
        mediaSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    xFrameOptions: { action: 'deny' },
    // `no-referrer` would make browsers send `Origin: null` with our own forms.
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: overHttps,
  });

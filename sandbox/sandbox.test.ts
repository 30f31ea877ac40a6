import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Stripe } from 'stripe';
import { afterEach, expect, test, vi } from 'vitest';

import { closeAll, listen } from '../test/kit/stripe-api.ts';
import { startSandbox, type Sandbox } from './sandbox.ts';

let folder = '';
let sandbox: Sandbox | undefined;
afterEach(async () => {
  await sandbox?.close();
  await closeAll();
  await rm(folder, { recursive: true, force: true });
});

test('Stripe delivers to the address that was announced, and shows its pages', async () => {
  folder = await mkdtemp(join(tmpdir(), 'jilo-sandbox-'));
  sandbox = await startSandbox({ services: ['stripe'], folder });
  const { settings } = sandbox;
  const { hostname: host, port } = new URL(settings['STRIPE_API_URL'] ?? '');
  const sdk = new Stripe(settings['STRIPE_SECRET_KEY'] ?? '', { host, port, protocol: 'http' });
  const { url, received } = await listen();

  sandbox.announce?.(new URL(url).origin);
  await sdk.customers.create({ name: 'Ada' });
  await vi.waitFor(() => expect(received).toHaveLength(1));
  const [{ path, body, signature } = { path: '', body: '', signature: '' }] = received;
  const secret = settings['STRIPE_WEBHOOK_SECRET'] ?? '';
  expect(path).toBe('/webhooks/stripe');
  expect(sdk.webhooks.constructEvent(body, signature, secret).type).toBe('customer.created');

  const checkout = await sdk.checkout.sessions.create({
    mode: 'subscription',
    line_items: [{ price: settings['STRIPE_PRICE_PRO'] ?? '', quantity: 1 }],
    success_url: 'https://jilo.test/done',
  });
  const page = await fetch(checkout.url ?? '');
  expect(await page.text()).toContain('Subscribe to Pro');
});

import type { Route } from '../http.ts';
import type { StripeHouse } from './house.ts';
import { checkoutRoutes } from './page-checkout.ts';
import { invoiceRoutes } from './page-invoice.ts';
import { portalRoutes } from './page-portal.ts';

/** The pages that people see at Stripe: checkout, customer portal and invoices. They ask for no key. */
export const pageRoutes = (stripe: StripeHouse): Route[] => [
  ...checkoutRoutes(stripe),
  ...portalRoutes(stripe),
  ...invoiceRoutes(stripe),
];

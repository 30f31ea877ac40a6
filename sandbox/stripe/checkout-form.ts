import { z } from 'zod';

import { invalidRequest, noSuch } from './errors.ts';
import type { StripeHouse } from './house.ts';
import type { CheckoutRecord, PriceRecord } from './records.ts';
import { flag, metadataForm, readParams, text, url, whole } from './params.ts';
import type { FormTree } from './forms.ts';

const locales = [
  ...(['auto', 'bg', 'cs', 'da', 'de', 'el', 'en', 'en-GB', 'es', 'es-419', 'et', 'fi'] as const),
  ...(['fil', 'fr', 'fr-CA', 'hi-IN', 'hr', 'hu', 'id', 'it', 'ja', 'ko', 'lt', 'lv'] as const),
  ...(['ms', 'mt', 'nb', 'nl', 'pl', 'pt', 'pt-BR', 'ro', 'ru', 'sk', 'sl', 'sv', 'th'] as const),
  ...(['tr', 'vi', 'zh', 'zh-HK', 'zh-TW'] as const),
];
export const localeForm = z.enum(locales);

/** Parameters that Stripe has and this stand-in has not; they are refused in so many words. */
const notHere = [
  ...(['after_expiration', 'branding_settings', 'consent_collection', 'currency'] as const),
  ...(['custom_fields', 'custom_text', 'discounts', 'optional_items', 'permissions'] as const),
  ...(['setup_intent_data', 'shipping_address_collection', 'shipping_options'] as const),
];

const innerForm = z.strictObject({
  metadata: metadataForm.optional(),
  description: text.optional(),
});
const switchForm = z.strictObject({ enabled: flag });

const form = z.strictObject({
  mode: z.enum(['payment', 'subscription', 'setup']),
  line_items: z
    .array(z.strictObject({ price: text, quantity: whole.pipe(z.number().min(1)) }))
    .min(1)
    .max(100),
  customer: text.optional(),
  customer_email: text.max(800).optional(),
  client_reference_id: text.max(200).optional(),
  success_url: url.optional(),
  cancel_url: url.optional(),
  return_url: url.optional(),
  metadata: metadataForm.optional(),
  subscription_data: innerForm.optional(),
  payment_intent_data: innerForm
    .extend({ setup_future_usage: z.enum(['off_session', 'on_session']).optional() })
    .optional(),
  ui_mode: z.enum(['elements', 'embedded_page', 'form', 'hosted_page']).optional(),
  locale: localeForm.optional(),
  allow_promotion_codes: flag.optional(),
  expires_at: whole.optional(),
  submit_type: z.enum(['auto', 'book', 'donate', 'pay', 'subscribe']).optional(),
  billing_address_collection: z.enum(['auto', 'required']).optional(),
  customer_creation: z.enum(['always', 'if_required']).optional(),
  payment_method_collection: z.enum(['always', 'if_required']).optional(),
  adaptive_pricing: switchForm.optional(),
  automatic_tax: switchForm.optional(),
});
type Form = z.infer<typeof form>;

export type CheckoutWish = Pick<
  CheckoutRecord,
  | 'mode'
  | 'customer'
  | 'customerEmail'
  | 'clientReferenceId'
  | 'amount'
  | 'currency'
  | 'metadata'
  | 'innerMetadata'
  | 'uiMode'
  | 'successUrl'
  | 'cancelUrl'
  | 'returnUrl'
  | 'locale'
  | 'allowPromotionCodes'
> & { readonly items: readonly Form['line_items'][number][]; readonly expiresAt: number | null };

/** What a new checkout is to be. @throws ApiError as Stripe refuses it. */
export function readCheckoutForm(house: StripeHouse, input: FormTree): CheckoutWish {
  const missing = notHere.find((name) => name in input);
  if (missing) throw unknownHere(`\`${missing}\``, missing);
  const wish = readParams(form, input);
  const { mode, ui_mode: uiMode = 'hosted_page' } = wish;
  if (mode === 'setup') throw unknownHere('`setup` mode', 'mode');
  checkCombination(wish, uiMode);
  if (wish.customer !== undefined && !house.state.customers.has(wish.customer)) {
    throw noSuch('customer', wish.customer, 'customer');
  }
  const prices = wish.line_items.map(({ price }, index) => priceOf(house, price, index));
  checkPrices(mode, prices);
  checkLife(house, wish.expires_at);
  const inner = mode === 'payment' ? wish.payment_intent_data : wish.subscription_data;
  return {
    ...plainPartsOf(wish),
    mode,
    uiMode,
    amount: wish.line_items.reduce(
      (sum, { quantity }, i) => sum + quantity * (prices[i]?.amount ?? 0),
      0,
    ),
    currency: prices[0]?.currency ?? 'usd',
    innerMetadata: inner?.metadata ?? {},
  };
}

/** What is taken over as it was written. */
function plainPartsOf(
  wish: Form,
): Omit<CheckoutWish, 'mode' | 'uiMode' | 'amount' | 'currency' | 'innerMetadata'> {
  return {
    items: wish.line_items,
    customer: wish.customer ?? null,
    customerEmail: wish.customer_email ?? null,
    clientReferenceId: wish.client_reference_id ?? null,
    metadata: wish.metadata ?? {},
    successUrl: wish.success_url ?? null,
    cancelUrl: wish.cancel_url ?? null,
    returnUrl: wish.return_url ?? null,
    locale: wish.locale ?? null,
    allowPromotionCodes: wish.allow_promotion_codes ?? null,
    expiresAt: wish.expires_at ?? null,
  };
}

const unknownHere = (what: string, param: string) =>
  invalidRequest(`This stand-in for Stripe does not know ${what} yet.`, { param });

function checkCombination(wish: Form, uiMode: CheckoutRecord['uiMode']): void {
  const required = uiMode === 'hosted_page' ? 'success_url' : 'return_url';
  if (wish[required] === undefined) {
    throw invalidRequest(`Missing required param: ${required}.`, {
      code: 'parameter_missing',
      param: required,
    });
  }
  if (wish.customer !== undefined && wish.customer_email !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: customer, customer_email.');
  }
  const wrong = wish.mode === 'payment' ? 'subscription_data' : 'payment_intent_data';
  if (wish[wrong] !== undefined) {
    throw invalidRequest(`You can not pass \`${wrong}\` in \`${wish.mode}\` mode.`, {
      param: wrong,
    });
  }
}

function priceOf({ state }: StripeHouse, id: string, index: number): PriceRecord {
  const param = `line_items[${index}][price]`;
  const price = state.prices.get(id);
  if (!price) throw noSuch('price', id, param);
  if (!price.active) {
    throw invalidRequest(
      'The price specified is inactive. This field only accepts active prices.',
      {
        param,
      },
    );
  }
  return price;
}

function checkPrices(mode: 'payment' | 'subscription', prices: readonly PriceRecord[]): void {
  const recurring = prices.filter(({ interval }) => interval !== null);
  if (mode === 'payment' && recurring.length > 0) {
    throw invalidRequest(
      'You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.',
      { param: 'line_items' },
    );
  }
  if (mode === 'subscription' && recurring.length === 0) {
    throw invalidRequest(
      'You must provide at least one recurring price in `subscription` mode when using prices.',
      { param: 'line_items' },
    );
  }
  if (mode === 'subscription' && recurring.length < prices.length) {
    throw unknownHere('one-time prices in `subscription` mode', 'line_items');
  }
}

function checkLife({ now }: StripeHouse, expiresAt: number | undefined): void {
  if (expiresAt === undefined) return;
  const life = expiresAt - now();
  if (life < 1800 || life > 86_400) {
    throw invalidRequest(
      'The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from Checkout Session creation.',
      { param: 'expires_at' },
    );
  }
}

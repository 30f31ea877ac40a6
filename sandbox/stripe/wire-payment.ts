import type Stripe from 'stripe';

import { day, type StripeHouse } from './house.ts';
import type {
  ChargeRecord,
  DisputeRecord,
  Failure,
  IntentRecord,
  RefundRecord,
} from './records.ts';
import { wireList, type Shape, type WireObject } from './shape.ts';
import { methodDetails, wireMethod } from './wire-customer.ts';

/** Why a card was refused, as it stands in errors and in `last_payment_error`. */
export const wireFailure = ({ code, declineCode, message }: Failure): WireObject => ({
  type: 'card_error',
  code,
  message,
  doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`,
  ...(declineCode === null ? {} : { decline_code: declineCode }),
  ...(declineCode === null ? {} : { advice_code: adviceOf(declineCode) }),
});

const adviceOf = (declineCode: string) =>
  declineCode === 'lost_card' || declineCode === 'stolen_card'
    ? 'do_not_try_again'
    : 'try_again_later';

/** A payment intent in the form of the API. */
export function wireIntent({ state }: StripeHouse, intent: IntentRecord): WireObject {
  const failedMethod = state.methods.get(intent.failedMethod ?? '');
  return {
    id: intent.id,
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount: intent.amount,
    amount_capturable: 0,
    amount_received: intent.status === 'succeeded' ? intent.amount : 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: intent.canceledAt,
    cancellation_reason: null,
    capture_method: 'automatic_async',
    client_secret: `${intent.id}_secret_sandbox`,
    confirmation_method: 'automatic',
    created: intent.created,
    currency: intent.currency,
    customer: intent.customer,
    customer_account: null,
    description: intent.invoice === null ? null : 'Subscription update',
    excluded_payment_method_types: null,
    last_payment_error: intent.failure && {
      ...wireFailure(intent.failure),
      ...(intent.charge === null ? {} : { charge: intent.charge }),
      ...(failedMethod ? { payment_method: wireMethod(failedMethod) } : {}),
    },
    latest_charge: intent.charge,
    livemode: false,
    managed_payments: null,
    metadata: intent.metadata,
    next_action:
      intent.status === 'requires_action'
        ? { type: 'use_stripe_sdk', use_stripe_sdk: { type: 'three_d_secure_redirect' } }
        : null,
    on_behalf_of: null,
    payment_method: intent.method,
    payment_method_configuration_details: null,
    payment_method_options: { card: { request_three_d_secure: 'automatic' } },
    payment_method_types: ['card', 'us_bank_account'],
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: intent.invoice === null ? null : 'off_session',
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: intent.status,
    transfer_group: null,
  } satisfies Shape<Stripe.PaymentIntent>;
}

/** A charge in the form of the API. */
export function wireCharge({ state, url }: StripeHouse, charge: ChargeRecord): WireObject {
  const method = state.methods.get(charge.method);
  const described = method && methodDetails(method);
  return {
    id: charge.id,
    object: 'charge',
    amount: charge.amount,
    amount_captured: charge.status === 'succeeded' ? charge.amount : 0,
    amount_refunded: charge.refunded,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: { address: null, email: null, name: null, phone: null, tax_id: null },
    calculated_statement_descriptor: 'SANDBOX',
    captured: charge.status === 'succeeded',
    created: charge.created,
    currency: charge.currency,
    customer: charge.customer,
    description: null,
    disputed: charge.dispute !== null,
    failure_balance_transaction: null,
    failure_code: charge.failure?.code ?? null,
    failure_message: charge.failure?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: charge.metadata,
    on_behalf_of: null,
    outcome: wireOutcome(charge),
    paid: charge.status === 'succeeded',
    payment_intent: charge.intent,
    payment_method: charge.method,
    payment_method_details: described
      ? { [described.kind]: described.details, type: described.kind }
      : null,
    receipt_email: null,
    receipt_number: null,
    receipt_url: charge.status === 'succeeded' ? `${url}/receipts/${charge.id}` : null,
    refunded: charge.amount > 0 && charge.refunded === charge.amount,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: charge.status,
    transfer_data: null,
    transfer_group: null,
  } satisfies Shape<Stripe.Charge>;
}

function wireOutcome({ status, failure }: ChargeRecord): WireObject {
  const isDeclined = status === 'failed';
  return {
    advice_code: null,
    network_advice_code: null,
    network_decline_code: null,
    network_status: isDeclined ? 'declined_by_network' : 'approved_by_network',
    reason: failure?.declineCode ?? failure?.code ?? null,
    risk_level: 'normal',
    seller_message: isDeclined ? 'The bank declined the payment.' : 'Payment complete.',
    type: isDeclined ? 'issuer_declined' : 'authorized',
  };
}

/** What `expand[]=refunds` brings. */
export function wireRefunds(house: StripeHouse, charge: ChargeRecord): WireObject {
  const refunds = [...house.state.refunds.values()].filter((one) => one.charge === charge.id);
  const data = refunds.toReversed().map((refund) => wireRefund(house, refund));
  return wireList(`/v1/charges/${charge.id}/refunds`, data);
}

/** A refund in the form of the API. */
export function wireRefund({ state }: StripeHouse, refund: RefundRecord): WireObject {
  const charge = state.charges.get(refund.charge);
  return {
    id: refund.id,
    object: 'refund',
    amount: refund.amount,
    balance_transaction: null,
    charge: refund.charge,
    created: refund.created,
    currency: charge?.currency ?? 'usd',
    customer: charge?.customer ?? null,
    customer_account: null,
    destination_details: { card: { type: 'refund' }, type: 'card' },
    metadata: refund.metadata,
    payment_intent: charge?.intent ?? null,
    payment_method: charge?.method ?? null,
    reason: refund.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'succeeded',
    transfer_reversal: null,
  } satisfies Shape<Stripe.Refund>;
}

/** A dispute in the form of the API. */
export function wireDispute({ state, now }: StripeHouse, dispute: DisputeRecord): WireObject {
  const charge = state.charges.get(dispute.charge);
  const dueBy = dispute.created + 7 * day;
  return {
    id: dispute.id,
    object: 'dispute',
    amount: dispute.amount,
    balance_transactions: [],
    charge: dispute.charge,
    created: dispute.created,
    currency: charge?.currency ?? 'usd',
    enhanced_eligibility_types: [],
    evidence: {},
    evidence_details: {
      due_by: dueBy,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: now() > dueBy,
      submission_count: 0,
      submission_method: null,
    },
    intended_submission_method: null,
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: charge?.intent ?? null,
    reason: dispute.reason,
    status: dispute.status,
  } satisfies Shape<Stripe.Dispute>;
}

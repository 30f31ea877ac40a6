import { invalidRequest } from './errors.ts';
import { publish } from './events.ts';
import type { StripeHouse } from './house.ts';
import { newId } from './ids.ts';
import type { ChargeRecord, DisputeRecord, RefundRecord } from './records.ts';
import { wireCharge, wireDispute, wireRefund } from './wire-payment.ts';

type RefundWish = {
  /** Null: everything that is left. */
  readonly amount: number | null;
  readonly reason: RefundRecord['reason'];
  readonly metadata: Readonly<Record<string, string>>;
};

/** Gives money back. @throws ApiError when there is not so much left, or while it is disputed. */
export function newRefund(
  house: StripeHouse,
  charge: ChargeRecord,
  { amount, reason, metadata }: RefundWish,
): RefundRecord {
  const left = charge.amount - charge.refunded;
  if (charge.status !== 'succeeded') {
    throw invalidRequest(`Charge ${charge.id} has not been paid.`, {
      code: 'charge_not_refundable',
    });
  }
  if (left === 0) {
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, {
      code: 'charge_already_refunded',
    });
  }
  if (isOpen(house.state.disputes.get(charge.dispute ?? ''))) {
    throw invalidRequest(`Charge ${charge.id} has been charged back; cannot issue a refund.`, {
      code: 'charge_disputed',
    });
  }
  const wanted = amount ?? left;
  if (wanted > left) {
    throw invalidRequest(
      `Refund amount (${wanted}) is greater than unrefunded amount on charge (${left})`,
      { param: 'amount' },
    );
  }
  const before = charge.refunded;
  charge.refunded += wanted;
  const refund: RefundRecord = {
    id: newId(house.state, 're'),
    charge: charge.id,
    amount: wanted,
    reason,
    metadata: { ...metadata },
    created: house.now(),
  };
  house.state.refunds.set(refund.id, refund);
  publish(house, 'refund.created', wireRefund(house, refund));
  publish(house, 'charge.refunded', wireCharge(house, charge), { amount_refunded: before });
  return refund;
}

const isOpen = (dispute: DisputeRecord | undefined): boolean =>
  dispute !== undefined && dispute.status !== 'won';

/** The cardholder wants the money back from the bank, which takes it at once. */
export function newDispute(
  house: StripeHouse,
  charge: ChargeRecord,
  reason: string,
): DisputeRecord {
  const dispute: DisputeRecord = {
    id: newId(house.state, 'du'),
    charge: charge.id,
    amount: charge.amount - charge.refunded,
    reason,
    status: 'needs_response',
    created: house.now(),
  };
  house.state.disputes.set(dispute.id, dispute);
  charge.dispute = dispute.id;
  charge.disputedAt = null;
  publish(house, 'charge.dispute.created', wireDispute(house, dispute));
  publish(house, 'charge.dispute.funds_withdrawn', wireDispute(house, dispute));
  return dispute;
}

/** The bank decides. */
export function endDispute(
  house: StripeHouse,
  dispute: DisputeRecord,
  status: 'won' | 'lost',
): void {
  const before = dispute.status;
  dispute.status = status;
  publish(house, 'charge.dispute.closed', wireDispute(house, dispute), { status: before });
  if (status === 'won') {
    publish(house, 'charge.dispute.funds_reinstated', wireDispute(house, dispute));
  }
}

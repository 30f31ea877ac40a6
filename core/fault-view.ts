import { faultWords, type Fault } from './fault.ts';
import { catalogue, type Locale } from './messages/catalogue.ts';

/** A fault as structured data, in the person's language; safe to show to anyone, a model included. */
export type FaultView = {
  readonly code: string;
  readonly message: string;
  /** What to do next. */
  readonly next: string;
  readonly field?: string;
  readonly charged: boolean;
  readonly retry_after_seconds?: number;
  /** The approval to decide on, for `approval_required`. */
  readonly approval?: string;
  readonly link?: string;
};

export function viewFault(fault: Fault, locale: Locale): FaultView {
  const words = faultWords(catalogue(locale), fault.code, fault.params);
  const { params } = fault;
  return {
    code: fault.code,
    ...words,
    ...(fault.field === undefined ? {} : { field: fault.field }),
    charged: fault.charged,
    ...(fault.retryAfterSeconds === undefined
      ? {}
      : { retry_after_seconds: fault.retryAfterSeconds }),
    ...('id' in params && fault.code === 'approval_required' ? { approval: params.id } : {}),
    ...('link' in params && params.link !== null ? { link: params.link } : {}),
  };
}

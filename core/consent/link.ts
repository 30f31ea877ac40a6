import type { Services } from '../context.ts';

/** The signed address under which a person decides; null while no web app runs. */
export function approvalLink(services: Services, approvalId: string): string | null {
  const base = services.publicUrl();
  if (!base) return null;
  return `${base}/approvals/${approvalId}?sig=${services.crypto.sign('approval', approvalId)}`;
}

/** Whether a link's signature is ours for this approval. */
export const isApprovalLink = (
  services: Services,
  approvalId: string,
  signature: string,
): boolean => services.crypto.verify(signature, 'approval', approvalId);

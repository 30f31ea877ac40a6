import { z } from 'zod';

/** Where a button leads; whoever has the link of `verify` or `reset` can use it, so it is a secret. */
const link = z.url({ protocol: /^https?$/ }).max(2000);

/** What is written about, with what the words need. */
export const letterSchema = z.discriminatedUnion('template', [
  /** `link` confirms the address. */
  z.object({ template: z.literal('verify'), link }),
  /** `link` leads to the page for a new password. */
  z.object({ template: z.literal('reset'), link }),
  /** `link` leads to where one signs in, `resetLink` to where one asks for a new password. */
  z.object({ template: z.literal('already_registered'), link, resetLink: link }),
  /** `link` leads to where one asks for a new password. */
  z.object({ template: z.literal('password_changed'), link }),
  /** `method` is the name of the service; `link` leads to the settings of the account. */
  z.object({
    template: z.literal('sign_in_linked'),
    method: z.string().min(1).max(60),
    link,
  }),
  z.object({ template: z.literal('account_deleted') }),
]);

export type Letter = z.infer<typeof letterSchema>;

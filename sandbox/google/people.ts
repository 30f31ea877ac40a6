import { z } from 'zod';

/** Somebody with a Google account. */
export const personSchema = z.object({
  /** The claim `sub`: never given to anybody else. */
  id: z.string(),
  name: z.string(),
  email: z.string(),
  emailVerified: z.boolean(),
});
export type SandboxPerson = z.infer<typeof personSchema>;

export const defaultPeople: readonly SandboxPerson[] = [
  {
    id: '100000000000000000001',
    name: 'Jilo Demo',
    email: 'demo@example.org',
    emailVerified: true,
  },
  {
    id: '100000000000000000002',
    name: '城市慢镜头',
    email: 'chengshi@example.org',
    emailVerified: true,
  },
];

export type NewPerson = Pick<SandboxPerson, 'name' | 'email'> &
  Partial<Pick<SandboxPerson, 'emailVerified'>>;

/** Somebody who opens a Google account now. */
export const nextPerson = (
  people: readonly SandboxPerson[],
  { name, email, emailVerified = true }: NewPerson,
): SandboxPerson => ({
  id: String(100_000_000_000_000_000_000n + BigInt(people.length + 1)),
  name,
  email,
  emailVerified,
});

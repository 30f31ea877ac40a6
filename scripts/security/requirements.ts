import { houseRequirements } from './requirements-house.ts';
import { peopleRequirements } from './requirements-people.ts';
import { webRequirements } from './requirements-web.ts';

/** One requirement of the OWASP Application Security Verification Standard 5.0.0, in our own few words. */
export type Requirement = {
  /** As `v5.0.0-1.2.3` without its beginning. */
  readonly id: string;
  readonly level: 1 | 2;
  readonly topic: string;
};

/** The chapters of the standard, in their order. */
export const chapters = [
  'Encoding and sanitisation',
  'Validation and business logic',
  'Web frontend',
  'API and web service',
  'File handling',
  'Authentication',
  'Session management',
  'Authorisation',
  'Self-contained tokens',
  'OAuth and OIDC',
  'Cryptography',
  'Secure communication',
  'Configuration',
  'Data protection',
  'Secure coding and architecture',
  'Logging and error handling',
  'WebRTC',
] as const;

/** Every requirement of the levels 1 and 2. */
export const requirements: readonly Requirement[] = [
  ...webRequirements,
  ...peopleRequirements,
  ...houseRequirements,
];

import type { OperatorState } from '@catalyst/contracts';
import { renderUnicodeCompact } from 'uqr';
import { typed } from './typed.ts';
import { count } from './wording.ts';

/** Whether the operator can sign in, and what mends it where not. */
export const describeOperator = ({ state, set_at, recovery_codes_left }: OperatorState): string =>
  state === 'absent'
    ? `no operator is set; begin with: ${typed('operator set')}`
    : state === 'unconfirmed'
      ? `set at ${set_at}, but the second factor was never shown: ${typed('operator confirm <code>')}`
      : `the operator can sign in (set at ${set_at}); ${count(recovery_codes_left, 'recovery code')} left`;

/** What is shown once: the second factor for an authenticator, and what helps without it. */
export const describeSecondFactor = ({
  otpauth_url,
  secret,
  recovery_codes,
}: {
  otpauth_url: string;
  secret: string;
  recovery_codes: readonly string[];
}): string =>
  [
    'Scan this with your authenticator:',
    '',
    renderUnicodeCompact(otpauth_url, { border: 2 }),
    '',
    `or type it: ${secret.replace(/.{4}(?=.)/g, '$& ')}`,
    otpauth_url,
    '',
    'Recovery codes, each of which takes the place of a code once; they are shown this once:',
    ...recovery_codes.map((code) => `  ${code}`),
  ].join('\n');

import { instant } from '@catalyst/domain';
import { z } from 'zod';
import { keyHash } from './access-keys.ts';
import { route } from './route.ts';
import { givenName } from './said-by.ts';

/** Long enough that guessing it is no way in, even for who has the second factor. */
export const operatorPassword = z.string().min(12).max(200);
/** Six digits of the authenticator, or a recovery code as it was shown. */
export const secondFactor = z
  .string()
  .trim()
  .regex(/^(\d{6}|[a-z2-7]{4}(-[a-z2-7]{4}){3})$/i, 'expected six digits, or a recovery code');

export const operatorState = z.object({
  /** `unconfirmed`: the authenticator has not shown yet that it has the secret. */
  state: z.enum(['absent', 'unconfirmed', 'set']),
  set_at: instant.nullable(),
  recovery_codes_left: z.int().min(0),
});
export type OperatorState = z.infer<typeof operatorState>;

export const operatorSession = z.object({ signed_in_at: instant, expires_at: instant });
export type OperatorSession = z.infer<typeof operatorSession>;

/** What came of a try to sign in; which factor was wrong is nobody's business. */
export const signInOutcome = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('signed_in'), session: operatorSession }),
  z.object({ outcome: z.literal('refused') }),
  z.object({ outcome: z.literal('wait'), wait_s: z.int().min(1) }),
  z.object({ outcome: z.literal('not_set') }),
]);
export type SignInOutcome = z.infer<typeof signInOutcome>;

const byHash = z.strictObject({ session_hash: keyHash });

/** The one person who signs in at the desk's pages: a password and a second factor. */
export const operatorRoutes = {
  setOperator: route('POST', '/api/v1/operator', {
    summary:
      'Sets the password of the operator with a new second factor, which is shown this once; whoever is signed in is out.',
    body: z.strictObject({ password: operatorPassword, by: givenName }),
    response: z.object({
      /** For the authenticator, as a QR code or by hand. */
      otpauth_url: z.string(),
      secret: z.string(),
      recovery_codes: z.array(z.string()),
    }),
  }),
  confirmOperator: route('POST', '/api/v1/operator/confirm', {
    summary: 'Shows that the authenticator has the secret; before that nobody signs in.',
    body: z.strictObject({ code: secondFactor, by: givenName }),
    response: operatorState,
  }),
  showOperator: route('GET', '/api/v1/operator', {
    summary: 'Whether the operator can sign in, and how many recovery codes are left.',
    response: operatorState,
  }),
  signIn: route('POST', '/api/v1/operator/sessions', {
    summary:
      'Signs the operator in: both factors, or none of it. Each try counts against the next.',
    body: z.strictObject({
      password: z.string().max(200),
      code: z.string().max(40),
      /** Who tries, as Nginx sees it. */
      address: z.string().min(1).max(60),
      session_hash: keyHash,
    }),
    response: signInOutcome,
  }),
  findSession: route('POST', '/api/v1/operator/sessions/find', {
    summary: 'The session with this hash; null for one that ended or never was.',
    body: byHash,
    response: z.object({ session: operatorSession.nullable() }),
    repeatable: true,
  }),
  signOut: route('POST', '/api/v1/operator/sessions/end', {
    summary: 'Ends a session; a second time changes nothing.',
    body: byHash,
    response: z.object({ ended: z.boolean() }),
    repeatable: true,
  }),
};

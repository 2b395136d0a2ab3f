import { randomUUID } from 'node:crypto';
import type { OperatorSession, OperatorState, SignInOutcome } from '@catalyst/contracts';
import { later } from '@catalyst/domain';
import { AppError, createSeal, sha256, type Transaction } from '@catalyst/service-kit';
import { hashPassword, isPassword } from '../domain/password.ts';
import { signInWait } from '../domain/sign-in-wait.ts';
import { base32, findStep, newRecoveryCode, newTotpSecret, otpauthUrl } from '../domain/totp.ts';
import {
  confirmStored,
  countTries,
  findOperator,
  findStoredSession,
  forgetTries,
  insertSession,
  insertTry,
  removeSession,
  replaceOperator,
  useRecoveryCode,
  useStep,
  type StoredOperator,
} from '../store/operators.ts';
import type { FlowDeps } from './flow-deps.ts';

type Deps = Pick<FlowDeps, 'database' | 'clock' | 'audit' | 'doorSecret'>;

const SESSION_MS = 8 * 3_600_000;
const DAY_MS = 24 * 3_600_000;
const HOUR_MS = 3_600_000;
const RECOVERY_CODES = 8;
const sealOf = ({ doorSecret }: Deps) => {
  if (doorSecret === undefined)
    throw new AppError(
      'INVALID_REQUEST',
      'DOOR_SECRET is not set at workflow: the second factor is sealed with it (docs/claude.md)',
    );
  return createSeal(doorSecret, 'second factor of the operator');
};
const PLACE = 'operators';
const openSecret = (deps: Deps, { totp_sealed }: StoredOperator): Buffer => {
  const { open } = sealOf(deps);
  try {
    return Buffer.from(open(totp_sealed, PLACE), 'base64url');
  } catch (error) {
    throw new AppError(
      'INVALID_REQUEST',
      'the second factor was sealed with another DOOR_SECRET: bring that back, or set the operator anew with scripts/catalyst operator set',
      {},
      error,
    );
  }
};
const hashCode = (code: string): string => sha256(code.trim().toLowerCase());

const stateOf = (operator: StoredOperator | null): OperatorState => ({
  state: operator === null ? 'absent' : operator.confirmed_at === null ? 'unconfirmed' : 'set',
  set_at: operator?.set_at ?? null,
  recovery_codes_left: operator?.recovery_hashes.length ?? 0,
});

/** Sets password and second factor anew; nobody signs in until the factor was shown once. */
export const setOperator = async (
  deps: Deps,
  { password, by }: { password: string; by: string },
) => {
  const { database, clock, audit } = deps;
  const seal = sealOf(deps);
  const secret = newTotpSecret();
  const recovery_codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode);
  const operator = {
    password_hash: await hashPassword(password),
    totp_sealed: seal.seal(secret.toString('base64url'), PLACE),
    recovery_hashes: recovery_codes.map(hashCode),
    set_at: clock.now(),
  };
  await database.transaction(async (tx) => {
    await replaceOperator(tx, operator, by);
    audit(tx, { on_behalf_of: by, action: 'operator_set', subject: 'operator' });
  });
  return { otpauth_url: otpauthUrl(secret, 'operator'), secret: base32(secret), recovery_codes };
};

export const confirmOperator = async (
  deps: Deps,
  { code, by }: { code: string; by: string },
): Promise<OperatorState> => {
  const { database, clock, audit } = deps;
  await database.transaction(async (tx) => {
    const operator = await findOperator(tx, { lock: true });
    if (!operator)
      throw new AppError(
        'NOT_FOUND',
        'no operator is set: begin with scripts/catalyst operator set',
      );
    const now = clock.now();
    const secret = openSecret(deps, operator);
    const step = findStep(secret, code, Date.parse(now), operator.last_totp_step);
    if (step === null)
      throw new AppError(
        'INVALID_REQUEST',
        'this is not the code that the authenticator shows now: is the clock of the phone right?',
      );
    await confirmStored(tx, step, now);
    audit(tx, { on_behalf_of: by, action: 'operator_confirmed', subject: 'operator' });
  });
  return showOperator(deps);
};

export const showOperator = async ({ database }: Deps): Promise<OperatorState> =>
  stateOf(await findOperator(database));

interface Try {
  password: string;
  code: string;
  address: string;
  session_hash: string;
}

/** Each try is counted before it is looked at: a thousand at once are a thousand that failed. */
const countTry = ({ database, clock, audit }: Deps, { address }: Try): Promise<number> =>
  database.transaction(async (tx) => {
    const operator = await findOperator(tx, { lock: true });
    const now = clock.now();
    const wait_s = signInWait(
      await countTries(tx, later(now, -DAY_MS), address),
      await countTries(tx, later(now, -HOUR_MS), null),
      Date.parse(now),
    );
    if (wait_s > 0) return wait_s;
    if (!operator) return 0;
    await insertTry(tx, {
      try_id: randomUUID(),
      address,
      at: now,
      forget_before: later(now, -DAY_MS),
    });
    audit(tx, {
      actor: 'operator',
      action: 'operator_sign_in_tried',
      subject: 'operator',
      details: { address },
    });
    return 0;
  });

/**
 * Takes the second factor of whoever had the first, so that it is not taken again; false for a wrong
 * or used one. It is looked at in either case: how long an answer takes tells nothing of the first.
 */
const takeFactor = async (
  deps: Deps,
  tx: Transaction,
  { code, password_hash, isRight }: { code: string; password_hash: string; isRight: boolean },
): Promise<boolean> => {
  const operator = await findOperator(tx, { lock: true });
  // whose password was right may have been replaced meanwhile
  if (!operator?.confirmed_at || operator.password_hash !== password_hash) return false;
  const hash = hashCode(code);
  if (operator.recovery_hashes.includes(hash)) {
    if (isRight) await useRecoveryCode(tx, hash);
    return isRight;
  }
  const secret = openSecret(deps, operator);
  const at_ms = Date.parse(deps.clock.now());
  const step = findStep(secret, code.trim(), at_ms, operator.last_totp_step);
  if (step === null || !isRight) return false;
  await useStep(tx, step);
  return true;
};

export const signIn = async (deps: Deps, given: Try): Promise<SignInOutcome> => {
  const { database, clock, audit } = deps;
  const wait_s = await countTry(deps, given);
  if (wait_s > 0) return { outcome: 'wait', wait_s };
  const operator = await findOperator(database);
  if (!operator?.confirmed_at) return { outcome: 'not_set' };
  const { password_hash } = operator;
  const isRight = await isPassword(given.password, password_hash);
  const session = await database.transaction(async (tx): Promise<OperatorSession | null> => {
    const factors = { code: given.code, password_hash, isRight };
    if (!(await takeFactor(deps, tx, factors))) return null;
    const now = clock.now();
    const opened = { signed_in_at: now, expires_at: later(now, SESSION_MS) };
    await forgetTries(tx, given.address);
    await insertSession(tx, {
      ...opened,
      session_hash: given.session_hash,
      address: given.address,
    });
    audit(tx, {
      actor: 'operator',
      action: 'operator_signed_in',
      subject: 'operator',
      details: { address: given.address },
    });
    return opened;
  });
  return session ? { outcome: 'signed_in', session } : { outcome: 'refused' };
};

export const findSession = ({ database, clock }: Deps, session_hash: string) =>
  findStoredSession(database, session_hash, clock.now());

export const signOut = ({ database, audit }: Deps, session_hash: string): Promise<boolean> =>
  database.transaction(async (tx) => {
    const ended = await removeSession(tx, session_hash);
    if (ended) audit(tx, { actor: 'operator', action: 'operator_signed_out', subject: 'operator' });
    return ended;
  });

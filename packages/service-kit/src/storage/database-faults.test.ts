import { describe, expect, it } from '@jest/globals';
import { AppError } from '@catalyst/runtime';
import { databaseFault, toDatabaseError } from './database-faults.ts';

const withCode = (code: string, message = 'x') => Object.assign(new Error(message), { code });

describe('a fault of the database', () => {
  it.each([
    ...['08000', '08003', '08006', '08P01', '57P01', '57P02', '57P03', '57P05', '25P03'].map(
      (code) => [code, 'away'] as const,
    ),
    ['53100', 'full'],
    ...['53200', '53300', '53400', '25006', '55P03', '40003'].map(
      (code) => [code, 'busy'] as const,
    ),
    ['40001', 'repeat'],
    ['40P01', 'repeat'],
    ['57014', 'slow'],
    ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'].map(
      (code) => [code, 'away'] as const,
    ),
    ...['EHOSTUNREACH', 'ENETUNREACH', 'ENOENT'].map((code) => [code, 'away'] as const),
  ])('with code %s is %s', (code, fault) => {
    expect(databaseFault(withCode(code))).toBe(fault);
  });
  it.each([
    ['Connection terminated unexpectedly', 'away'],
    ['Connection terminated due to connection timeout', 'away'],
    ['Client has encountered a connection error and is not queryable', 'away'],
    ['Client was closed and is not queryable', 'away'],
    ['Query read timeout', 'away'],
    ['timeout exceeded when trying to connect', 'busy'],
  ])('that says "%s" is %s', (message, fault) => {
    expect(databaseFault(new Error(message))).toBe(fault);
  });
  it('may be tried again by who asked, whatever it is', () => {
    for (const code of ['08006', '53300', '40P01', '57014'])
      expect(toDatabaseError(withCode(code))).toMatchObject({ retryable: true });
  });
  it.each([
    ['a unique key', withCode('23505')],
    ['a wrong password', withCode('28P01')],
    ['no such database', withCode('3D000')],
    ['a table that is not there', withCode('42P01')],
    ['values that were not bound', withCode('08P01', 'bind message supplies 1 parameters')],
    ['any other error', new TypeError('x is not a function')],
    ['an answer of ours', new AppError('NOT_FOUND', 'no')],
  ])('is not seen in %s', (_what, error) => {
    expect(toDatabaseError(error)).toBe(error);
  });
});

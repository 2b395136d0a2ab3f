import { AppError } from '../app-error.ts';
import { giveUpAfter } from './give-up-after.ts';

/**
 * The work's end, or TIMED_OUT after `ms` of the wall; what was begun goes on, and its failure is
 * nobody's then.
 */
export const within = async <T>(ms: number, what: string, work: Promise<T>): Promise<T> => {
  const late = Promise.withResolvers<never>();
  const callOff = giveUpAfter(ms, () =>
    late.reject(new AppError('TIMED_OUT', `${what} took longer than ${ms} ms`)),
  );
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    callOff();
  }
};

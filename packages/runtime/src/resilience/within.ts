import { AppError } from '../app-error.ts';

/**
 * The work's end, or TIMED_OUT after `ms` of the wall; what was begun goes on, and its failure is
 * nobody's then.
 */
export const within = async <T>(ms: number, what: string, work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new AppError('TIMED_OUT', `${what} took longer than ${ms} ms`)),
      ms,
    );
  });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

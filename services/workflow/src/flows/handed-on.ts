import { currentContext } from '@catalyst/service-kit';

/** What another service is told of who asks: the caller whose key was shown, and the name it gave. */
export const handedOn = (by: string): string =>
  `${currentContext()?.caller ?? 'workflow'} for ${by}`;

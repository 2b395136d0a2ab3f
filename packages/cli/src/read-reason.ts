import { InvalidArgumentError } from 'commander';

/** Why a person acts, as the contracts want it. */
export const readReason = (text: string): string => {
  if (text.trim().length < 3 || text.length > 500)
    throw new InvalidArgumentError('expected 3 to 500 characters that say why');
  return text;
};

import { describe } from '@jest/globals';
import { findFrontDoor } from './front-door.ts';

/** The real Nginx for what a test file says of it: left out, and said so, where it is not installed. */
export const behindNginx = async (file: string) => {
  const program = await findFrontDoor();
  if (!program)
    process.stderr.write(
      `LEFT OUT of tests/${file}: all, since nginx or openssl is not installed here\n`,
    );
  return { program, withNginx: program ? describe : describe.skip };
};

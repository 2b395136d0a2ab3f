import { afterAll, beforeAll } from '@jest/globals';
import { errorBody } from '@catalyst/contracts';
import type { NginxProgram } from '@catalyst/platform';
import { startEchoServices, type EchoServices } from './echo-services.ts';
import { newKey, openFrontDoor, type FrontDoor } from './front-door.ts';

/** The error in a body that is one. */
export const refusal = (text: string) => errorBody.parse(JSON.parse(text)).error;

/** The real Nginx before nine servers that answer with what they were asked, for the tests of a `describe`. */
export const doorBeforeEchoes = (program: NginxProgram | null) => {
  const cli_key = newKey();
  let door: FrontDoor;
  let behind: EchoServices;
  beforeAll(async () => {
    behind = await startEchoServices();
    door = await openFrontDoor(program!, behind.addresses, { cli_key });
  });
  afterAll(async () => {
    await door?.close();
    await behind?.close();
  });
  return {
    get door() {
      return door;
    },
    get behind() {
      return behind;
    },
    /** The fleet's own key of the command. */
    cli_key,
    /** What an operator sends. */
    operator: (headers: Record<string, string> = {}) => ({
      headers: { 'x-api-key': door.keys.operator, ...headers },
    }),
  };
};

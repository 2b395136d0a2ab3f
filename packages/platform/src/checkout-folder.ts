import { fileURLToPath } from 'node:url';

/** The folder of the project: services, configuration and recorded days are found from here. */
export const checkoutFolder = fileURLToPath(new URL('../../..', import.meta.url)).replace(
  /\/$/,
  '',
);

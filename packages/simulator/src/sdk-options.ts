import type { Credentials } from './find-account.ts';

/**
 * What `new Alpaca(…)` of `@alpacahq/alpaca-trade-api` takes to trade here instead of at Alpaca.
 */
export interface SdkOptions {
  keyId: string;
  secret: string;
  paper: true;
  /**
   * The client has no address to set: every request keeps its path and goes to the simulator's
   * origin.
   */
  fetchApi: typeof fetch;
  /** The client's own brake of 200 requests a minute counts real minutes. */
  rateLimit: false;
}

export const createSdkOptions = (url: string, { key_id, secret_key }: Credentials): SdkOptions => ({
  keyId: key_id,
  secret: secret_key,
  paper: true,
  rateLimit: false,
  fetchApi: (input, init) => {
    const asked = new URL(input instanceof Request ? input.url : input);
    const here = new URL(asked.pathname + asked.search, url);
    return fetch(input instanceof Request ? new Request(here, input) : here, init);
  },
});

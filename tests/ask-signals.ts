import type { SignalDesk } from './signal-desk.ts';

/** Asks the REST twin of the stream by a key; what it answers is for the test to say. */
export const createAskSignals =
  (desk: () => SignalDesk) =>
  async (path: string, key: string, init: RequestInit = {}) => {
    const response = await fetch(`${desk().copies[0]!.url}/api/v1/${path}`, {
      ...init,
      headers: { 'x-api-key': key, 'content-type': 'application/json', ...init.headers },
    });
    const text = await response.text();
    return { response, body: (text === '' ? null : JSON.parse(text)) as never };
  };

export type Api = 'trading-api' | 'market-data-api';

/** One operation of Alpaca's specifications and what the simulator does with it. */
export interface Endpoint {
  api: Api;
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  path: string;
  /** Why it is not served; null where it is. */
  why: string | null;
  /**
   * What a reader should know of a served one; empty where it does what Alpaca's documentation
   * says.
   */
  note: string;
}

/** The methods of one path, with blanks between them, and what a reader should know of them. */
export type Line = readonly [methods: string, path: string, note?: string];

/** The operations of lines, for each method one. */
export const endpoints = (api: Api, lines: readonly Line[], why: string | null): Endpoint[] =>
  lines.flatMap(([methods, path, note = '']) =>
    methods
      .split(' ')
      .map((method) => ({ api, method: method as Endpoint['method'], path, why, note })),
  );

/** The operations of lines that are not served, all for one reason. */
export const unserved = (api: Api, why: string, ...lines: readonly Line[]): Endpoint[] =>
  endpoints(api, lines, why);

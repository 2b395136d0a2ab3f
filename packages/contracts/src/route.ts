import type { z } from 'zod';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/**
 * What a caller's key must be granted: `read` asks, `act` changes something, `step` conducts a
 * replay, `stop` only lowers risk.
 */
export type Scope = 'read' | 'act' | 'step' | 'stop';

interface Parts {
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  response: z.ZodType;
}

export interface Route extends Parts {
  readonly method: Method;
  readonly path: string;
  readonly scope: Scope;
  /**
   * True when the same request may be sent twice without a second effect; only such routes are
   * retried.
   */
  readonly repeatable: boolean;
  readonly summary: string;
}

export type Api = Readonly<Record<string, Route>>;

interface Options {
  summary: string;
  /** Defaults to `read` for GET and `act` for the rest. */
  scope?: Scope;
  /** Defaults to true for GET and PUT, false for the rest. */
  repeatable?: boolean;
}

/**
 * Declares one route of a service's API: the server validates with it and the client's types come
 * from it.
 */
export const route = <const M extends Method, const P extends Parts>(
  method: M,
  path: string,
  parts: P & Options,
) => ({
  ...parts,
  method,
  path,
  scope: parts.scope ?? (method === 'GET' ? 'read' : 'act'),
  repeatable: parts.repeatable ?? (method === 'GET' || method === 'PUT'),
});

type Input<R, K extends keyof Parts> = R extends { [Key in K]: infer S extends z.ZodType }
  ? { [Key in K]: z.input<S> }
  : unknown;
type Output<R, K extends keyof Parts> = R extends { [Key in K]: infer S extends z.ZodType }
  ? { [Key in K]: z.output<S> }
  : unknown;

/** What a caller gives: only the parts that the route declares. */
export type RouteInput<R extends Route> = Input<R, 'params'> & Input<R, 'query'> & Input<R, 'body'>;
/** What a handler gets: validated, with defaults filled in. */
export type RouteRequest<R extends Route> = Output<R, 'params'> &
  Output<R, 'query'> &
  Output<R, 'body'>;
/** What a handler answers, before validation. */
export type RouteAnswer<R extends Route> = z.input<R['response']>;
/** What a caller receives. */
export type RouteResponse<R extends Route> = z.output<R['response']>;

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Api, Route, RouteAnswer, RouteRequest, ServiceName } from '@catalyst/contracts';
import { serviceNames } from '@catalyst/contracts';
import express, {
  type ErrorRequestHandler,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
  type Router,
} from 'express';
import type { z } from 'zod';
import {
  AppError,
  type Clock,
  describeIssues,
  inContext,
  type Log,
  messageOf,
  type ReplayClock,
} from '@catalyst/runtime';
import type { AnswerCount } from '../judge/watch-own-minutes.ts';
import type { Metrics } from '../metrics.ts';
import type { KeyHolder } from './keys.ts';

export interface Caller {
  caller: string;
}
/** One handler per route of the API; a missing one or a wrong answer is a type error. */
export type Handlers<A extends Api> = {
  [K in keyof A]: (
    request: RouteRequest<A[K]> & Caller,
  ) => Promise<NoInfer<RouteAnswer<A[K]>>> | NoInfer<RouteAnswer<A[K]>>;
};

interface Options {
  findKey: (key: string) => KeyHolder | undefined;
  log: Log;
  metrics: Metrics;
  /** Present in a replay: the step time of a trusted request is believed and noted. */
  replay: ReplayClock | null;
  hold: Clock['hold'];
  delay_max_ms: number;
  /** Counts what is answered, for the service to judge its minutes. */
  answers?: AnswerCount;
}

const holderOf = new WeakMap<Request, KeyHolder>();

const parse = (
  where: 'params' | 'query' | 'body',
  schema: z.ZodType | undefined,
  value: unknown,
): unknown => {
  if (!schema) return undefined;
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  throw new AppError('INVALID_REQUEST', describeIssues(where, parsed.error.issues), {
    where,
    issues: parsed.error.issues.map(({ path, message }) => ({
      path: path.map(String).join('.'),
      message,
    })),
  });
};

/**
 * The step time belongs to the conductor and is forwarded by the fleet; nobody else may set a
 * replay's time.
 */
const stepTime = (
  request: Request,
  holder: KeyHolder,
  replay: ReplayClock | null,
): string | null => {
  const given = request.get('x-step-time');
  if (!given) return replay ? replay.latest() : null;
  const isFleet =
    (serviceNames as readonly string[]).includes(holder.caller) || holder.scopes.has('step');
  if (!replay || !isFleet || !Number.isFinite(Date.parse(given)))
    throw new AppError(
      'STEP_TIME_REFUSED',
      'x-step-time is taken only in a replay and only from the fleet',
    );
  const at = new Date(given).toISOString();
  replay.observe(at);
  return at;
};

export const serveApi = <const A extends Api>(
  service: ServiceName,
  api: A,
  handlers: Handlers<A>,
  { findKey, log, metrics, replay, hold, delay_max_ms, answers }: Options,
): Router => {
  const router = express.Router();

  const authenticate: RequestHandler = (request, _response, next) => {
    const key = request.get('x-api-key');
    if (!key) throw new AppError('MISSING_KEY', 'send the key of your service as X-API-Key');
    const holder = findKey(key);
    if (!holder)
      throw new AppError('WRONG_KEY', `the key in X-API-Key is not one that ${service} knows`);
    holderOf.set(request, holder);
    next();
  };

  const enterContext: RequestHandler = (request, _response, next) => {
    const holder = holderOf.get(request)!;
    inContext(
      {
        request_id: request.get('x-request-id')?.slice(0, 100) ?? randomUUID(),
        cycle_id: request.get('x-cycle-id') ?? null,
        caller: holder.caller,
        at: stepTime(request, holder, replay),
      },
      () => next(),
    );
  };

  for (const [name, declared] of Object.entries(api) as [keyof A & string, Route][]) {
    const answer = async (request: Request, response: Response): Promise<void> => {
      const holder = holderOf.get(request)!;
      if (!holder.scopes.has(declared.scope))
        throw new AppError(
          'SCOPE_NOT_GRANTED',
          `the key of ${holder.caller} may not ${declared.scope} at ${service}`,
          { needed: declared.scope, granted: [...holder.scopes] },
        );
      if (delay_max_ms > 0) await sleep(Math.random() * delay_max_ms);
      const input = {
        params: parse('params', declared.params, request.params),
        query: parse('query', declared.query, request.query),
        body: parse('body', declared.body, request.body),
        caller: holder.caller,
      };
      const result = await handlers[name](input as never);
      const checked = declared.response.safeParse(result);
      if (!checked.success)
        throw new Error(
          `the answer of ${declared.method} ${declared.path} does not keep its contract: ${describeIssues('answer', checked.error.issues)}`,
        );
      if (delay_max_ms > 0) await sleep(Math.random() * delay_max_ms);
      response.json(checked.data);
    };
    const timed: RequestHandler = (request, response, next) => {
      const stop = metrics.requests.startTimer({ method: declared.method, route: declared.path });
      response.on('finish', () => {
        const seconds = stop({ status: String(response.statusCode) });
        answers?.note(seconds, response.statusCode);
      });
      const { run, release } = hold();
      response.on('close', release);
      run(() => answer(request, response)).catch(next);
    };
    const method = declared.method.toLowerCase() as 'get' | 'post' | 'put' | 'delete';
    router[method](
      declared.path,
      authenticate,
      express.json({ limit: '1mb', strict: true }),
      enterContext,
      timed,
    );
  }
  router.use('/api', authenticate, (request) => {
    throw new AppError(
      'ROUTE_NOT_FOUND',
      `${service} has no ${request.method} ${request.originalUrl.split('?')[0]}; GET /openapi.json lists what it has`,
    );
  });
  router.use(createErrorHandler(log));
  return router;
};

/** Turns whatever was thrown into the one error body. */
export const createErrorHandler =
  (log: Log): ErrorRequestHandler =>
  (error: unknown, request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) return next(error);
    const type = (error as { type?: string }).type;
    const appError =
      error instanceof AppError
        ? error
        : type === 'entity.too.large'
          ? new AppError('BODY_TOO_LARGE', 'the body is larger than 1 MB', {
              limit_bytes: 1_048_576,
            })
          : type === 'entity.parse.failed'
            ? new AppError(
                'INVALID_JSON',
                'the body is not JSON: send an object with content-type application/json',
              )
            : type?.startsWith('encoding.') || type?.startsWith('charset.')
              ? new AppError('INVALID_REQUEST', (error as Error).message)
              : error instanceof URIError
                ? new AppError('INVALID_REQUEST', 'the path is not valid percent-encoded text')
                : new AppError('INTERNAL', messageOf(error), {}, error);
    if (appError.code === 'INTERNAL')
      log.error('request_failed', { method: request.method, path: request.path, error });
    // foreseen: a word of the reason says enough, and a stack of it at each request would not end
    else if (appError.status >= 500)
      log.warn('request_failed', {
        method: request.method,
        path: request.path,
        code: appError.code,
        reason: appError.message,
        ...(appError.cause instanceof Error && { cause: appError.cause.message }),
      });
    response.status(appError.status).json(appError.toBody());
  };

import { setTimeout as sleep } from 'node:timers/promises';
import {
  errorBody,
  errorCatalogue,
  type Api,
  type Route,
  type RouteInput,
  type RouteResponse,
} from '@catalyst/contracts';
import type { Axios, AxiosError, AxiosResponse } from 'axios';
import { AppError, currentContext, describeIssues, messageOf } from '@catalyst/runtime';
import type { Metrics } from '../metrics.ts';

type Arguments<R extends Route> = keyof RouteInput<R> extends never
  ? [input?: Record<string, never>]
  : object extends RouteInput<R>
    ? [input?: RouteInput<R>]
    : [input: RouteInput<R>];
export type Client<A extends Api> = {
  [K in keyof A]: (...input: Arguments<A[K]>) => Promise<RouteResponse<A[K]>>;
};

interface Options {
  /** Whom it calls; for messages. */
  service: string;
  base_url: string;
  api_key: string;
  timeout_ms?: number;
  /**
   * How long a call that is safe to repeat is tried again while the service is away: a restart
   * takes a second or two. Live, a vendor that is away is told at once.
   */
  retry_for_ms?: number;
  metrics?: Metrics;
}

const NOTHING_WAS_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);

const headers = (apiKey: string): Record<string, string> => {
  const context = currentContext();
  return {
    'x-api-key': apiKey,
    ...(context && { 'x-request-id': context.request_id }),
    ...(context?.cycle_id && { 'x-cycle-id': context.cycle_id }),
    ...(context?.at && { 'x-step-time': context.at }),
  };
};

const isFromAxios = (error: unknown): error is AxiosError =>
  (error as { isAxiosError?: unknown } | null)?.isAxiosError === true;

const failure = (service: string, declared: Route, error: unknown): AppError => {
  if (error instanceof AppError) return error;
  const code = isFromAxios(error) ? error.code : undefined;
  const where = `${service} (${declared.method} ${declared.path})`;
  if (code === 'ECONNABORTED' || code === 'ETIMEDOUT')
    return new AppError('TIMED_OUT', `${where} did not answer in time`, { service }, error);
  return new AppError(
    'SERVICE_UNAVAILABLE',
    `${where} cannot be reached (${code ?? messageOf(error)})`,
    { service },
    error,
  );
};

const readAnswer = (
  service: string,
  declared: Route,
  response: AxiosResponse<unknown>,
): unknown => {
  if (response.status >= 200 && response.status < 300) {
    const parsed = declared.response.safeParse(response.data);
    if (parsed.success) return parsed.data;
    throw new AppError(
      'INTERNAL',
      `${service} answered ${declared.method} ${declared.path} with something else than its contract says: ${describeIssues('answer', parsed.error.issues)}`,
    );
  }
  const refusal = errorBody.safeParse(response.data);
  if (!refusal.success)
    throw new AppError(
      'SERVICE_UNAVAILABLE',
      `${service} answered ${response.status} without an error body`,
      { service, status: response.status },
    );
  const { code, message, details } = refusal.data.error;
  throw new AppError(code, message, details);
};

/** The typed client of a service's API. An error of the callee keeps its code across the hop. */
export const createClient = <const A extends Api>(
  api: A,
  { service, base_url, api_key, timeout_ms = 30_000, retry_for_ms = 5000, metrics }: Options,
): Client<A> => {
  let opened: Promise<Axios> | undefined;
  const open = (): Promise<Axios> =>
    (opened ??= import('./open-http.ts').then(({ openHttp }) => openHttp(base_url, timeout_ms)));

  const call = async (
    declared: Route,
    input: {
      params?: Record<string, unknown>;
      query?: Record<string, unknown>;
      body?: unknown;
    } = {},
  ): Promise<unknown> => {
    const path = declared.path.replace(/:(\w+)/g, (_, name: string) =>
      encodeURIComponent(String(input.params?.[name])),
    );
    const http = await open();
    const url = input.query ? http.getUri({ url: path, params: input.query }) : path;
    const giveUpAt = performance.now() + retry_for_ms;
    const stop = metrics?.outsideCalls.startTimer({ target: service });
    for (let attempt = 0; ; attempt += 1) {
      try {
        const response = await http.request({
          method: declared.method,
          url,
          data: input.body,
          headers: headers(api_key),
        });
        const answer = readAnswer(service, declared, response);
        stop?.({ outcome: 'ok' });
        return answer;
      } catch (error) {
        const known = failure(service, declared, error);
        const unsent = isFromAxios(error) && NOTHING_WAS_SENT.has(error.code ?? '');
        // who answered has tried its vendor again and leaves it alone by now; a step, whose time stands still, waits
        const isTried = known.code === 'VENDOR_UNAVAILABLE' && !currentContext()?.at;
        const mayRepeat =
          errorCatalogue[known.code].retryable && !isTried && (declared.repeatable || unsent);
        const wait = Math.min(50 * 2 ** attempt, 1000) * (0.5 + Math.random() / 2);
        if (!mayRepeat || performance.now() + wait > giveUpAt) {
          stop?.({ outcome: known.code });
          throw known;
        }
        await sleep(wait);
      }
    }
  };
  return Object.fromEntries(
    Object.entries(api).map(([name, declared]) => [
      name,
      (input?: object) => call(declared, input),
    ]),
  ) as unknown as Client<A>;
};

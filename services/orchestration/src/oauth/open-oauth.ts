import { oauthScope } from '@catalyst/contracts';
import { AppError, type Clock, type Log, type RedisConnection } from '@catalyst/service-kit';
import { hostHeaderValidation } from '@modelcontextprotocol/express';
import type { Express, Request, RequestHandler, Response } from 'express';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { offeredScopes } from '../domain/scope-words.ts';
import type { Services } from '../services.ts';
import { createConsent } from './consent.ts';
import { createProvider, TOKEN_PREFIX } from './create-provider.ts';
import { doorKeys } from './door-keys.ts';
import type { DocumentNetwork } from './fetch-document.ts';
import { createOperatorPage } from './operator-page.ts';
import { addressOf, createOperatorSessions } from './operator-sessions.ts';

export interface OauthOptions {
  /** Where the desk is called from outside: https, without a path. */
  public_url: string;
  secret: string;
  workflow: Services['door'];
  mode: string;
  clock: Pick<Clock, 'latest'>;
  log: Log;
  redis: RedisConnection;
  run_id: string;
  allowed_hosts: readonly string[];
  network: DocumentNetwork;
}

/** Clients that one address may register in an hour: a person connects a handful. */
const REGISTRATIONS_PER_HOUR = 20;
const METADATA = '/.well-known/oauth-protected-resource';
const PROVIDED = /^\/(oauth\/|\.well-known\/(oauth-authorization-server|openid-configuration)$)/;

/** The address at which tokens of OAuth let in. */
export const resourceOf = (public_url: string): string => `${public_url}/mcp`;

/**
 * OAuth 2.1 for whoever comes without a key: the metadata that says so, the authorization server
 * behind it, and the operator's yes.
 */
export const openOauth = (options: OauthOptions) => {
  const { public_url, secret, workflow, mode, clock, log, redis, run_id, allowed_hosts, network } =
    options;
  const resource = resourceOf(public_url);
  const { host } = new URL(public_url);
  const provider = createProvider({ issuer: public_url, resource, secret, workflow, network, log });
  const provide = provider.callback();
  const operator = createOperatorSessions({
    workflow,
    form_key: doorKeys(secret).forms,
    origin: public_url,
  });
  const limits = { points: REGISTRATIONS_PER_HOUR, duration: 3600 };
  const registrations = new RateLimiterRedis({
    ...limits,
    storeClient: redis,
    keyPrefix: `oauth:${run_id}:registrations`,
    rejectIfRedisNotReady: true,
    insuranceLimiter: new RateLimiterMemory(limits),
  });

  /** Whatever name a request came by, what is answered names the desk by its own. */
  const pinned: RequestHandler = (request, _response, next) => {
    request.headers.host = host;
    request.headers['x-forwarded-proto'] = 'https';
    delete request.headers['x-forwarded-host'];
    next();
  };
  const limited: RequestHandler = (request, response, next) => {
    registrations.consume(addressOf(request)).then(
      () => next(),
      (refused: unknown) => {
        if (!(refused instanceof RateLimiterRes)) return next(refused);
        const retry_after_s = Math.ceil(refused.msBeforeNext / 1000);
        response.setHeader('Retry-After', retry_after_s);
        next(
          new AppError('TOO_MANY_REQUESTS', 'too many clients were registered from this address', {
            retry_after_s,
          }),
        );
      },
    );
  };
  /**
   * What is asked for is said in our words: each scope with those that it brings, and all that there
   * are where a client names none that we know. The operator gives as little of it as he likes.
   */
  const scoped: RequestHandler = (request, _response, next) => {
    const url = new URL(request.url, public_url);
    const asked = (url.searchParams.get('scope') ?? '').split(' ');
    const isKnown = asked.some((scope) => oauthScope.safeParse(scope).success);
    const offered = offeredScopes(isKnown ? asked : oauthScope.options);
    url.searchParams.set('scope', offered.map(({ scope }) => scope).join(' '));
    request.url = `${url.pathname}${url.search}`;
    next();
  };
  const describe: RequestHandler = (_request, response) => {
    response
      .set({ 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=300' })
      .json({
        resource,
        authorization_servers: [public_url],
        scopes_supported: oauthScope.options,
        bearer_methods_supported: ['header'],
        resource_name: 'Catalyst trading desk',
      });
  };
  const provided: RequestHandler = (request, response, next) => {
    if (!PROVIDED.test(request.path)) return next();
    provide(request, response).catch(next);
  };

  return {
    operator,
    mount: (app: Express): void => {
      app.use(
        [METADATA, '/.well-known', '/oauth', '/operator'],
        hostHeaderValidation([...allowed_hosts]),
        pinned,
      );
      app.get([METADATA, `${METADATA}/mcp`], describe);
      app.use(createOperatorPage(operator));
      app.use(createConsent({ provider, operator, workflow, resource, mode, clock, log }));
      app.post('/oauth/register', limited);
      app.get('/oauth/authorize', scoped);
      app.use(provided);
    },
    /** What a caller without a key, or with a token that is over, is told in the answer's head. */
    challenge: (response: Response, token: string | undefined): void => {
      const parts = [
        ...(token === undefined ? [] : ['error="invalid_token"']),
        `resource_metadata="${public_url}${METADATA}/mcp"`,
      ];
      response.setHeader('WWW-Authenticate', `Bearer ${parts.join(', ')}`);
    },
    /** Whether this was given by us: such a one that is over may be had anew, and is no wrong key. */
    isToken: (request: Request, key: string): boolean =>
      !request.get('x-api-key') && key.startsWith(TOKEN_PREFIX),
  };
};
export type Oauth = ReturnType<typeof openOauth>;

import type { Log } from '@catalyst/service-kit';
import { randomBytes } from 'node:crypto';
import Provider, { errors, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import { oauthScope } from '@catalyst/contracts';
import type { Services } from '../services.ts';
import { shapeClient } from './client-shape.ts';
import { doorKeys } from './door-keys.ts';
import { createFetchDocument, type DocumentNetwork } from './fetch-document.ts';
import { renderPage } from './page.ts';
import { failurePage } from './pages.ts';
import { createRecordAdapter } from './record-adapter.ts';

export const OPERATOR = 'operator';
/** What an access token begins with: one that is over is answered as such, not as a wrong key. */
export const TOKEN_PREFIX = 'cat_at_';
export const CONSENT_PATH = '/oauth/consent';

const ACCESS_TOKEN_S = 15 * 60;
const CODE_S = 60;
const INTERACTION_S = 15 * 60;
/** Documents that strangers may make us fetch in a minute. */
const MOST_FETCHES = 30;

interface Deps {
  /** https, without a path. */
  issuer: string;
  resource: string;
  secret: string;
  workflow: Services['door'];
  network: DocumentNetwork;
  log: Log;
}

const remaining = (ctx: KoaContextWithOIDC | undefined): number => {
  const exp = ctx?.oidc.entities.Grant?.exp;
  if (exp === undefined) throw new Error('a token is of a grant');
  return Math.max(1, exp - Math.floor(Date.now() / 1000));
};

const cookie = { httpOnly: true, secure: true, sameSite: 'lax', signed: true } as const;

const configurationFor = ({
  resource,
  secret,
  workflow,
  network,
}: Omit<Deps, 'issuer' | 'log'>): Configuration => {
  const keys = doorKeys(secret);
  const scope = oauthScope.options.join(' ');
  let fetched: { minute: number; count: number } = { minute: 0, count: 0 };
  const mayFetch = (): boolean => {
    const minute = Math.floor(performance.now() / 60_000);
    fetched = { minute, count: fetched.minute === minute ? fetched.count + 1 : 1 };
    return fetched.count <= MOST_FETCHES;
  };
  const fetchDocument = createFetchDocument(network);
  return {
    adapter: createRecordAdapter({ workflow, secret }),
    jwks: { keys: [{ ...keys.signing, use: 'sig', alg: 'EdDSA' } as never] },
    enabledJWA: { idTokenSigningAlgValues: ['EdDSA'] },
    clientAuthMethods: ['none'],
    clientDefaults: {
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      id_token_signed_response_alg: 'EdDSA',
    },
    responseTypes: ['code'],
    scopes: [],
    claims: {},
    pkce: { required: () => true },
    cookies: {
      keys: keys.cookies,
      names: {
        session: '__Host-oauth',
        interaction: '__Secure-oauth-request',
        resume: '__Secure-oauth-resume',
      },
      long: cookie,
      short: cookie,
    },
    routes: {
      authorization: '/oauth/authorize',
      token: '/oauth/token',
      registration: '/oauth/register',
      revocation: '/oauth/revoke',
      jwks: '/oauth/jwks',
    },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
      revocation: { enabled: true },
      registration: {
        enabled: true,
        initialAccessToken: false,
        issueRegistrationAccessToken: false,
        idFactory: () => randomBytes(24).toString('base64url'),
      },
      clientIdMetadataDocument: {
        enabled: true,
        ack: 'draft-02',
        allowFetch: async () => mayFetch(),
        allowClient: async () => true,
        cacheDuration: { min: 300, max: 86_400 },
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: async () => resource,
        useGrantedResource: async () => true,
        getResourceServerInfo: async (_ctx, asked) => {
          if (asked !== resource)
            throw new errors.InvalidTarget(`tokens are given for ${resource} alone`);
          return {
            scope,
            audience: resource,
            accessTokenTTL: ACCESS_TOKEN_S,
            accessTokenFormat: 'opaque',
          };
        },
      },
    },
    // the name is of no field: the whole is what is looked at
    extraClientMetadata: {
      properties: ['catalyst'],
      validator: (_ctx, _key, _value, metadata) => shapeClient(metadata),
    },
    fetch: fetchDocument as never,
    findAccount: async (_ctx, accountId) => ({
      accountId,
      claims: async () => ({ sub: accountId }),
    }),
    interactions: { url: async (_ctx, { uid }) => `${CONSENT_PATH}/${uid}` },
    // what was granted to a client before is no answer to what it asks for now
    loadExistingGrant: async (ctx) => {
      const grant_id = ctx.oidc.result?.consent?.grantId;
      return grant_id ? ctx.oidc.provider.Grant.find(grant_id) : undefined;
    },
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: true,
    revokeGrantPolicy: () => true,
    expiresWithSession: async () => false,
    clientBasedCORS: (_ctx, origin, client) =>
      (client.redirectUris ?? []).some((uri) => new URL(uri).origin === origin),
    ttl: {
      AccessToken: (ctx) => Math.min(ACCESS_TOKEN_S, remaining(ctx)),
      AuthorizationCode: CODE_S,
      Grant: 30 * 86_400,
      Interaction: INTERACTION_S,
      RefreshToken: (ctx) => remaining(ctx),
      Session: INTERACTION_S,
    },
    renderError: async (ctx, { error, error_description }) => {
      const { headers, text } = renderPage(failurePage(error, error_description));
      ctx.set(headers);
      ctx.body = text;
    },
  };
};

interface NamedTokens {
  generateTokenId(this: unknown): string;
}
/** The package makes all ids alike and knows no other way to have one that says what it is. */
const nameTokens = (tokens: NamedTokens): void => {
  const generate = tokens.generateTokenId;
  tokens.generateTokenId = function () {
    return `${TOKEN_PREFIX}${generate.call(this)}`;
  };
};

/** The authorization server of this desk: one operator, one resource, public clients with PKCE. */
export const createProvider = ({ issuer, log, ...deps }: Deps): Provider => {
  const provider = new Provider(issuer, configurationFor(deps));
  provider.proxy = true;
  nameTokens(provider.AccessToken.prototype as unknown as NamedTokens);
  provider.use(async (ctx, next) => {
    await next();
    const { route } = (ctx as KoaContextWithOIDC).oidc ?? {};
    if (route === 'discovery')
      ctx.body = { ...(ctx.body as object), scopes_supported: oauthScope.options };
  });
  const told = (event: string) => (ctx: KoaContextWithOIDC, error: Error) =>
    log.info(event, { why: error.message, client: ctx.oidc.client?.clientId.slice(0, 100) });
  provider.on('authorization.error', told('oauth_authorization_refused'));
  provider.on('grant.error', told('oauth_token_refused'));
  provider.on('registration_create.error', told('oauth_registration_refused'));
  provider.on('server_error', (_ctx, error) => log.error('oauth_failed', { error }));
  return provider;
};

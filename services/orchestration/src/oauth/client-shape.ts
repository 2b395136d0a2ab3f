import { errors, type ClientMetadata } from 'oidc-provider';

/** What is kept of what a client says of itself; the rest is nobody's business here. */
const KEPT = new Set([
  'client_id',
  'client_id_issued_at',
  'client_name',
  'client_uri',
  'redirect_uris',
  'grant_types',
  'response_types',
  'token_endpoint_auth_method',
  'application_type',
  'software_id',
  'software_version',
]);
const GRANTS = new Set(['authorization_code', 'refresh_token']);
const LOOPBACKS = new Set(['localhost', '127.0.0.1', '[::1]']);
const MOST_REDIRECTS = 10;
const LONGEST_REDIRECT = 500;
const LONGEST_NAME = 200;

/** Whether a redirect stays on the machine of the person who is asked. */
export const isLoopbackRedirect = (uri: string): boolean => {
  const { protocol, hostname } = new URL(uri);
  return protocol === 'http:' && LOOPBACKS.has(hostname);
};

const checkRedirect = (uri: unknown): void => {
  if (typeof uri !== 'string' || uri.length > LONGEST_REDIRECT || !URL.canParse(uri))
    throw new errors.InvalidRedirectUri();
  const { protocol, username, password } = new URL(uri);
  if (username !== '' || password !== '' || (protocol !== 'https:' && !isLoopbackRedirect(uri)))
    throw new errors.InvalidRedirectUri();
};

/**
 * Makes of what a client says of itself what this server takes, as RFC 7591 allows it to: a public
 * client that has to prove each code by PKCE, and whose codes go to https or to its own machine. One
 * that asks for a secret is told that it has none. Which scopes it wants it says when it asks.
 * @throws InvalidRedirectUri, InvalidClientMetadata
 */
export const shapeClient = (metadata: ClientMetadata): void => {
  for (const name of Object.keys(metadata)) if (!KEPT.has(name)) delete metadata[name];
  const { redirect_uris, client_name, client_id } = metadata;
  if (!Array.isArray(redirect_uris) || redirect_uris.length > MOST_REDIRECTS)
    throw new errors.InvalidRedirectUri();
  redirect_uris.forEach(checkRedirect);
  if (
    client_name !== undefined &&
    (typeof client_name !== 'string' || client_name.length > LONGEST_NAME)
  )
    throw new errors.InvalidClientMetadata(
      `client_name must be at most ${LONGEST_NAME} characters`,
    );
  // a document that is its own id may not be changed: one that wants more than `none` is refused
  if (!client_id?.startsWith('https://')) metadata.token_endpoint_auth_method = 'none';
  metadata.application_type = redirect_uris.some(isLoopbackRedirect) ? 'native' : 'web';
  metadata.response_types = ['code'];
  if (Array.isArray(metadata.grant_types))
    metadata.grant_types = metadata.grant_types.filter((type) => GRANTS.has(String(type)));
};

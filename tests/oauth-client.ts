import type {
  OAuthClientInformationMixed,
  OAuthClientProvider,
  OAuthDiscoveryState,
  OAuthTokens,
} from '@modelcontextprotocol/client';

export const REDIRECT = 'https://claude.example/api/mcp/auth_callback';

/** The protocol's own client as Claude's hosted connector uses it; where it sends a person, `sent_to` says. */
export const createClientAuth = (
  fields: { document?: string; redirect?: string; scope?: string; name?: string } = {},
) => {
  let information: OAuthClientInformationMixed | undefined;
  let tokens: OAuthTokens | undefined;
  let verifier = '';
  let discovered: OAuthDiscoveryState | undefined;
  const kept: { sent_to: URL | null } = { sent_to: null };
  const redirect = fields.redirect ?? REDIRECT;
  const provider: OAuthClientProvider = {
    redirectUrl: redirect,
    ...(fields.document !== undefined && { clientMetadataUrl: fields.document }),
    clientMetadata: {
      client_name: fields.name ?? 'Claude',
      redirect_uris: [redirect],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      // as the hosted connector asks for it
      token_endpoint_auth_method: 'client_secret_post',
      ...(fields.scope !== undefined && { scope: fields.scope }),
    },
    state: () => 'a-state-of-the-client',
    clientInformation: () => information,
    saveClientInformation: (given) => void (information = given),
    tokens: () => tokens,
    saveTokens: (given) => void (tokens = given),
    redirectToAuthorization: (url) => void (kept.sent_to = url),
    saveCodeVerifier: (given) => void (verifier = given),
    codeVerifier: () => verifier,
    saveDiscoveryState: (given) => void (discovered = given),
    discoveryState: () => discovered,
  };
  return {
    provider,
    kept,
    information: () => information,
    tokens: () => tokens,
    setTokens: (given: OAuthTokens) => void (tokens = given),
    verifier: () => verifier,
  };
};

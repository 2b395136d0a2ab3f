/**
 * How the audit names a client that was let in by OAuth: what it calls itself, as far as a name may
 * have it, and something of the grant, since nobody has checked the first.
 */
export const grantName = (client_name: string, grant_hash: string): string => {
  const word = client_name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 24)
    .replace(/^-+|-+$/g, '');
  return `oauth-${word === '' ? 'client' : word}-${grant_hash.slice(0, 6)}`;
};

import type { AuthInfo } from '@modelcontextprotocol/server';
import type { Holder } from '../flows/admit-holder.ts';

/** Who asks, as the protocol's package hands it on with each request. */
export const toAuth = (holder: Holder): AuthInfo => ({
  token: '',
  clientId: holder.name,
  scopes: [...holder.scopes],
  extra: { holder },
});

export const holderOf = (auth: AuthInfo | undefined): Holder => auth!.extra!.holder as Holder;

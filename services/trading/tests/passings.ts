import type { Passing } from './faulty-broker.ts';

/** What a request to the broker asks for, and its answer is of. */
export const placesOrder = ({ method, path }: Passing): boolean =>
  method === 'POST' && path === '/v2/orders';
export const cancelsOrder = ({ method, path }: Passing): boolean =>
  method === 'DELETE' && path.startsWith('/v2/orders/');
export const readsOrder = ({ method, path }: Passing): boolean =>
  method === 'GET' && /^\/v2\/orders\/[0-9a-f-]{36}/.test(path);
/** By the desk's own id of it. */
export const looksUpOrder = ({ path }: Passing): boolean => path.includes('by_client_order_id');
export const readsAccount = ({ method, path }: Passing): boolean =>
  method === 'GET' && path === '/v2/account';

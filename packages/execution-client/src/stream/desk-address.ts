import { SIGNAL_STREAM_PATH } from '@catalyst/contracts';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);
export const isOnThisMachine = (address: string): boolean =>
  URL.canParse(address) && LOOPBACK.has(new URL(address).hostname);

/** Where a desk is asked. Plain http is for this machine alone: the key would be read on its way. */
export const deskAddress = (address: string): URL => {
  const url = new URL(address);
  const isPlain = url.protocol === 'http:';
  if (!isPlain && url.protocol !== 'https:')
    throw new Error(`the desk's address ${address} is neither https nor http`);
  if (isPlain && !isOnThisMachine(address))
    throw new Error(`the desk's address ${address} must be https: http is for this machine alone`);
  return url;
};

/** Below the path that the address itself may have. */
export const pathAt = (address: URL, path: string): URL => {
  const url = new URL(address);
  url.pathname = `${address.pathname.replace(/\/$/, '')}${path}`;
  return url;
};

export const streamAddress = (address: string): string => {
  const url = pathAt(deskAddress(address), SIGNAL_STREAM_PATH);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
};

import { alpacaEnvironment } from '@catalyst/service-kit';

/** The feed whose minute bars it reads; the same word as technical's, which stores them. */
export const patternConfig = alpacaEnvironment.pick({ ALPACA_DATA_FEED: true });

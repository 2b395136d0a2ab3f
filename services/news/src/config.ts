import { alpacaEnvironment } from '@catalyst/service-kit';

export const newsConfig = alpacaEnvironment;

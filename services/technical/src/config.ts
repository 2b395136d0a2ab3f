import { alpacaEnvironment } from '@catalyst/service-kit';

export const technicalConfig = alpacaEnvironment;

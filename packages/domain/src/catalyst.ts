import { z } from 'zod';

/** Kinds of news that move a stock, as the news service classifies them. */
export const catalystTypes = [
  'earnings',
  'guidance',
  'fda',
  'merger_acquisition',
  'analyst',
  'contract_product',
  'legal',
  'offering_buyback',
  'insider',
  'management',
  'index',
  'other',
] as const;
export const catalystType = z.enum(catalystTypes);
export type CatalystType = z.infer<typeof catalystType>;

import { z } from 'zod';

/** The 11 sectors of the Global Industry Classification Standard (MSCI and S&P, 2023). */
export const gicsSectors = [
  'Communication Services',
  'Consumer Discretionary',
  'Consumer Staples',
  'Energy',
  'Financials',
  'Health Care',
  'Industrials',
  'Information Technology',
  'Materials',
  'Real Estate',
  'Utilities',
] as const;
export const gicsSector = z.enum(gicsSectors);
export type GicsSector = z.infer<typeof gicsSector>;

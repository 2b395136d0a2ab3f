import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Where the files of US stocks lie in LEAN's data. */
export interface LeanFolders {
  /** `<symbol>/<yyyymmdd>_trade.zip` */
  minute: string;
  /** `<symbol>.zip` */
  daily: string;
  /** Splits and dividends, a CSV for each company. */
  factor_files: string;
  /** Which ticker a company had until when, and where it was listed. */
  map_files: string;
}

/**
 * LEAN's data folder, the folder that holds it, and the folders below it: whichever of them a
 * person names.
 */
const PLACES = ['', 'usa', 'equity/usa', 'data/equity/usa', 'Data/equity/usa'] as const;

/**
 * Finds `minute/` and its neighbours in what a person names; the factor and map files may lie
 * together in `corporate-actions/`. RangeError where there are no minutes.
 */
export const findLeanFolders = (barsDir: string): LeanFolders => {
  const root = PLACES.map((place) => join(barsDir, place)).find((place) =>
    existsSync(join(place, 'minute')),
  );
  if (root === undefined)
    throw new RangeError(
      `${barsDir} holds no folder "minute": expected LEAN's data folder (the one with equity/usa/minute) or its equity/usa`,
    );
  const beside = (name: string): string =>
    existsSync(join(root, 'corporate-actions', name))
      ? join(root, 'corporate-actions', name)
      : join(root, name);
  return {
    minute: join(root, 'minute'),
    daily: join(root, 'daily'),
    factor_files: beside('factor_files'),
    map_files: beside('map_files'),
  };
};

import { Router } from 'express';

/**
 * A router that takes paths as they are written: other capitals or a slash at the end are another
 * path, as everywhere else that a path is looked at (faults, the plan's limits, the keys).
 */
export const createRoutes = (): Router => Router({ caseSensitive: true, strict: true });

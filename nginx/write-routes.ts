/** Writes routes.conf.template anew: node nginx/write-routes.ts */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderRoutes } from './outside-routes.ts';

writeFileSync(join(import.meta.dirname, 'routes.conf.template'), renderRoutes());

import { runService } from '@catalyst/service-kit';
import { patternService } from './service.ts';

await runService(patternService);

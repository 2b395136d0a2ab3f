import { runService } from '@catalyst/service-kit';
import { riskService } from './service.ts';

await runService(riskService);

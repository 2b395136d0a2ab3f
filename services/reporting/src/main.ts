import { runService } from '@catalyst/service-kit';
import { reportingService } from './service.ts';

await runService(reportingService);

import { runService } from '@catalyst/service-kit';
import { orchestrationService } from './service.ts';

await runService(orchestrationService);

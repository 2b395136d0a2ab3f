import { runService } from '@catalyst/service-kit';
import { workflowService } from './service.ts';

await runService(workflowService);

import { runService } from '@catalyst/service-kit';
import { technicalService } from './service.ts';

await runService(technicalService);

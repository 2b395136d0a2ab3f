import { runService } from '@catalyst/service-kit';
import { scannerService } from './service.ts';

await runService(scannerService);

import { runService } from '@catalyst/service-kit';
import { tradingService } from './service.ts';

await runService(tradingService);

import { runService } from '@catalyst/service-kit';
import { newsService } from './service.ts';

await runService(newsService);

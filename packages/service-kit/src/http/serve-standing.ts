import type { Health } from '@catalyst/contracts';
import type { Express } from 'express';
import type { Metrics } from '../metrics.ts';

interface Deps {
  readHealth: () => Promise<Health>;
  isUp: () => Promise<boolean>;
  metrics: Pick<Metrics, 'registry'>;
  describe: () => object;
}

/** What every service tells of itself, without a key. */
export const serveStanding = (
  app: Express,
  { readHealth, isUp, metrics, describe }: Deps,
): void => {
  app.get('/health', async (_request, response) => {
    const body = await readHealth();
    response.status(body.status === 'unhealthy' ? 503 : 200).json(body);
  });
  // what strangers get through Nginx: the status alone
  app.get('/health/status', async (_request, response) => {
    const { status } = await readHealth();
    response.status(status === 'unhealthy' ? 503 : 200).json({ status });
  });
  app.get('/health/live', (_request, response) => void response.json({ status: 'live' }));
  app.get('/health/ready', async (_request, response) => {
    const isReady = await isUp();
    response.status(isReady ? 200 : 503).json({ status: isReady ? 'ready' : 'starting' });
  });
  app.get(
    '/metrics',
    async (_request, response) =>
      void response.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
  // made when somebody asks: it would be a third of what a start computes
  let description: object | undefined;
  app.get('/openapi.json', (_request, response) => {
    description ??= describe();
    response.json(description);
  });
};

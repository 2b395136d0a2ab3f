import { expect, it } from '@jest/globals';
import { createMetrics } from './metrics.ts';

it('what is of the process is measured once for all its services, and told as of each', async () => {
  const risk = createMetrics('risk');
  const trading = createMetrics('trading');
  for (const name of ['nodejs_gc_duration_seconds', 'nodejs_eventloop_lag_p99_seconds']) {
    expect(risk.registry.getSingleMetric(name)).toBeDefined();
    expect(risk.registry.getSingleMetric(name)).toBe(trading.registry.getSingleMetric(name));
  }
  for (const [name, { registry }] of Object.entries({ risk, trading }))
    expect(await registry.metrics()).toMatch(
      new RegExp(`^process_resident_memory_bytes\\{service="${name}"\\} \\d+$`, 'm'),
    );
});

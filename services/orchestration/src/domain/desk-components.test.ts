import { expect, test } from '@jest/globals';
import { deskComponents } from './desk-components.ts';

type Told = NonNullable<
  Parameters<typeof deskComponents>[0] extends ReadonlyMap<string, infer T> ? T : never
> | null;

test('each part of the desk is told once: by itself where it is asked, else by who calls it', () => {
  expect(
    deskComponents(
      new Map<string, Told>([
        ['workflow', { status: 'degraded', dependencies: { news: 'healthy', trading: 'healthy' } }],
        ['trading', { status: 'unhealthy', dependencies: {} }],
        ['risk', null],
      ]),
    ),
  ).toEqual({ news: 'healthy', risk: 'unhealthy', trading: 'unhealthy', workflow: 'degraded' });
});

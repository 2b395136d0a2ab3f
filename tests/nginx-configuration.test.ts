import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { serviceNames, services, type Api, type ServiceName } from '@catalyst/contracts';
import { nginxVariables } from '../nginx/nginx-variables.ts';
import { writeOutsideKeys } from '../nginx/outside-keys.ts';
import { outsideRoutes, renderRoutes } from '../nginx/outside-routes.ts';
import { newKey } from './front-door.ts';

const nginxFolder = resolve(import.meta.dirname, '../nginx');

describe('the configuration of Nginx', () => {
  it('lets through to each service what the contracts say, and is not edited by hand', () => {
    expect(readFileSync(join(nginxFolder, 'routes.conf.template'), 'utf8')).toBe(renderRoutes());
  });
  it('opens no route that conducts a replay, and no act that the contracts do not grant to an operator', () => {
    const open = outsideRoutes().map(({ path, service }) => `${service} ${path}`);
    for (const name of serviceNames) {
      const { api, grants } = services[name] as { api: Api; grants: { cli?: readonly string[] } };
      for (const route of Object.values(api)) {
        if (route.scope === 'step' || !grants.cli?.includes(route.scope)) {
          const isReadElsewhere = Object.values(api).some(
            (other) => other.path === route.path && other.scope === 'read',
          );
          if (!isReadElsewhere) expect(open).not.toContain(`${name} ${route.path}`);
        }
      }
    }
    expect(open).toContain('workflow /api/v1/positions/:position_id/close');
    expect(open).toContain('risk /api/v1/arm');
  });
  it('has a value for every placeholder', () => {
    const given = nginxVariables({
      https_listen: '1',
      http_listen: '2',
      addresses: {} as Record<ServiceName, string>,
      keys_dir: 'k',
      run_dir: 'r',
    });
    for (const file of ['nginx.conf', 'errors.conf', 'proxy-headers.conf', 'routes.conf']) {
      const wanted = [
        ...readFileSync(join(nginxFolder, `${file}.template`), 'utf8').matchAll(/\$\{(\w+)\}/g),
      ].map((match) => match[1]!);
      for (const name of wanted.filter((placeholder) => placeholder !== ''))
        expect(given).toHaveProperty(name);
    }
  });
  it('takes no key that could break out of its line', () => {
    expect(() =>
      writeOutsideKeys('/nowhere', {
        mcp: ['"; return 200; #aaaaaaaaaaaaaaaaaaaaaaaaaaaa'],
        operator: [],
        cli_key: newKey(),
      }),
    ).toThrow('a key is 32 to 128 letters');
  });
});

import { execFile } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { writeOutsideKeys } from '../nginx/outside-keys.ts';
import { composeFile, interpolate, readCompose } from './compose-files.ts';
import { findFrontDoor, makeCertificate, newKey } from './front-door.ts';

const program = await findFrontDoor();
if (!program)
  process.stderr.write(
    'LEFT OUT of tests/nginx-in-compose.test.ts: nginx -t, since nginx or openssl is not installed here\n',
  );
const source = resolve(import.meta.dirname, '../nginx');
const { nginx } = composeFile.parse(interpolate(readCompose('docker-compose.yml'))).services;

(program ? it : it.skip)(
  'Nginx accepts each of its templates as Compose fills them in and starts it',
  async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'catalyst-nginx-test-')));
    const here = (text: string): string =>
      text
        .replace('/run/secrets/nginx', join(folder, 'keys'))
        .replace('/run/nginx', folder)
        // what Node pipes to a child is a socket, which cannot be opened by this name
        .replace('/dev/stdout', join(folder, 'access.log'));
    try {
      const { NGINX_ENVSUBST_FILTER, NGINX_ENVSUBST_OUTPUT_DIR, ...environment } =
        nginx!.environment!;
      expect(NGINX_ENVSUBST_OUTPUT_DIR).toBe('/run/nginx');
      const filled = Object.entries(environment).filter(([name]) =>
        new RegExp(String(NGINX_ENVSUBST_FILTER)).test(name),
      );
      const templates = readdirSync(source).filter((name) => name.endsWith('.template'));
      const rendered = templates.map((name) => join(folder, basename(name, '.template')));
      for (const [index, name] of templates.entries()) {
        const text = filled.reduce(
          (draft, [variable, value]) => draft.replaceAll(`\${${variable}}`, here(String(value))),
          readFileSync(join(source, name), 'utf8'),
        );
        writeFileSync(rendered[index]!, text);
      }
      mkdirSync(join(folder, 'keys'));
      await makeCertificate(join(folder, 'keys'));
      writeOutsideKeys(join(folder, 'keys'), {
        mcp: [newKey()],
        operator: [newKey()],
        cli_key: newKey(),
      });
      const [command, ...args] = nginx!.command!;
      expect(command).toBe('nginx');
      const { stdout, stderr } = await promisify(execFile)(
        program!.path,
        [...args.map(here), '-T'],
        { env: { PATH: process.env.PATH, ...program!.env } },
      );
      expect(stderr).toContain('test is successful');
      expect(stderr).not.toContain('[warn]');
      for (const path of rendered) expect(stdout).toContain(`# configuration file ${path}:`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { validate, ValidationSeverity } from 'dockerfile-utils';

const root = resolve(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const strict = {
  deprecatedMaintainer: ValidationSeverity.ERROR,
  directiveCasing: ValidationSeverity.ERROR,
  emptyContinuationLine: ValidationSeverity.ERROR,
  instructionCasing: ValidationSeverity.ERROR,
  instructionCmdMultiple: ValidationSeverity.ERROR,
  instructionEntrypointMultiple: ValidationSeverity.ERROR,
  instructionHealthcheckMultiple: ValidationSeverity.ERROR,
  instructionJSONInSingleQuotes: ValidationSeverity.ERROR,
  instructionWorkdirRelative: ValidationSeverity.ERROR,
};

describe('Dockerfile', () => {
  it('is read by a Dockerfile parser without a complaint', () => {
    expect(validate(read('Dockerfile'), strict).map(({ message }) => message)).toEqual([]);
  });
  it('copies into the image only what is in the checkout or in an earlier stage', () => {
    const copies = [...read('Dockerfile').matchAll(/^(?:COPY|ADD) (.+)$/gm)].map(
      ([, rest]) => rest,
    );
    expect(copies).toEqual(['. .', '--from=packages /app ./']);
    expect(read('Dockerfile')).toContain('FROM node:24-slim AS packages');
  });
  it('builds on the Node of the project, leaves development packages out, runs as a user without rights and checks its health', () => {
    const text = read('Dockerfile');
    expect(text.match(/^FROM (\S+)/gm)).toEqual(['FROM node:24-slim', 'FROM node:24-slim']);
    expect(JSON.parse(read('package.json')).devDependencies.node).toMatch(/^24\./);
    for (const line of [/npm ci --omit=dev/, /^USER node$/m, /^HEALTHCHECK /m])
      expect(text).toMatch(line);
  });
  it("is not given secrets, the checkout's packages or its history", () => {
    const ignored = read('.dockerignore').split('\n');
    for (const name of ['.env', '.env.*', '.catalyst', '.git', '**/node_modules'])
      expect(ignored).toContain(name);
  });
});

import { describe, expect, it } from '@jest/globals';
import { news } from './every-parameter/news.ts';
import { committed, leaves, withValues } from './every-parameter/parameter-tree.ts';
import { risk } from './every-parameter/risk.ts';
import { scanner } from './every-parameter/scanner.ts';
import { sessions } from './every-parameter/sessions.ts';

describe.each([
  ['risk_parameters', risk],
  ['scanner', scanner],
  ['sessions', sessions],
  ['news_sources', news],
])('config/%s.yaml', (name, outcomes) => {
  const config = committed(name);
  it('has no parameter without an outcome, and no outcome without its parameter', () => {
    expect(leaves(config).sort()).toEqual(Object.keys(outcomes).sort());
  });
  it.each(Object.keys(outcomes))('decides something by %s', async (path) => {
    const { to, given = {}, decides } = outcomes[path]!;
    const before = withValues(config, given);
    expect(await decides(withValues(before, { [path]: to }))).not.toEqual(await decides(before));
  });
});

import { describe, expect, it } from '@jest/globals';
import { CYCLE_ID, HOSTILE_HEADLINE } from './fleet-behind.ts';
import { call, client, serveMcp } from './serve-mcp.ts';

serveMcp();

describe('a hostile headline', () => {
  it('stays between marks that it cannot close, in every tool that shows news', async () => {
    for (const [name, given] of [
      ['get_scan_results', {}],
      ['get_candidate_analysis', { symbol: 'ACME' }],
      ['get_trade_journal', {}],
    ] as const) {
      const { text } = await call(name, given);
      const [, nonce] = /<<<untrusted ([0-9a-f]{16})\n/.exec(text)!;
      const close = `\nuntrusted ${nonce}>>>`;
      const [outside, ...rest] = text.split(`<<<untrusted ${nonce}\n`);
      expect(rest).toHaveLength(1);
      expect(rest[0]!.endsWith(close)).toBe(true);
      expect(outside).not.toContain('ignore all limits');
      // on lines of its own name only: no line begins with its instruction, nor with a mark
      for (const line of rest[0]!.slice(0, -close.length).split('\n'))
        expect(line).toMatch(/^ACME (reason|headline|why): /);
      expect(text).not.toContain('\u202E');
      expect(text.match(/>>>/g)).toHaveLength(1);
    }
  });
  it('is marked as untrusted in structured content and in resources', async () => {
    const check = (json: string) => {
      expect(json).toContain('untrusted_note');
      const withoutMarked = json.replace(/\{"untrusted_text":"(?:[^"\\]|\\.)*"\}/g, '');
      expect(withoutMarked).not.toContain('ignore all limits');
      expect(withoutMarked.length).toBeLessThan(json.length);
    };
    for (const name of ['get_scan_results', 'get_trade_journal', 'get_cycle_status'])
      check(JSON.stringify((await call(name)).data));
    for (const uri of [
      'catalyst://market-scan/latest',
      'catalyst://market-scan/candidates/ACME',
      `catalyst://trading-cycle/${CYCLE_ID}/timeline`,
    ]) {
      check(((await client.readResource({ uri })).contents[0] as { text: string }).text);
    }
    expect(HOSTILE_HEADLINE).toContain('ignore all limits');
  });
});

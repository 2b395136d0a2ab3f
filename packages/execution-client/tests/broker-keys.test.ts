import { expect, test } from '@jest/globals';
import { startSimulator } from '@catalyst/simulator';
import { tryBrokerKeys } from '../src/flows/try-broker-keys.ts';

test('keys that the broker refuses are told as its owner knows them', async () => {
  const simulator = await startSimulator({ at: '10:30' });
  try {
    await expect(
      tryBrokerKeys({ key_id: 'PKNOBODY', secret_key: 'wrong' }, simulator.url),
    ).rejects.toMatchObject({
      name: 'ClientError',
      message: expect.stringMatching(/^alpaca refuses the broker keys: (?!.*ALPACA_API)/),
    });
    const { key_id, secret_key } = simulator.accounts[0]!;
    expect(await tryBrokerKeys({ key_id, secret_key }, simulator.url)).toMatchObject({
      account_kind: 'simulated',
      blocked: null,
      held: [],
    });
  } finally {
    await simulator.close();
  }
});

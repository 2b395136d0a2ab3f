import { createHash } from 'node:crypto';
import { featureFlags, type FeatureFlag, type FlagState } from '@catalyst/contracts';
import { InMemoryProvider, OpenFeature, type EvaluationContext } from '@openfeature/server-sdk';

/** What holds where nobody has said anything. */
export const DEFAULT_FLAGS: Readonly<Record<FeatureFlag, boolean>> = {
  auto_execution: true,
  multiple_sessions: false,
};

/** 0 to 99, for a flag and a client the same on every machine and in every run. */
export const shareOf = (flag: string, client_id: string): number =>
  createHash('sha256').update(`${flag}:${client_id}`).digest().readUInt32BE(0) % 100;

const variantFor =
  ({ flag, percentage, allow_list }: FlagState) =>
  ({ targetingKey = '', name }: EvaluationContext): 'on' | 'off' =>
    allow_list.includes(String(name)) || shareOf(flag, targetingKey) < percentage ? 'on' : 'off';

/** OpenFeature over the rows of feature_flags: a share of the clients, and those that are named. */
export const createFeatureFlags = (domain: string) => {
  const provider = new InMemoryProvider();
  const client = OpenFeature.getClient(domain);
  const ready = OpenFeature.setProviderAndWait(domain, provider);
  return {
    evaluate: async (
      rows: readonly FlagState[],
      who: { client_id: string; name: string },
    ): Promise<Record<FeatureFlag, boolean>> => {
      await ready;
      provider.putConfiguration(
        Object.fromEntries(
          rows.map((row) => [
            row.flag,
            {
              variants: { on: true, off: false },
              defaultVariant: 'off',
              disabled: false,
              contextEvaluator: row.is_enabled ? variantFor(row) : () => 'off' as const,
            },
          ]),
        ),
      );
      const context = { targetingKey: who.client_id, name: who.name };
      const values = await Promise.all(
        featureFlags.map((flag) => client.getBooleanValue(flag, DEFAULT_FLAGS[flag], context)),
      );
      return Object.fromEntries(
        featureFlags.map((flag, index) => [flag, values[index]!]),
      ) as Record<FeatureFlag, boolean>;
    },
  };
};
export type FeatureFlags = ReturnType<typeof createFeatureFlags>;

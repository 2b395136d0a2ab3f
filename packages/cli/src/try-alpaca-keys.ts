/** What the broker says to the keys. */
export interface TriedKeys {
  account_number: string;
  status: string;
  is_open: boolean;
}

/**
 * Shows the keys to the broker before anything depends on them: the account, and the exchange's
 * clock.
 * @throws ConfigError when they are not whole, not taken, or those of another account than
 *   DESK_ACCOUNT; AppError when the broker does not answer
 */
export const tryAlpacaKeys = async (env: NodeJS.ProcessEnv): Promise<TriedKeys> => {
  const [
    { createBrokerage },
    { alpacaEnvironment, AppError, ConfigError, loadConfig, serviceEnvironment, systemClock },
  ] = await Promise.all([import('@catalyst/brokerage'), import('@catalyst/service-kit/calls')]);
  const { DESK_ACCOUNT, ...config } = loadConfig(
    alpacaEnvironment.extend(serviceEnvironment.pick({ DESK_ACCOUNT: true }).shape),
    env,
  );
  const silent = () => undefined;
  const { account, reference } = createBrokerage({
    config,
    log: { debug: silent, info: silent, warn: silent, error: silent },
    clock: systemClock,
    mode: 'paper',
    process: 'cli',
    timeout_ms: 3000,
  });
  try {
    const { account_number, status } = await account.getAccount();
    if (DESK_ACCOUNT !== 'unset' && account_number !== DESK_ACCOUNT)
      throw new ConfigError([
        `DESK_ACCOUNT is ${DESK_ACCOUNT} but the keys are those of account ${account_number}`,
      ]);
    const { is_open } = await reference.getClock();
    return { account_number, status, is_open };
  } catch (error) {
    if (error instanceof AppError && error.code === 'VENDOR_REFUSED_KEYS')
      throw new ConfigError([error.message]);
    throw error;
  }
};

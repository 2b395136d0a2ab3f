import type { Simulator, SimulatorOptions } from './simulator-options.ts';

export type { Simulator, SimulatorFacts, SimulatorOptions } from './simulator-options.ts';
export { LineError } from './clock/read-line.ts';
export { StepError } from './clock/read-step.ts';
export type { Happened } from './clock/happened.ts';
export type { SdkOptions } from './sdk-options.ts';
export type { Exchange } from './exchange/exchange.ts';
export type { Simulation } from './simulation.ts';
export type { LedgerKind, LedgerRow } from './ledger-row.ts';
export type { WireRoutes, WireView } from './http/wire-view.ts';
export type { CaughtMail } from './mail/mail-catcher.ts';
export type { TradeEvent, TradeUpdate } from './exchange/exchange-context.ts';
export * from './day/index.ts';

/**
 * Starts the exchange, its streams and the mail catcher on the loopback and resolves once all of
 * them listen; a start that fails leaves nothing behind. What it runs on is loaded then: whoever only
 * reads days needs none of it.
 */
export const startSimulator = async (options: SimulatorOptions = {}): Promise<Simulator> => {
  const simulator = await import('./start-simulator.ts');
  return simulator.startSimulator(options);
};

export {
  startSimulator,
  type Simulator,
  type SimulatorFacts,
  type SimulatorOptions,
} from './start-simulator.ts';
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

export { startSimulator, type Simulator, type SimulatorFacts, type SimulatorOptions } from './start-simulator.ts';
export type { Exchange } from './exchange/exchange.ts';
export type { Simulation } from './simulation.ts';
export type { LedgerKind, LedgerRow } from './ledger.ts';
export type { CaughtMail } from './mail/mail-catcher.ts';
export type { TradeEvent, TradeUpdate } from './exchange/exchange-context.ts';
export * from './day/index.ts';

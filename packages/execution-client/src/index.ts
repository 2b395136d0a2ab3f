export type { ClientEvent } from './client-event.ts';
export type { ClientStatus, Look } from './client-status.ts';
export {
  follow,
  type EntrySignal,
  type FollowDecision,
  type OwnAccount,
  type OwnQuote,
  type Standing,
} from './domain/follow.ts';
export {
  narrowLimits,
  NOTHING_ASKED,
  type AllowedLimits,
  type AskedByDesk,
} from './domain/narrow-limits.ts';
export { ownerLimits, type OwnerLimits } from './domain/owner-limits.ts';
export { skipCodes, type SkipCode } from './domain/skip-code.ts';
export { joinDesk, openInvitation } from './flows/join-desk.ts';
export { switchTrading } from './flows/switch-trading.ts';
export { tryBrokerKeys, type TriedBroker } from './flows/try-broker-keys.ts';
export { openKeys, sealKeys, type BrokerKeys } from './home/broker-keys.ts';
export { openHome, type ClientHome } from './home/client-home.ts';
export {
  startClient,
  type ClientOptions,
  type ClientStep,
  type RunningClient,
} from './start-client.ts';
export {
  openSignalStream,
  type SignalStream,
  type StreamHandlers,
} from './stream/signal-stream.ts';

import type { signalDeskRoutes } from '@catalyst/contracts';
import type { Handlers } from '@catalyst/service-kit';
import { admitClient, inviteClient, joinClient } from './flows/admit-clients.ts';
import type { FlowDeps } from './flows/flow-deps.ts';
import { replaySignals, showLog, showRow, watchSignals } from './flows/show-signals.ts';
import {
  limitClient,
  recordSessions,
  revokeClient,
  saveSettings,
  setFlag,
  showClient,
  showClients,
  showFlags,
  takeFeedback,
} from './flows/steer-clients.ts';

/** The signal log and its clients; none of it waits for the desk's own turn. */
export const createSignalRoutes = (
  deps: FlowDeps,
  atDeskTime: <T>(work: () => Promise<T>) => Promise<T>,
): Handlers<typeof signalDeskRoutes> => ({
  listSignalLog: ({ query }) => atDeskTime(() => showLog(deps, query)),
  showSignalRow: ({ params }) => showRow(deps, params.signal_id),
  watchSignals: ({ query }) => watchSignals(deps, query.after_change),
  replaySignals: ({ query }) => replaySignals(deps, query.from_seq),
  inviteClient: ({ body }) => atDeskTime(() => inviteClient(deps, body)),
  joinClient: ({ body }) => atDeskTime(() => joinClient(deps, body)),
  findSignalClient: ({ body }) => atDeskTime(() => admitClient(deps, body)),
  recordSessions: async ({ body }) => ({ recorded: await recordSessions(deps, body) }),
  takeFeedback: ({ params, body }) => atDeskTime(() => takeFeedback(deps, params.client_id, body)),
  saveClientSettings: ({ params, body }) =>
    atDeskTime(() => saveSettings(deps, params.client_id, body)),
  listSignalClients: () => atDeskTime(() => showClients(deps)),
  showSignalClient: ({ params }) => atDeskTime(() => showClient(deps, params.client_id)),
  limitClient: ({ params, body }) => atDeskTime(() => limitClient(deps, params.client_id, body)),
  revokeClient: ({ params, body }) => atDeskTime(() => revokeClient(deps, params.client_id, body)),
  listFlags: async () => ({ flags: await showFlags(deps) }),
  setFlag: ({ params, body }) => atDeskTime(() => setFlag(deps, { ...params, ...body })),
});

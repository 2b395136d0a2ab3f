import { doorsEnvironment } from '@catalyst/service-kit';

/**
 * Risk reads its limits from $CATALYST_HOME/config and its halt file from $CATALYST_HOME/state;
 * nothing more comes from the environment but the doors by which it tells what cannot wait.
 */
export const riskConfig = doorsEnvironment;

/**
 * Calls `giveUp` once `ms` of the wall's time are over and what has come by then is read: timers go
 * before sockets, so that a process that stood still would take answers that wait for it for
 * silence. What it returns calls it off.
 */
export const giveUpAfter = (ms: number, giveUp: () => void): (() => void) => {
  let reading: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    reading = setImmediate(giveUp);
  }, ms);
  return () => {
    clearTimeout(timer);
    clearImmediate(reading);
  };
};

/**
 * Preloaded into every program that this project starts (node --import): the channel to the starter
 * closes when the starter ends, however it ended, and the program then ends too instead of staying
 * behind.
 */
const patience_ms = 5_000;

process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), patience_ms).unref();
});
process.channel?.unref();

/**
 * What a container's health check runs: ends with 0 where the service of this container answers
 * that it is well, else with 1. The container engine bounds its time.
 *
 *   PORT=5001 node scripts/health-check.mjs <live|ready>
 */
const [kind] = process.argv.slice(2);
const answer = await fetch(`http://127.0.0.1:${process.env.PORT}/health/${kind}`).catch(() => null);
process.exit(answer?.ok ? 0 : 1);

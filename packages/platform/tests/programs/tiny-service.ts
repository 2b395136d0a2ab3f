/**
 * Answers /health/ready on PORT, and with SAYS_READY says by itself that it does; FAULT makes it
 * refuse its configuration or crash at once.
 */
import { createServer } from 'node:http';

if (process.env.FAULT === 'configuration') {
  process.stderr.write('PORT must be a number, was "many"\n');
  process.exit(78);
}
if (process.env.FAULT === 'crash') {
  process.stderr.write('cannot go on\n');
  process.exit(1);
}
createServer((request, response) => {
  response.statusCode = request.url === '/health/ready' ? 200 : 404;
  response.end();
}).listen(Number(process.env.PORT), '127.0.0.1', () => {
  if (process.env.SAYS_READY) process.send!({ ready: true });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { redact } from '../src/log.ts';

describe('what is written to the log', () => {
  it('never holds a secret, wherever it hides', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(
          'ALPACA_SECRET_KEY',
          'password',
          'x-api-key',
          'Authorization',
          'token',
          'SERVICE_KEY',
          'key_id',
        ),
        fc.integer({ min: 0, max: 4 }),
        (name, depth) => {
          let value: unknown = { [name]: 'hunter2-hunter2' };
          for (let level = 0; level < depth; level += 1)
            value = level % 2 ? [value] : { inner: value };
          expect(JSON.stringify(redact(value))).not.toContain('hunter2');
        },
      ),
    );
  });
  it('looks through a text once, however long its words are: whoever sends one stops nobody', () => {
    const word = 'y'.repeat(2_000_000);
    for (const text of [word, `${word}://`, `a://${word}`, `a://b:${word}`, '://'.repeat(500_000)])
      expect(redact(text)).toBe(text);
    expect(redact(`a://b:${word}@c`)).toBe('a://b:[redacted]@c');
  });

  it('holds addresses without their passwords, in texts and in errors', () => {
    const error = new Error('connect postgres://desk:hunter2@db:5432/x failed', {
      cause: new Error('redis://:hunter2@cache'),
    });
    const text = JSON.stringify(redact({ error, url: 'postgres://desk:hunter2@db/x' }));
    expect(text).not.toContain('hunter2');
    expect(text).toContain('postgres://desk:[redacted]@db');
  });
});

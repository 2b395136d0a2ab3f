import { describe, expect, it } from '@jest/globals';
import { keyFault } from './copy-faults.ts';

describe('what is wrong with a key', () => {
  it.each(['my7fQ2xPz0', 'YourA81bqc', 'Enter9vKq3', 'change4me1'])(
    'is nothing where it only begins as a placeholder does: %s',
    (start) => {
      expect(keyFault(`${start}h2Kd8sLw0QmZr5TnVb3Yc6Ue`)).toBeNull();
    },
  );

  it.each(['your_key', 'MySecret', 'changeme', 'enter key here', 'YOUR-SECRET-1'])(
    'is that it is a placeholder: %s',
    (text) => {
      expect(keyFault(text)).not.toBeNull();
    },
  );
});

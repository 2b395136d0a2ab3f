import { describe, expect, it } from '@jest/globals';
import { createFetchDocument, isPublicAddress } from './fetch-document.ts';

const fetchDocument = createFetchDocument({ allow_private: false });
const refused = async (url: string): Promise<string> => {
  try {
    await fetchDocument(url);
  } catch (error) {
    return (error as Error).message;
  }
  return 'fetched';
};

describe('what a stranger names', () => {
  it.each([
    ['1.1.1.1', true],
    ['160.79.104.10', true],
    ['223.255.255.255', true],
    ['0.0.0.0', false],
    ['10.1.2.3', false],
    ['100.64.0.1', false],
    ['127.0.0.1', false],
    ['169.254.169.254', false],
    ['172.31.255.255', false],
    ['172.32.0.1', true],
    ['192.168.1.1', false],
    ['198.19.0.1', false],
    ['224.0.0.1', false],
    ['255.255.255.255', false],
    ['2606:4700::1111', true],
    ['::1', false],
    ['::', false],
    ['::ffff:127.0.0.1', false],
    ['::ffff:8.8.8.8', false],
    ['64:ff9b::7f00:1', false],
    ['fe80::1', false],
    ['fd00::1', false],
    ['2001::1', false],
    ['2001:db8::1', false],
    ['2002:7f00:1::', false],
    ['localhost', false],
  ])('%s is public: %s', (address, isPublic) => {
    expect(isPublicAddress(address)).toBe(isPublic);
  });
  it.each([
    ['http://example.com/client', 'only https'],
    ['https://127.0.0.1/client', 'not a public address'],
    ['https://2130706433/client', 'not a public address'],
    ['https://0x7f.1/client', 'not a public address'],
    ['https://[::1]/client', 'not a public address'],
    ['https://[::ffff:7f00:1]/client', 'not a public address'],
    ['https://169.254.169.254/latest/meta-data', 'not a public address'],
    ['https://localhost/client', 'not at an address of the public network'],
    ['https://example.com:8443/client', 'only the usual port'],
    ['https://me:secret@example.com/client', 'no user'],
  ])('%s is not fetched: %s', async (url, why) => {
    expect(await refused(url)).toContain(why);
  });
});

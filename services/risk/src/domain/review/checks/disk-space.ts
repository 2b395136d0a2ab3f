import { LEAST_FREE_BYTES } from '@catalyst/domain';
import type { Check } from '../check.ts';

export const diskSpace: Check = {
  name: 'disk_space',
  code: 'DISK_SPACE_LOW',
  refuses: 'a disk with too little space to watch what is entered',
  find: (_intent, { disk_shortage }) => ({
    read: {},
    limit: LEAST_FREE_BYTES,
    value: disk_shortage ?? 'enough',
    fault:
      disk_shortage === null
        ? null
        : `${disk_shortage}; what is entered on a full disk cannot be watched`,
  }),
};

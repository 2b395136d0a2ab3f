import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Pages in which hosts with apps show what a tool answered. */
export const VIEW = { positions: 'ui://catalyst/positions' } as const;

/** What hosts know a page of an app by, and where a tool names its page: now, and before 2026. */
export const VIEW_TYPE = 'text/html;profile=mcp-app';
export const VIEW_KEY = 'ui/resourceUri';

export interface View {
  uri: string;
  name: string;
  title: string;
  description: string;
  html: string;
}

const page = (file: string): string => readFileSync(join(import.meta.dirname, file), 'utf8');

/** The pages, each one file with all that it needs. */
export const views: readonly View[] = [
  {
    uri: VIEW.positions,
    name: 'positions-view',
    title: 'Positions with their charts',
    description:
      'What the desk holds, each with its price, entry, stop, target and fills drawn, and a button that previews its close.',
    html: page('../views/positions.html'),
  },
];

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTools } from './src/tools/create-tools.ts';
import type { Services } from './src/services.ts';

const PAGE = join(import.meta.dirname, '../../docs/claude-tools.md');

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** The page of the tools and resources, as their definitions have them. */
export const renderTools = (): string => {
  const tools = createTools(
    {} as Services,
    { read: () => Promise.reject(new Error('nobody asks')) },
    async () => {},
    async () => new Map(),
    () => {},
  );
  const extras = tools.filter(({ is_extra }) => is_extra);
  return [
    "# Claude's tools and resources",
    '',
    `Written by \`services/orchestration/write-tools.ts\` from the definitions; a test holds it against them. A key is shown the tools of its scopes: \`read\`, \`propose\` (previews, proposals, pause, halt, tighten, watches) and \`trade\`. By default ${tools.length - extras.length} tools are listed; those marked extra too where \`MCP_TOOLS=all\` is set. No tool resumes a desk that was stopped: that is the operator's.`,
    '',
    row(['tool', 'title', 'scope', 'what it does']),
    row(['---', '---', '---', '---']),
    ...tools.map(({ name, title, scope, is_extra, description }) =>
      row([`\`${name}\``, title, is_extra ? `${scope}, extra` : scope, description]),
    ),
    '',
    'Hosts with MCP Apps show the answer of `get_positions` as a page, `ui://catalyst/positions` (`docs/claude.md`).',
    '',
    '## Resources',
    'Each is what a tool answers, under a URI; in braces stands what names one of several.',
    '',
    row(['URI', 'title', 'the tool that tells the same']),
    row(['---', '---', '---']),
    ...tools.flatMap(({ name, resources = [] }) =>
      resources.map(({ uri, title }) => row([`\`${uri}\``, title, `\`${name}\``])),
    ),
    '',
  ].join('\n');
};

if (import.meta.main) writeFileSync(PAGE, renderTools());

import type { Message } from '../native.js';

/** One thing that a record says. */
export type Part =
  | { kind: 'prompt' | 'answer' | 'thinking' | 'event'; text: string }
  | { kind: 'call'; name: string; text: string }
  | { kind: 'result'; isError: boolean; text: string };

/** The book-keeping of the agent program, in every other record: not part of a conversation. */
const silentTypes = new Set([
  'agent-name',
  'ai-title',
  'attachment',
  'bridge-session',
  'custom-title',
  'file-history-delta',
  'file-history-snapshot',
  'fork-context-ref',
  'last-prompt',
  'mode',
  'permission-mode',
  'progress',
  'queue-operation',
  'summary',
]);

/** System lines of every turn. */
const silentSubtypes = new Set(['turn_duration', 'stop_hook_summary', 'bridge_status']);

/** The inputs that tell best what a tool call is about, the best first. */
const tellingInputs = [
  'command',
  'file_path',
  'notebook_path',
  'pattern',
  'path',
  'query',
  'url',
  'skill',
  'description',
  'subject',
  'prompt',
];

/** What a record says to the reader of a conversation. A record of an unknown shape says its preview. */
export function recordParts(message: Message, record: string | null): Part[] {
  if (silentTypes.has(message.type) || (message.subtype && silentSubtypes.has(message.subtype))) return [];
  if (message.type !== 'user' && message.type !== 'assistant') {
    const label = message.subtype ?? message.type;
    return [{ kind: 'event', text: message.preview === '' ? label : `${label}: ${message.preview}` }];
  }
  const blocks = contentBlocks(record);
  return blocks ? blocks.flatMap((block) => blockParts(message, block)) : [spoken(message, message.preview)];
}

/** The content of the API message within a record; a plain text counts as one block. */
function contentBlocks(record: string | null): unknown[] | undefined {
  try {
    const content = member(member(record === null ? null : JSON.parse(record), 'message'), 'content');
    if (typeof content === 'string') return [{ type: 'text', text: content }];
    return Array.isArray(content) ? content : undefined;
  } catch {
    // Its bytes are no JSON for us, such as one of two records that share a line; the preview still says what it is.
    return undefined;
  }
}

function blockParts(message: Message, block: unknown): Part[] {
  switch (member(block, 'type')) {
    case 'text':
      return [spoken(message, textOf(member(block, 'text')))];
    case 'thinking':
      return [{ kind: 'thinking', text: textOf(member(block, 'thinking')) }];
    case 'tool_use':
      return [{ kind: 'call', name: textOf(member(block, 'name')), text: inputLine(member(block, 'input')) }];
    case 'tool_result':
      return [
        { kind: 'result', isError: member(block, 'is_error') === true, text: resultText(member(block, 'content')) },
      ];
    default:
      return [{ kind: 'event', text: `[${textOf(member(block, 'type')) || 'unknown'}]` }];
  }
}

/** Text by whoever says it: the assistant, a person, or the agent program in the person's name. */
function spoken(message: Message, text: string): Part {
  if (message.type === 'assistant') return { kind: 'answer', text };
  return { kind: message.isPrompt ? 'prompt' : 'event', text: message.isPrompt ? text : message.preview || text };
}

function inputLine(input: unknown): string {
  for (const name of tellingInputs) {
    const value = member(input, name);
    if (typeof value === 'string' && value !== '') return value;
  }
  return input === undefined || isEmpty(input) ? '' : JSON.stringify(input);
}

function resultText(content: unknown): string {
  if (!Array.isArray(content)) return textOf(content);
  return content
    .map((block) =>
      member(block, 'type') === 'text' ? textOf(member(block, 'text')) : `[${textOf(member(block, 'type'))}]`,
    )
    .join('\n');
}

function isEmpty(value: unknown): boolean {
  return value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A member of a value that may be anything. */
function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

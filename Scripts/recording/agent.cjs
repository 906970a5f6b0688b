// An agent of Bytebot's kind: two clients in one process, on node's own fetch.
//
// Usage: node agent.cjs MODELS_KEY CHAT_KEY       `-` sends no Authorization header
//
// The first client asks for the models with a bare fetch. The second is node's fetch as well, but
// speaks as openai-node 5.8.2 does, header for header: this script does without npm.
// The order is the agent's: models, chat, models.
'use strict';
const crypto = require('node:crypto');
const fs = require('node:fs');
const diagnostics = require('node:diagnostics_channel');

const base = process.env.PROXY_URL;
const [modelsKey, chatKey] = process.argv.slice(2);
const authorization = (key) => (key === '-' ? [] : [['authorization', `Bearer ${key}`]]);

// The head exactly as undici writes it to the socket: node adds headers of its own to ours.
let sentHead = '';
diagnostics.subscribe('undici:client:sendHeaders', ({ headers }) => { sentHead = headers; });

async function send(method, target, headers, body) {
  const response = await fetch(base + target, {
    method, headers, body, signal: AbortSignal.timeout(60_000),
  });
  // Read whole, or the connection is not used again.
  const answer = Buffer.from(await response.arrayBuffer());
  const kept = {};
  for (const name of ['authorization', 'x-api-key', 'x-litellm-api-key', 'api-key', 'user-agent']) {
    const found = new RegExp(`^${name}: (.*)$`, 'im').exec(sentHead);
    if (found) kept[name] = found[1].replace(/\r$/, '');
  }
  const streaming = (response.headers.get('content-type') ?? '').includes('text/event-stream');
  const line = {
    method,
    target,
    headers: kept,
    status: response.status,
    streaming,
    decoded_sha256: crypto.createHash('sha256').update(answer).digest('hex'),
  };
  fs.appendFileSync(process.env.CLIENT_LOG, JSON.stringify(line) + '\n');
}

const models = () => send('GET', '/model/info', [
  ['Content-Type', 'application/json'],
  ...authorization(modelsKey),
]);

const chat = () => send('POST', '/chat/completions', [
  ['Accept', 'application/json'],
  ['User-Agent', 'OpenAI/JS 5.8.2'],
  ['X-Stainless-Retry-Count', '0'],
  ['X-Stainless-Lang', 'js'],
  ['X-Stainless-Package-Version', '5.8.2'],
  ['X-Stainless-OS', 'Linux'],
  ['X-Stainless-Arch', process.arch],
  ['X-Stainless-Runtime', 'node'],
  ['X-Stainless-Runtime-Version', process.version],
  ...authorization(chatKey),
  ['content-type', 'application/json'],
], JSON.stringify({
  model: 'openai/o4-mini',
  messages: [
    { role: 'system', content: 'You operate a computer for a demonstration.' },
    { role: 'user', content: 'Click the button.' },
  ],
  max_tokens: 8192,
  tools: [{
    type: 'function',
    function: {
      name: 'click',
      description: 'Clicks at a point.',
      parameters: {
        type: 'object',
        properties: { x: { type: 'number' }, y: { type: 'number' } },
        required: ['x', 'y'],
      },
    },
  }],
  reasoning_effort: 'high',
}));

// A moment between the calls, as a person or a model would take: undici frees a connection only
// after the caller has its answer, and without a pause it is chance whether the next call uses it.
const moment = () => new Promise((resolve) => { setTimeout(resolve, 250); });

(async () => {
  await models();
  await moment();
  await chat();
  await moment();
  await models();
})();

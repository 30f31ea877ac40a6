// The least that a server on the SDK can be: one tool that says what it was told.
import { Server } from '@modelcontextprotocol/server';

function echoServer() {
  const server = new Server({ name: 'bare', version: '1.0.0' }, { capabilities: { tools: {} } });
  server.setRequestHandler('tools/list', () => ({
    tools: [{ name: 'echo', description: 'Says it again', inputSchema: { type: 'object' } }],
  }));
  server.setRequestHandler('tools/call', ({ params }) => ({
    content: [{ type: 'text', text: JSON.stringify(params.arguments) }],
  }));
  return server;
}

async function serveHttp() {
  const { createServer } = await import('node:http');
  const { createMcpHandler } = await import('@modelcontextprotocol/server');
  const { toNodeHandler } = await import('@modelcontextprotocol/node');
  const handle = toNodeHandler(createMcpHandler(echoServer));
  const web = createServer((request, response) => void handle(request, response));
  web.listen(0, '127.0.0.1', () => {
    process.stdout.write(`http://127.0.0.1:${web.address().port}/mcp\n`);
  });
}

if (process.argv[2] === 'http') {
  await serveHttp();
} else {
  const { serveStdio } = await import('@modelcontextprotocol/server/stdio');
  serveStdio(echoServer);
}
process.stdin.once('end', () => process.exit(0)).resume();

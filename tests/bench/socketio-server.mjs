// The peer of the fan-out bench: Socket.IO as its documentation has it, WebSocket only, without its own compression.
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const server = createServer();
const io = new Server(server, { transports: ['websocket'], perMessageDeflate: false });

io.on('connection', socket => {
  socket.on('watch', done => {
    socket.join('watchers');
    done();
  });
  socket.on('move', (event, done) => {
    io.to('watchers').emit('event', event);
    done();
  });
});

server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ port: server.address().port })}\n`);
});
process.stdin.resume().on('end', () => process.exit(0));

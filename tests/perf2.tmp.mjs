import { recordShift } from './bench/shift.mjs';
const N=200000;
const shift = recordShift(N, 64);
let sock;
globalThis.WebSocket = class extends EventTarget { constructor(){super(); this.readyState=0; this.protocol='jackfield.v1'; this.bufferedAmount=0; sock=this; setTimeout(()=>{this.readyState=1;this.dispatchEvent(new Event('open'))},0)} set binaryType(v){} send(t){ for(const f of [JSON.parse(t)].flat()) { if(f.type==='hello') this.msg(JSON.stringify(shift.welcome)); if(f.type==='command'){ this.msg(JSON.stringify({type:'result',id:f.id,ok:f.command.type==='watchPresence'?{type:'presence',presence:shift.presence}:{type:'done'}})); } } } msg(data){ setTimeout(()=>this.dispatchEvent(new MessageEvent('message',{data})),0) } close(){} };
globalThis.CloseEvent ??= class extends Event {};
const { connect } = await import('/tmp/prof/index.js');
const s = await connect({ gateway:'http://x', token:'t', voice:false, resume:'none' });
await s.presence.watch(shift.presence.map(p=>p.userId));
let count=0, read=0; const saw=t=>{count++; read+=t.length};
s.on('presenceChanged', e=>saw(e.presence.availability)); s.on('messageAdded', e=>saw(e.message.text)); s.on('participantChanged', e=>saw(e.participant.name));
const c0=process.cpuUsage(); const t0=performance.now();
for (const b of shift.batches) { sock.dispatchEvent(new MessageEvent('message',{data:b})); await new Promise(setImmediate); }
while(count<N) await new Promise(setImmediate);
const c=process.cpuUsage(c0); console.log('sdk cpu us/event', (c.user+c.system)/N, 'wall', (performance.now()-t0)*1000/N);
{ const c0=process.cpuUsage(); let n=0; const L={presenceChanged:e=>saw(e.presence.availability),messageAdded:e=>saw(e.message.text),participantChanged:e=>saw(e.participant.name)};
for (const b of shift.batches) { for (const f of JSON.parse(b)) L[f.event.type](f.event); await new Promise(setImmediate);} const c=process.cpuUsage(c0); console.log('parse cpu us/event', (c.user+c.system)/N); }
s.close(); process.exit();

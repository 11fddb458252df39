// An AudioWorklet that tells, when asked, the first block with sound, or the end of a tenth of a second of silence.
const LOUD = 0.01;
const QUIET_BLOCKS = 38;

class Onset extends AudioWorkletProcessor {
  constructor() {
    super();
    this.wanted = undefined;
    this.quiet = 0;
    this.port.onmessage = ({ data }) => {
      this.wanted = data;
    };
  }

  process([input]) {
    const loud = input.some(channel => channel.some(sample => Math.abs(sample) > LOUD));
    this.quiet = loud ? 0 : this.quiet + 1;
    if ((this.wanted === 'sound' && loud) || (this.wanted === 'silence' && this.quiet >= QUIET_BLOCKS)) {
      this.port.postMessage(this.wanted);
      this.wanted = undefined;
    }
    return true;
  }
}

registerProcessor('onset', Onset);

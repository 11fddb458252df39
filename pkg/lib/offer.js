/** A conversation proposed to this agent. */
export class Offer {
  #core;

  constructor(core, snapshot) {
    this.#core = core;
    Object.assign(this, snapshot);
  }

  async accept(options) {
    const ask = () => this.#core.command({ type: 'acceptOffer', offerId: this.offerId }, options, true);
    // In preview nobody talks yet: `dial` opens the microphone.
    const talks = this.channel === 'voice' && this.kind !== 'preview';
    const { conversationId } = await (talks ? this.#core.withMicrophone(ask, options) : ask());
    return this.#core.present(conversationId);
  }

  async reject(reason, options) {
    await this.#core.command({ type: 'rejectOffer', offerId: this.offerId, reason }, options);
  }
}

'use strict';

// Following the changes: what `subscribe` and `onChange` return. Documented in index.d.ts.

const { aborted } = require('./input.js');

const END = Object.freeze({ done: true, value: undefined });

/** Detaches subscriptions that were garbage-collected from their handles and signals, which may live on. */
const collected = new FinalizationRegistry(({ others, self, signal, abort }) => {
  others.delete(self);
  signal?.deref()?.removeEventListener('abort', abort);
});

/** The subscriptions of each handle of the addon, held weakly. */
const subscriptions = new WeakMap();

class Subscription {
  /** Held so that the handle is not collected, and thereby closed, while it is in use. */
  #handle;
  /** Undefined once it has ended. */
  #native;
  #signal;
  /** Taken and not handed out yet, the next one last. */
  #items = [];
  #turn = Promise.resolve();
  /** Ends the wait for items. */
  #wake;
  #abort;
  #self = new WeakRef(this);

  constructor(handle, options, signal) {
    this.#handle = handle;
    this.#native = handle.subscribe(options);
    this.#signal = signal;
    const [self, others] = [this.#self, subscriptions.get(handle) ?? new Set()];
    subscriptions.set(handle, others.add(self));
    // The signal holds nothing but the listener, so that it does not keep an unused subscription alive.
    this.#abort = () => self.deref()?.#wake?.();
    if (!signal?.aborted) signal?.addEventListener('abort', this.#abort, { once: true });
    const weak = signal && new WeakRef(signal);
    collected.register(this, { others, self, signal: weak, abort: this.#abort }, this);
  }

  /** Ends the subscriptions of a closed handle: a pending wait does not keep the process alive, so nothing else may end them. */
  static endAll(handle) {
    for (const self of subscriptions.get(handle) ?? []) self.deref()?.#end();
  }

  /** Concurrent calls receive their items in the order of the calls. */
  next() {
    const turn = this.#turn.then(() => this.#next());
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async return() {
    this.#end();
    return END;
  }

  async [Symbol.asyncDispose]() {
    this.#end();
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  async #next() {
    try {
      if (this.#items.length === 0 && !this.#signal?.aborted) await this.#fill();
      if (this.#native !== undefined && this.#signal?.aborted) throw aborted(this.#signal);
    } catch (error) {
      this.#end();
      throw error;
    }
    if (this.#items.length > 0) return { done: false, value: this.#items.pop() };
    this.#end();
    return END;
  }

  /** Waits for items. The addon's thread wakes it, and so does JavaScript itself when it ends: the thread does not keep the process alive. */
  async #fill() {
    const native = this.#native;
    if (native === undefined) return;
    await new Promise((resolve) => {
      this.#wake = resolve;
      native.wait(resolve);
    });
    this.#wake = undefined;
    // It may have been ended meanwhile.
    if (this.#native !== undefined && !this.#signal?.aborted) this.#items = native.take().reverse();
  }

  #end() {
    if (this.#native === undefined) return;
    this.#signal?.removeEventListener('abort', this.#abort);
    collected.unregister(this);
    subscriptions.get(this.#handle)?.delete(this.#self);
    this.#native.close();
    this.#native = undefined;
    this.#items = [];
    this.#handle = undefined;
    this.#wake?.();
  }
}

/** Calls `callback` with each item. What it throws, and errors of the subscription, are uncaught exceptions. */
function call(callback, subscription) {
  const follow = async () => {
    for await (const change of subscription) {
      try {
        callback(change);
      } catch (error) {
        await uncaught(error);
      }
    }
  };
  follow().catch((error) => (error.code === 'HAN_CANCELLED' ? undefined : uncaught(error)));
  return Object.freeze({ close: () => void subscription.return() });
}

/** Resolved once the process has handled it, if it continues at all. */
const uncaught = (error) =>
  new Promise((resolve) => {
    setImmediate(resolve);
    process.nextTick(() => {
      throw error;
    });
  });

module.exports = { Subscription, call };

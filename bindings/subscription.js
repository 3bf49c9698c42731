'use strict';

// Following the changes: what `subscribe` and `onChange` give. Documented in index.d.ts.

const { failure } = require('./input.js');

const END = Object.freeze({ done: true, value: undefined });

/** Takes the listeners of subscriptions that were collected off their signals, which may live on. */
const collected = new FinalizationRegistry(({ signal, abort }) => signal.deref()?.removeEventListener('abort', abort));

class Subscription {
  /** Held so that the handle is not collected, and thereby closed, while it is followed. */
  // biome-ignore lint/correctness/noUnusedPrivateClassMembers: the collector reads it
  #handle;
  /** Undefined once it has ended. */
  #native;
  #signal;
  /** Taken and not handed out yet, the next one last. */
  #items = [];
  #turn = Promise.resolve();
  #abort;

  constructor(handle, options, signal) {
    this.#handle = handle;
    this.#native = handle.subscribe(options);
    this.#signal = signal;
    if (signal?.aborted) this.#native.close();
    else if (signal !== undefined) this.#listen();
  }

  /** The signal holds nothing but the listener, so that it keeps no subscription that nobody uses any more. */
  #listen() {
    const native = new WeakRef(this.#native);
    this.#abort = () => native.deref()?.close();
    this.#signal.addEventListener('abort', this.#abort, { once: true });
    collected.register(this, { signal: new WeakRef(this.#signal), abort: this.#abort }, this);
  }

  /** Calls that do not wait for each other get their items in the order of the calls. */
  next() {
    const turn = this.#turn.then(() => this.#next());
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async return() {
    this.#end();
    return END;
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  async #next() {
    try {
      if (this.#items.length === 0) await this.#fill();
      if (this.#native !== undefined && this.#signal?.aborted) throw aborted(this.#signal);
    } catch (error) {
      this.#end();
      throw error;
    }
    if (this.#items.length > 0) return { done: false, value: this.#items.pop() };
    this.#end();
    return END;
  }

  async #fill() {
    const native = this.#native;
    if (native === undefined) return;
    await new Promise((resolve) => native.wait(resolve));
    const items = native.take();
    // It may have been ended meanwhile.
    if (this.#native !== undefined) this.#items = items.reverse();
  }

  #end() {
    if (this.#native === undefined) return;
    this.#signal?.removeEventListener('abort', this.#abort);
    collected.unregister(this);
    this.#native.close();
    this.#native = undefined;
    this.#items = [];
    this.#handle = undefined;
  }
}

const aborted = (signal) =>
  Object.assign(failure('HAN_CANCELLED', 'cancelled; the signal was aborted'), { name: 'AbortError', cause: signal.reason });

/** Calls `callback` with each item. What it throws, and why following failed, are uncaught exceptions. */
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

/** Resolved once the process has dealt with it, if it goes on at all. */
const uncaught = (error) =>
  new Promise((resolve) => {
    setImmediate(resolve);
    process.nextTick(() => {
      throw error;
    });
  });

module.exports = { Subscription, call };

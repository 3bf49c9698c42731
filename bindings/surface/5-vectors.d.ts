/** A vector of a message, and what it stands for. */
export interface VectorItem extends VectorPlace {
  /** As many numbers as the model has dimensions. */
  vector: Float32Array | ReadonlyArray<number>
}

/** Vectors of one model. */
export interface VectorItems {
  /** The name of the model that they come from. */
  model: string
  /** The vectors, at most 10,000. */
  items: ReadonlyArray<VectorItem>
}

/** Turns texts into vectors. */
export interface Embedder {
  /** The name under which the vectors are kept. Vectors of one name must come from one way of embedding. */
  readonly model: string
  /** How many numbers each vector has, 1 to 8,192. */
  readonly dimensions: number
  /** A vector for each text, in their order. */
  embed(texts: ReadonlyArray<string>): Promise<ReadonlyArray<Float32Array | ReadonlyArray<number>>>
}

/** How to load an embedder. */
export interface LoadEmbedderOptions {
  /** The model that it serves; called like the folder where not given. */
  model?: string | null
}

/** How much to embed. */
export interface EmbedOptions {
  /** How many messages at most, 1 or more; all where not given. */
  limit?: number | null
  /** Called after each commit. */
  onProgress?: ((progress: EmbedProgress) => void) | null
  /** Ends it between two calls of the embedder, with `HAN_CANCELLED`; what is committed stays. */
  signal?: AbortSignal | null
}

/** The operations on vectors. */
export interface Vectors {
  /** Every model that has vectors, by name. */
  models(): Promise<Array<VectorModel>>
  /** Removes a model with all of its vectors. Rejects with `HAN_NOT_FOUND` for a model without vectors. */
  remove(model: string): Promise<RemoveVectorsReport>
  /**
   * A page of messages that have text and no vector of it, those whose text has changed since first, with their texts in pieces that
   * embedders take. Copies and older generations want no vectors.
   */
  pending(query: PendingQuery): Promise<Page<PendingMessage>>
  /**
   * Embeds what is pending for a model, with its registered embedder. Nothing is locked while the embedder works, and what is done
   * is committed every 64 messages. Where nothing is pending, nothing is written.
   *
   * Rejects with `HAN_NOT_FOUND` where no embedder is registered for the model; `HAN_EMBEDDER` with what it says, itself in `cause`;
   * `HAN_CANCELLED`; and as {@link Han.indexVectors}. What is committed stays, and a later call goes on from there.
   */
  embedPending(model: string, options?: EmbedOptions | null): Promise<EmbedReport>
}

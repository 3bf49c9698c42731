// The functions below work on a default handle, opened at the first use in `HAN_DATA_DIR`, else in `~/.han`.

/** {@link Han.indexSessionFileSync} of the default handle. */
export declare const indexSessionFileSync: Han['indexSessionFileSync']
/** {@link Han.subscribe} of the default handle. */
export declare const subscribe: Han['subscribe']
/** {@link Han.onChange} of the default handle. */
export declare const onChange: Han['onChange']
/** {@link Han.indexVectors} of the default handle. */
export declare const indexVectors: Han['indexVectors']
/** {@link Han.registerEmbedder} of the default handle. */
export declare const registerEmbedder: Han['registerEmbedder']
/** Closes the default handle, if it is open; the next use opens it again. */
export declare const close: Han['close']

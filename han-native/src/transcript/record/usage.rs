//! The token counts of an API message.

use super::Number;

lenient_object! {
    /// `message.usage`
    pub(crate) struct Usage {
        input: Number = "input_tokens",
        output: Number = "output_tokens",
        cache_read: Number = "cache_read_input_tokens",
        cache_creation: Number = "cache_creation_input_tokens",
        cache_split: CacheSplit = "cache_creation",
    }
}

lenient_object! {
    /// How long the tokens that were written to the cache live.
    pub(crate) struct CacheSplit {
        five_minutes: Number = "ephemeral_5m_input_tokens",
        one_hour: Number = "ephemeral_1h_input_tokens",
    }
}

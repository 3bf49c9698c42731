//! The token counts of an API message, and what else its price depends on.

use super::{List, Number, Text};

lenient_object! {
    /// `message.usage`
    pub(crate) struct Usage<'a> {
        input: Number = "input_tokens",
        output: Number = "output_tokens",
        cache_read: Number = "cache_read_input_tokens",
        cache_creation: Number = "cache_creation_input_tokens",
        cache_split: CacheSplit = "cache_creation",
        server_tools: ServerTools = "server_tool_use",
        service_tier: Text<'a> = "service_tier",
        inference_geo: Text<'a> = "inference_geo",
        speed: Text<'a> = "speed",
        iterations: List<UsageIteration<'a>> = "iterations",
    }
}

lenient_object! {
    /// One of the requests that a request was made of.
    pub(crate) struct UsageIteration<'a> {
        kind: Text<'a> = "type",
        model: Text<'a> = "model",
        speed: Text<'a> = "speed",
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

lenient_object! {
    /// What the API did by itself, and charges for each time.
    pub(crate) struct ServerTools {
        web_searches: Number = "web_search_requests",
    }
}

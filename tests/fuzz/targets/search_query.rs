#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| han_fuzz::oracles::search_query(text));

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| han_fuzz::oracles::records(bytes));

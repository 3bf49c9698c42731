//! Sizes of tests: small to prove behaviour with each change, long for what is promised at large sizes and many rounds.

/// The first number; the second one if `HAN_LONG_TESTS` is set, as `make test-long` does.
pub(crate) fn of<T>(small: T, long: T) -> T {
    if is_long() { long } else { small }
}

/// Whether tests of promised sizes run.
pub(crate) fn is_long() -> bool {
    std::env::var_os("HAN_LONG_TESTS").is_some_and(|value| !value.is_empty())
}

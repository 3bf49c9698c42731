//! Black-box tests of han-native; the tests are in `it/`.

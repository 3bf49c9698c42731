//! Memory stays bounded whatever is indexed. Measured in a process of its own.

use han_benches::Generator;

use super::child;
use crate::request_log::system_prompt;
use crate::support::home::Home;

const WHILE_A_LONG_LINE_IS_READ: u64 = 250_000_000;
const OTHERWISE: u64 = 150_000_000;

fn assert_peak_within(home: &Home, messages: Option<i64>, limit: u64) {
    let ending = child::run(child::scan(&home.database_file(), &home.config_dir()));
    let indexed = ending.outcome.clone().unwrap();
    assert!(messages.is_none_or(|messages| messages == indexed), "{ending:?}");
    let peak = ending.peak_kib * 1024;
    println!("{peak} bytes at most");
    assert!(peak <= limit, "{peak} bytes were used, {limit} are allowed");
}

#[test]
fn a_line_of_sixty_mebibytes_is_read_within_the_limit() {
    let home = Home::new();
    let path = home.write_session("long", "");
    let mut bytes = Generator::new(1).long_line(60 * 1024 * 1024);
    bytes.push(b'\n');
    std::fs::write(path, bytes).unwrap();
    assert_peak_within(&home, Some(1), WHILE_A_LONG_LINE_IS_READ);
}

#[test]
fn a_logged_message_of_sixty_mebibytes_is_read_within_the_limit() {
    let home = Home::new();
    let content = system_prompt(1, 60 << 20);
    home.write_session(
        "logged",
        format!("{{\"type\":\"api-request-blob\",\"message\":{{\"role\":\"system\",\"content\":\"{content}\"}}}}\n"),
    );
    assert_peak_within(&home, Some(0), WHILE_A_LONG_LINE_IS_READ);
}

#[test]
fn a_line_without_an_end_is_read_within_the_limit() {
    let home = Home::new();
    let path = home.write_session("endless", "");
    std::fs::File::create(path).unwrap().set_len(600_000_000).unwrap();
    assert_peak_within(&home, Some(0), WHILE_A_LONG_LINE_IS_READ);
}

#[test]
fn many_transcripts_are_read_within_the_limit() {
    let home = Home::new();
    let summary = Generator::new(2).config_dir(home.config_dir(), 150_000_000).unwrap();
    assert!(summary.bytes > 100_000_000, "{}", summary.bytes);
    assert_peak_within(&home, None, OTHERWISE);
}

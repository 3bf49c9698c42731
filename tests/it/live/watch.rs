//! Whatever happens to transcripts while they are watched: in the end the database is like one built from scratch.

use std::fs;
use std::io::Write;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::watch_support::{Watched, place, prompts, rename, wait_until};
use crate::support::size;

#[test]
fn a_thousand_appends_in_pieces_that_end_anywhere() {
    let watched = Watched::new();
    let text = prompts("s1", 1_000);
    let bytes = text.as_bytes();
    let mut start = 0;
    for number in 1..=1_000 {
        let end = bytes.len() * number / 1_000;
        watched.home.append(&place("s1"), &bytes[start..end]);
        start = end;
    }
    watched.wait_for_messages(1_000);
    watched.expect_up_to_date();
}

#[test]
fn the_first_line_is_there_long_before_the_next_full_scan() {
    let watched = Watched::new();
    for number in 0..20 {
        let session = format!("s{number}");
        watched.home.append(&place(&session), prompts(&session, 1).as_bytes());
        watched.wait_for_messages(number + 1);
    }
    assert_eq!(watched.database.number("SELECT count(*) FROM sessions"), 20);
}

#[test]
fn thousands_of_new_files_at_once() {
    let count = size::of(1_000, 5_000);
    let watched = Watched::new();
    for number in 0..count {
        let session = format!("s{number}");
        let path = format!("projects/-code-p{}/{session}.jsonl", number % 50);
        watched.home.write(&path, prompts(&session, 1).as_bytes());
    }
    watched.wait_for_messages(count);
    watched.expect_up_to_date();
}

#[test]
fn a_file_renamed_into_its_place_and_one_replaced() {
    let watched = Watched::new();
    watched.home.write("beside", prompts("s1", 3).as_bytes());
    rename(&watched.file("beside"), &watched.file(&place("s1")));
    watched.wait_for_messages(3);
    watched.home.write("beside", prompts("s2", 5).as_bytes());
    rename(&watched.file("beside"), &watched.file(&place("s1")));
    watched.expect_up_to_date();
}

#[test]
fn a_file_removed_and_written_again() {
    let watched = Watched::new();
    watched.home.write(&place("s1"), prompts("s1", 3).as_bytes());
    watched.wait_for_messages(3);
    fs::remove_file(watched.file(&place("s1"))).unwrap();
    wait_until("the file is missing", || watched.database.han.stats().unwrap().files_missing == 1);
    for count in [1, 4, 2] {
        watched.home.write(&place("s1"), prompts("other", count).as_bytes());
        fs::remove_file(watched.file(&place("s1"))).unwrap();
        watched.home.write(&place("s1"), prompts("another", count).as_bytes());
    }
    watched.expect_up_to_date();
}

#[test]
fn folders_moved_out_and_in() {
    let watched = Watched::new();
    let agent = "projects/-code-shop/s1/subagents/agent-a1.jsonl";
    watched.home.write(&place("s1"), prompts("s1", 3).as_bytes());
    watched.home.write(agent, prompts("s1", 2).as_bytes());
    watched.wait_for_messages(5);
    let (project, away) = (watched.file("projects/-code-shop"), watched.file("away"));
    for _ in 0..3 {
        rename(&project, &away);
        wait_until("the files are missing", || watched.database.han.stats().unwrap().files_missing == 2);
        rename(&away, &project);
        wait_until("the files are back", || watched.database.han.stats().unwrap().files_missing == 0);
    }
    rename(&project, &watched.file("projects/-code-store"));
    watched.home.append("projects/-code-store/s1.jsonl", prompts("s2", 1).as_bytes());
    watched.home.append("projects/-code-store/s1/subagents/agent-a1.jsonl", prompts("s3", 1).as_bytes());
    watched.wait_for_messages(7);
    watched.expect_up_to_date();
    // The whole folder of projects.
    rename(&watched.file("projects"), &away);
    wait_until("everything is missing", || watched.database.han.stats().unwrap().files_missing == 2);
    rename(&away, &watched.file("projects"));
    watched.home.append("projects/-code-store/s1.jsonl", prompts("s4", 1).as_bytes());
    watched.wait_for_messages(8);
    watched.expect_up_to_date();
}

#[test]
fn agents_of_every_layout_and_what_is_said_beside_them() {
    let watched = Watched::new();
    let session = "projects/-code-shop/s1";
    watched.home.write(&place("s1"), prompts("s1", 1).as_bytes());
    watched.wait_for_messages(1);
    watched.home.write(&format!("{session}/subagents/agent-a1.jsonl"), prompts("s1", 2).as_bytes());
    let run = format!("{session}/subagents/workflows/wf_1/agent-a2.jsonl");
    watched.home.write(&run, prompts("s1", 3).as_bytes());
    watched.home.write("projects/-code-shop/agent-a3.jsonl", prompts("s1", 4).as_bytes());
    watched.home.write(&format!("{session}/tool-results/out1.txt"), b"spilled");
    watched.wait_for_messages(10);
    watched.home.write(&format!("{session}/subagents/agent-a1.meta.json"), br#"{"agentType":"Plan"}"#);
    watched.home.write(&format!("{session}/workflows/wf_1.json"), br#"{"name":"Review"}"#);
    wait_until("it is known what they are", || {
        let labelled = "SELECT count(*) FROM files WHERE agent_type = 'Plan' OR workflow = 'wf_1 Review'";
        watched.database.number(labelled) == 2
    });
    watched.expect_up_to_date();
}

#[test]
fn another_process_that_truncates() {
    let watched = Watched::new();
    for keep in [0, 100, 600] {
        watched.home.write(&place("s1"), prompts("s1", 20).as_bytes());
        watched.expect_up_to_date();
        let status =
            Command::new("truncate").args(["-s", &keep.to_string()]).arg(watched.file(&place("s1"))).status().unwrap();
        assert!(status.success());
        watched.home.append(&place("s1"), b"\n");
        watched.home.append(&place("s1"), prompts("again", 2).as_bytes());
        watched.expect_up_to_date();
    }
}

#[test]
fn a_file_that_never_stops_growing_starves_nobody() {
    let watched = Watched::new();
    watched.home.write(&place("busy"), b"");
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let line = r#"{"type":"user","message":{"role":"user","content":"busy"}}"#;
            let text = format!("{line}\n").repeat(200);
            let mut file = fs::OpenOptions::new().append(true).open(watched.file(&place("busy"))).unwrap();
            while !is_over.load(Ordering::Relaxed) {
                file.write_all(text.as_bytes()).unwrap();
                // It never stops, but the disk is finite.
                let length = file.metadata().unwrap().len();
                if length > 2 << 20 {
                    file.set_len(0).unwrap();
                }
            }
        });
        let calm = |count| {
            watched.database.number(&format!(
                "SELECT count(*) = {count} FROM messages m JOIN generations g ON g.id = m.generation_id
                 JOIN files f ON f.id = g.file_id WHERE f.path LIKE '%calm%'"
            )) == 1
        };
        for number in 0..5 {
            watched.home.append(&place("calm"), prompts(&format!("c{number}"), 1).as_bytes());
            wait_until("the calm file has its turn", || calm(number + 1));
        }
        // While it still grows.
        watched.database.han.watcher().stop();
        is_over.store(true, Ordering::Relaxed);
    });
    watched.home.write(&place("busy"), prompts("busy", 3).as_bytes());
    watched.database.han.watcher().start().unwrap();
    watched.expect_up_to_date();
}

#[test]
fn a_tail_is_taken_when_it_has_come_to_rest() {
    let home = crate::support::home::Home::new();
    let often = han_native::WatchOptions { scan_interval: Duration::from_millis(100), ..Default::default() };
    let watched = Watched::over(home, often);
    let text = prompts("s1", 2);
    watched.home.write(&place("s1"), text.trim_end().as_bytes());
    watched.wait_for_messages(2);
    watched.expect_up_to_date();
    watched.home.append(&place("s1"), b"\n");
    watched.home.append(&place("s1"), prompts("s2", 1).as_bytes());
    watched.wait_for_messages(3);
    watched.expect_up_to_date();
}

//! Vectors: how they are stored, what they find, and what becomes of them when messages change or are removed.
#![allow(clippy::unwrap_used)]

mod config_dirs;
mod embedders;
mod facts;
mod hosts;
mod hybrid;
mod life;
mod moves;
mod nearest;
mod pending;
mod refusals;

use han_native::Han;
use han_native::model::{
    IndexVectorsReport, MessageQuery, Page, PendingQuery, SearchHit, VectorItem, VectorPlace, VectorQuery,
};

use crate::support::home::place as file;
use crate::support::lines::{line, user, with};

/// Prompts, one per line and second. The same text at the same place has the same uuid in every session.
fn prompts(session: &str, texts: &[&str]) -> String {
    let line = |(second, text): (usize, &&str)| {
        let uuid = format!("00000000-0000-4000-8000-{:012x}", text.len() * 1_000 + second);
        line(session, second, with(user(*text), &[("/uuid", uuid.into())]))
    };
    texts.iter().enumerate().map(line).collect()
}

/// The ids of a session's messages, in the order of its file.
fn ids(han: &Han, session: &str) -> Vec<String> {
    let query = MessageQuery { session_id: session.into(), first: Some(1_000), ..MessageQuery::default() };
    han.messages().list(&query).unwrap().items.into_iter().map(|message| message.id.to_string()).collect()
}

fn place(message_id: &str) -> VectorPlace {
    VectorPlace { message_id: message_id.into(), ..VectorPlace::default() }
}

/// Stores one vector for each message.
fn index(han: &Han, model: &str, vectors: &[(&str, &[f32])]) -> IndexVectorsReport {
    let items: Vec<VectorItem<'_>> =
        vectors.iter().map(|(id, vector)| VectorItem { place: place(id), vector }).collect();
    han.vectors().index(model, &items).unwrap()
}

fn near(vector: &[f32]) -> VectorQuery {
    VectorQuery { vector: vector.to_vec(), first: Some(1_000), ..VectorQuery::default() }
}

fn hit_ids(page: &Page<SearchHit>) -> Vec<String> {
    page.items.iter().map(|hit| hit.message.id.to_string()).collect()
}

/// The messages near a vector, the nearest first.
fn found(han: &Han, model: &str, vector: &[f32]) -> Vec<String> {
    hit_ids(&han.vectors().search(&VectorQuery { model: Some(model.into()), ..near(vector) }).unwrap())
}

/// The messages that want a vector of a model.
fn pending(han: &Han, model: &str) -> Vec<String> {
    let query = PendingQuery { model: model.into(), first: Some(1_000), after: None };
    han.vectors().pending(&query).unwrap().items.into_iter().map(|message| message.message_id).collect()
}

/// The code of a failure, and its text.
fn failure<T: std::fmt::Debug>(result: han_native::Result<T>) -> (&'static str, String) {
    let error = result.expect_err("this has to fail");
    (error.code().as_str(), error.to_string())
}
